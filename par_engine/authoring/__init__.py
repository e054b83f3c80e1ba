"""The authoring room: what a methodologist does with whole methodologies."""
