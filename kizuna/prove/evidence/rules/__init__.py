"""What the literature claims, and how measured effects are ranked beside it."""
