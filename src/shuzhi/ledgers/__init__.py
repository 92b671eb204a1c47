"""Stage 1: what was sent, as typed tables with problems; sealed into editions."""
