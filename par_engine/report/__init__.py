"""The report room: an assessment as documents that leave the house."""
