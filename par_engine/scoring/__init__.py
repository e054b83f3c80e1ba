"""Scoring: evidence bound to kernels, points, sums, places; array code held to fractions."""
