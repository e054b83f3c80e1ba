"""Comparison: reports, methodologies and years side by side, and every reason why figures do not compare."""
