"""The command line room: `par`."""
