"""The agencies of a unit: what each hands in, what that makes together, and how each of them stands."""
