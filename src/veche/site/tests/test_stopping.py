"""Who is asked to stop stops, whichever of its threads was told."""

import subprocess
import sys

import pytest

_WAITING = """
import signal, threading, time
from veche.site.stopping import hear_signals

asked = threading.Event()
signal.signal(signal.{name}, lambda *_: asked.set())
if {hears}:
    hear_signals()
other = threading.Thread(target=time.sleep, args=(60,), daemon=True)
other.start()
threading.Timer(0.2, signal.pthread_kill, (other.ident, signal.{name})).start()
asked.wait()
"""


def _ends(name: str, *, hears: bool) -> bool:
    try:
        subprocess.run(
            [sys.executable, "-c", _WAITING.format(name=name, hears=hears)],
            check=True,
            timeout=30 if hears else 3,
        )
    except subprocess.TimeoutExpired:
        return False
    return True


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_given_to_another_thread_wakes_the_one_that_waits(name: str) -> None:
    assert _ends(name, hears=True)


def test_without_that_it_waits_for_ever() -> None:
    assert not _ends("SIGTERM", hears=False), "Python wakes the main thread itself now: stopping.py can go"
