"""The rules of the log: pure arithmetic over bytes. No Django, no clock, no files."""
