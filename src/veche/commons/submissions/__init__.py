"""What a person hands in: words, a point, photographs, a number."""
