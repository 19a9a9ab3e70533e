"""The composed pages: each asks several rooms and shows one picture."""
