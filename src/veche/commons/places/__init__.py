"""Cities and the tree of their places: which territory a point lies in."""
