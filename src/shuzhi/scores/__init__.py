"""Stage 4: figures become points."""
