"""A load of our own: keep-alive connections over plain sockets, and CPU seconds read from /proc."""

import os
import socket
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_MEASURED = ("rate", "p50_ms", "p99_ms", "cpu_ms")
_APART = 7_919  # a prime: rounds share no turn of any list of requests
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Figures:
    """What one workload measured. Rates are requests a second, times milliseconds, `cpu_ms` per request."""

    name: str
    rate: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    failures: int


def measure(
    name: str,
    port: int,
    request: Callable[[int], bytes],
    *,
    pid: int,
    connections: int = 8,
    seconds: float = 6.0,
    warm: int = 200,
    start: int = 0,
) -> Figures:
    """Send `request(n)` over several connections for some seconds; the server's CPU is read before and after.

    `n` begins far behind that of the round before, `start` says which round it is.
    """
    if warm:
        _drive(port, request, connections=1, until=time.monotonic() + 60, most=warm)
    before, started = cpu_seconds(pid), time.monotonic()
    begin = start * _APART
    times, failures = _drive(
        port,
        lambda n: request(begin + n),
        connections=connections,
        until=started + seconds,
        most=10**9,
    )
    took, spent = time.monotonic() - started, cpu_seconds(pid) - before
    cuts = statistics.quantiles(times, n=100) if len(times) > 1 else [times[0]] * 99
    return Figures(
        name, len(times) / took, cuts[49] * 1000, cuts[98] * 1000, spent / len(times) * 1000, failures
    )


def middle(rounds: Sequence[Figures]) -> Figures:
    """The median of every figure over some rounds; failures are added up."""
    return Figures(
        rounds[0].name,
        *(statistics.median(getattr(one, name) for one in rounds) for name in _MEASURED),
        sum(one.failures for one in rounds),
    )


def cpu_seconds(pid: int) -> float:
    """User and system seconds of a process and everything it started."""
    return sum(_cpu(one) for one in family(pid))


def memory_mb(pid: int) -> float:
    """The resident memory of one process, in megabytes."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


def family(pid: int) -> list[int]:
    """A process and all its descendants."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            waiting += [int(child) for child in task.read_text().split()]
    return found


def wait_for(port: int, seconds: float = 60.0) -> None:
    """Wait until something listens on the port."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"nothing listens on port {port}")


@contextmanager
def serving(command: Sequence[str], port: int, environment: Mapping[str, str]) -> Iterator[int]:
    """A server in a process of its own, from its first open port to its end; answers its process id."""
    process = subprocess.Popen(command, env=environment)
    try:
        wait_for(port)
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def get(path: str, *, headers: str = "") -> bytes:
    """A plain GET."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n".encode()


def post(path: str, body: bytes, *, headers: str = "") -> bytes:
    """A JSON POST."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n{headers}\r\n"
    )
    return head.encode() + body


def _cpu(pid: int) -> float:
    try:
        parts = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except FileNotFoundError:
        return 0.0
    return (int(parts[11]) + int(parts[12])) / TICKS


def _drive(
    port: int, request: Callable[[int], bytes], *, connections: int, until: float, most: int
) -> tuple[list[float], int]:
    times: list[list[float]] = [[] for _ in range(connections)]
    failures = [0] * connections

    def one(index: int) -> None:
        with socket.create_connection(("127.0.0.1", port)) as wire:
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            turn = index
            while time.monotonic() < until and len(times[index]) < most:
                began = time.perf_counter()
                wire.sendall(request(turn))
                failures[index] += not _answer(wire).startswith((b"HTTP/1.1 2", b"HTTP/1.1 3"))
                times[index].append(time.perf_counter() - began)
                turn += connections

    threads = [threading.Thread(target=one, args=(index,)) for index in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [taken for mine in times for taken in mine], sum(failures)


def _answer(wire: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        part = wire.recv(65536)
        if not part:
            raise ConnectionError("the server closed the connection")
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    lower = head.lower()
    at = lower.find(b"content-length:")
    if at >= 0:
        left = int(lower[at + 15 :].split(b"\r\n", 1)[0]) - len(body)
        while left > 0:
            left -= len(wire.recv(65536))
    elif b"transfer-encoding: chunked" in lower:
        while not body.endswith(b"0\r\n\r\n"):
            body += wire.recv(65536)
    return head
