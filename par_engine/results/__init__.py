"""Results: the assessment as data, its figures, their explanation, and the documents that leave the house."""
