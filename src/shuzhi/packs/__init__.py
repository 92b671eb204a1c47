"""Load a pack, and refuse one that does not hold together."""
