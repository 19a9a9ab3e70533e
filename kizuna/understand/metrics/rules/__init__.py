"""What each metric means, once: a value per unit, and how it may be grouped, cut and compared."""
