"""The same few people and the same small city for every test of the house, wherever it lies."""

pytest_plugins = ["tests.cast"]
