"""``kizuna demo``: an invented company with planted, documented truths (docs/demo.md)."""
