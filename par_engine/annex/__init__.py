"""The annex room: a scheme as the table of a decision, read into a methodology and written from one."""
