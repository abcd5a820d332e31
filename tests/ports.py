"""A port for a server that a test starts."""

import random
import socket

_ANY = random.SystemRandom()
# Below what the kernel gives to those who connect, so that none of the suite's many connections sits on it by the time
# the server begins; picked at random, so that two processes of the suite do not meet.
_FIRST, _LAST = 20000, 32000


def free_port() -> int:
    """A port of this machine where nobody listens."""
    while True:
        port = _ANY.randint(_FIRST, _LAST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
