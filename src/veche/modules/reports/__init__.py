"""A citizen's report of a problem, from the pin to the answer."""
