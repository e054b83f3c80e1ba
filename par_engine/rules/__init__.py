"""The closed vocabulary of scoring rules, one file each: parameters, definition, words, block arithmetic."""
