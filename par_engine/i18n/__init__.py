"""Texts by language: one catalogue a language, and how it writes numbers and days."""
