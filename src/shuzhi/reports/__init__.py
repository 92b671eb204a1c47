"""Stage 5: figures become documents that can be checked again."""
