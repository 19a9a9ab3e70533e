"""The pages on which staff read whether a practice works."""
