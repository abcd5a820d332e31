"""What is done once: calls with a key, and the answers they got."""
