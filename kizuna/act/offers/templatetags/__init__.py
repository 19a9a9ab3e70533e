"""What the offers' templates need beyond the shell."""
