"""Pure decisions of practices: what a flow is, whether it works, and where a customer goes next."""
