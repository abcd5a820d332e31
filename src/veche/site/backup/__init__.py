"""Copies of the whole house while it works, and the way back from them.

`archive` is the file, `copies` take a database at one moment and put it back, `making` and `restoring` are the two
commands, `proving` holds what is read back against the log's signed checkpoint.
"""
