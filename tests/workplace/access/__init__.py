"""The access matrix: who is answered what at every address."""
