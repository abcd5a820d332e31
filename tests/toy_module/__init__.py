"""A whole module in one folder: residents hang lanterns where a street is dark. It proves the law of the house."""
