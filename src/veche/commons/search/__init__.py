"""Finding things by words, with endings understood."""
