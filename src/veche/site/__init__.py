"""The top floor: settings, wiring, and the pages that show several rooms at once."""
