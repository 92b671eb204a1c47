"""Proofs that anyone can run again: what happens at the worst moment, counted."""
