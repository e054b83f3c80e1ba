"""The audit room: whether published figures can be had again, and how firm the places are."""
