"""A room whose handler, jobs and sweep write down when they begin and end: run by several workers at once."""
