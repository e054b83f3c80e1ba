"""The methodology document: its typed parts, what must hold between them, and the scheme made of it."""
