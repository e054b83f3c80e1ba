"""The advice room: what other facts would change, and the cheapest way to a target."""
