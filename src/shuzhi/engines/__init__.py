"""Stage 3b: where a plan runs."""
