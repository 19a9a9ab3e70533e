"""The pages of the improvements, and what can be done on them."""
