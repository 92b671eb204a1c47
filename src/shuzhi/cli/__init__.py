"""The commands, one file a group. Stages are imported when a command runs, never for --help."""
