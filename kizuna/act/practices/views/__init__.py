"""The pages on which staff choose, watch and change practices."""
