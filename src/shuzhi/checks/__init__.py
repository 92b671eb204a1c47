"""Stage 2: rules over ledgers raise flags."""
