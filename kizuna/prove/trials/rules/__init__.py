"""How sums of customers become an effect, a verdict and a sentence."""
