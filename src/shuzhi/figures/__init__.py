"""Stage 3: definitions become plans, plans become figures and their proofs."""
