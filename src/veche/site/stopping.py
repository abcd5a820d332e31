"""A web process that is asked to stop hears it, whatever its threads do.

Python runs its answer to a signal in the main thread, and the server's main thread only waits. The kernel, though, may
hand the signal to any thread that happens to begin another one just then: Python notes it, nobody wakes the main
thread, and the process goes on taking requests until it is killed with those it has in hand.
"""

import os
import signal
import threading


def hear_signals() -> None:
    """Wake the main thread for a signal that another thread was given; to be called in the main thread.

    Only what asks the process to end is passed on, and each once: what is passed on is heard here again.
    """
    heard, told = os.pipe()
    os.set_blocking(told, False)
    signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    main = threading.get_ident()
    threading.Thread(target=_pass_on, args=(heard, main), name="signals", daemon=True).start()


def _pass_on(heard: int, main: int) -> None:
    left = {signal.SIGTERM, signal.SIGINT}
    while left:
        for number in left.intersection(os.read(heard, 16)):
            left.discard(number)
            signal.pthread_kill(main, number)
