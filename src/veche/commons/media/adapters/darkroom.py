"""Darkrooms: one of separate processes with limits, and its plain twin for tests and consoles."""

import atexit
import json
import os
import signal
import struct
import subprocess
import sys
import threading
import weakref
from pathlib import Path
from typing import Any

from veche.commons.media.terms import LONGEST_SIDE_PX, CameraNotes, Developed, Kind, Limits, Size
from veche.kernel.refusals import Refusal

_PROGRAM = Path(__file__).with_name("decoder.py")
_LENGTH = struct.Struct(">I")
_LARGEST_HEAD = 1 << 16
_LARGEST_FILE = 16 << 20
_SIZES = {size.value: longest for size, longest in LONGEST_SIDE_PX.items()}


class InlineDarkroom:
    """Develops in this very process, without limits of memory and time: for tests only."""

    def develop(self, content: bytes, kind: Kind, limits: Limits) -> Developed | Refusal:
        """Decode one picture here and now.

        Refuses: `media.broken`, `media.too-many-pixels`, `media.too-hard`.
        """
        from veche.commons.media.adapters import decoder

        try:
            reply, files = decoder.develop(content, kind=kind.value, pixels=limits.pixels, sizes=_SIZES)
        except decoder.Unfit as unfit:
            return Refusal(str(unfit))
        return _developed(reply, [files[name] for name in _SIZES])


class ProcessDarkroom:
    """Keeps a few warm decoders, each a process with limits of memory and time.

    A decoder that dies, hangs or has done its share is replaced by the next order; idle ones leave by
    themselves after `idle_s`, so that a node without uploads keeps none.
    """

    def __init__(
        self,
        *,
        seats: int = 2,
        memory_mb: int = 1024,
        processor_s: int = 15,
        wall_s: float = 25.0,
        wait_s: float = 15.0,
        idle_s: float = 60.0,
        orders_each: int = 100,
    ) -> None:
        """Nothing is started before the first order."""
        self._seat_count, self._memory_mb, self._processor_s = seats, memory_mb, processor_s
        self._wall_s, self._wait_s, self._idle_s, self._orders_each = wall_s, wait_s, idle_s, orders_each
        self._idle: list[_Decoder] = []
        self._start_over()
        _DARKROOMS.add(self)

    def develop(self, content: bytes, kind: Kind, limits: Limits) -> Developed | Refusal:
        """Have one picture developed by a decoder.

        Refuses: `media.busy` when no seat came free in time; else what the decoder says or dies of.
        """
        if not self._seats.acquire(timeout=self._wait_s):
            return Refusal("media.busy")
        try:
            answer = self._ask(self._warm(), content, kind, limits)
            if answer is None:  # it had left just before we asked: that says nothing about the picture
                answer = self._ask(self._fresh(), content, kind, limits)
            return answer or Refusal("media.broken")
        finally:
            self._seats.release()

    def close(self) -> None:
        """Send all idle decoders home."""
        with self._lock:
            idle, self._idle = self._idle, []
        for decoder in idle:
            decoder.close()

    def abandon(self) -> None:
        """Forget every decoder without touching it: after a fork they belong to the parent."""
        for decoder in self._idle:
            decoder.abandon()
        self._start_over()

    def _start_over(self) -> None:
        self._lock = threading.Lock()
        self._seats = threading.BoundedSemaphore(self._seat_count)
        self._idle = []

    def _warm(self) -> "_Decoder":
        with self._lock:
            while self._idle:
                decoder = self._idle.pop()
                if decoder.is_alive:
                    return decoder
                decoder.close()
        return self._fresh()

    def _fresh(self) -> "_Decoder":
        return _Decoder(self._memory_mb, self._idle_s)

    def _ask(
        self, decoder: "_Decoder", content: bytes, kind: Kind, limits: Limits
    ) -> Developed | Refusal | None:
        order = {
            "kind": kind.value,
            "octets": len(content),
            "pixels": limits.pixels,
            "sizes": _SIZES,
            "seconds": self._processor_s,
        }
        keep = False
        try:
            answer = decoder.ask(order, content, self._wall_s)
            keep = decoder.is_alive and decoder.orders < self._orders_each
        finally:
            if not keep:
                decoder.close()
        if keep:
            with self._lock:
                self._idle.append(decoder)
        return answer


class _Decoder:
    """One decoder process and the conversation with it."""

    def __init__(self, memory_mb: int, idle_s: float) -> None:
        # Isolated and with a bare environment: it inherits neither secrets nor search paths. A session of its own
        # keeps the terminal's Ctrl-C from tearing a picture in two.
        self._process = subprocess.Popen(
            [sys.executable, "-I", str(_PROGRAM), str(memory_mb), str(idle_s)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            cwd="/",
            env=_bare_environment(),
            start_new_session=True,
        )
        self.orders = 0
        self._out_of_time = False

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, order: dict[str, Any], content: bytes, wall_s: float) -> Developed | Refusal | None:
        """Send an order and wait for its answer.

        None when a process that had worked before is gone: it may have left just before we asked.
        """
        self.orders += 1
        watch = threading.Timer(wall_s, self._stop)
        watch.daemon = True
        watch.start()
        try:
            head = json.dumps(order).encode()
            for part in (_LENGTH.pack(len(head)), head, content):
                self._send(part)
            return self._answer()
        except (OSError, EOFError, ValueError, KeyError, TypeError):
            return self._last_words()
        finally:
            watch.cancel()

    def close(self) -> None:
        """End the process, whatever it is doing, and leave no zombie and no pipe behind."""
        if self.is_alive:
            self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()

    def abandon(self) -> None:
        """Drop this process's copies of the pipes; the parent goes on using its own."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        self._process.returncode = 0  # it is not ours to wait for

    def _stop(self) -> None:
        self._out_of_time = True
        self._process.kill()

    def _send(self, part: bytes) -> None:
        assert self._process.stdin is not None
        view = memoryview(part)
        while view:
            view = view[self._process.stdin.write(view) or 0 :]

    def _answer(self) -> Developed | Refusal:
        reply = json.loads(self._receive(_LENGTH.unpack(self._receive(_LENGTH.size))[0], _LARGEST_HEAD))
        if "refused" in reply:
            return Refusal(str(reply["refused"]))
        return _developed(reply, [self._receive(reply["files"][name], _LARGEST_FILE) for name in _SIZES])

    def _receive(self, octets: int, most: int = _LARGEST_HEAD) -> bytes:
        if not 0 < octets <= most:  # a decoder that was taken over must not take us along
            raise ValueError("the answer of a decoder is too long")
        assert self._process.stdout is not None
        whole = bytearray()
        while len(whole) < octets:
            part = self._process.stdout.read(octets - len(whole))
            if not part:
                raise EOFError
            whole += part
        return bytes(whole)

    def _last_words(self) -> Refusal | None:
        try:
            end = self._process.wait(timeout=2.0)  # its pipes close a moment before it is gone
        except subprocess.TimeoutExpired:
            return Refusal("media.broken")
        if self._out_of_time or end == -signal.SIGXCPU:
            return Refusal("media.took-too-long")
        if self.orders > 1:
            return None
        # A kill that is not ours is the machine running out of memory.
        return Refusal("media.too-hard" if end == -signal.SIGKILL else "media.broken")


def _developed(reply: dict[str, Any], files: list[bytes]) -> Developed:
    notes: dict[str, Any] = {
        name: tuple(float(figure) for figure in value) if isinstance(value, list) else str(value)
        for name, value in reply["notes"].items()
        if name in CameraNotes.__dataclass_fields__
    }
    return Developed(
        files=dict(zip((Size(name) for name in _SIZES), files, strict=True)),
        width=int(reply["width"]),
        height=int(reply["height"]),
        notes=CameraNotes(**notes),
    )


def _bare_environment() -> dict[str, str]:
    # One arena: otherwise glibc reserves 64 MB of address space per thread and the memory limit means little.
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "SYSTEMROOT") if name in os.environ}
    return {"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1", **kept}


_DARKROOMS: "weakref.WeakSet[ProcessDarkroom]" = weakref.WeakSet()


def _after_fork() -> None:
    for darkroom in list(_DARKROOMS):
        darkroom.abandon()


def _at_exit() -> None:
    for darkroom in list(_DARKROOMS):
        darkroom.close()


os.register_at_fork(after_in_child=_after_fork)
atexit.register(_at_exit)
