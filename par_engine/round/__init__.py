"""The room of a round: its plan with dates, and one safe file of what was handed in, appraised and explained."""
