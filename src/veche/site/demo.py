"""The demonstration: a city with two years of invented reports, its worker and its server, in one command."""

import contextlib
import ctypes
import hashlib
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from veche.commons.accounts import queries as accounts
from veche.commons.places import queries as places
from veche.kernel.pack import Pack, read_pack
from veche.site import packs, server, translations
from veche.site.failure import Failure

_START_S = 60.0
_STOP_S = 20.0
_PR_SET_PDEATHSIG = 1
_ROLES = {
    "": "citizen / житель",
    "officer": "officer / сотрудник ведомства",
    "dispatcher": "dispatcher / диспетчер",
    "moderator": "moderator / модератор",
    "administrator": "administrator / администратор города",
}
screen = Console(highlight=False)


def set_up(*, reports: int) -> None:
    """Tables, city, invented people and reports, static files: each only where it is not there already."""
    server.check()
    translations.compile_all(translations.rooms())
    with screen.status("Preparing the database … / Готовим базу данных …"):
        server.migrate(quiet=True)
    pack = read_pack(packs.demonstration())
    _load_city(pack)
    _fill(pack, reports)
    with screen.status("Preparing the pages … / Готовим страницы …"):
        server.collect_static()


def serve() -> int:
    """Start the worker and the server, tell the addresses, wait, and stop both."""
    worker = _start([sys.executable, "-m", "veche.site", "worker"])
    web = _start(server.command(), server.environment())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _as_interrupt)
    try:
        _wait_for_first_page(web)
        _tell(read_pack(packs.demonstration()).city.code)
        while web.poll() is None and worker.poll() is None:
            time.sleep(0.5)
    except KeyboardInterrupt:
        screen.print("\nStopping … / Останавливаемся …")
        return 0
    finally:
        _stop(web, worker)
    raise Failure("the server or its worker ended unexpectedly; its last lines above say why.")


def _load_city(pack: Pack) -> None:
    """Load the pack when the city is new or the pack has changed since."""
    stamp_file = settings.DATA_DIR / f"{pack.city.code}.stamp"
    stamp = _stamp(packs.demonstration())
    if places.city_by_code(pack.city.code) and stamp_file.is_file() and stamp_file.read_text() == stamp:
        return
    with screen.status("Loading the city … / Загружаем город …"):
        packs.load_pack(pack, now=timezone.now(), demo=True)
    stamp_file.write_text(stamp)


def _fill(pack: Pack, reports: int) -> None:
    """Let people and reports be invented; what is there already is left as it is."""
    from veche.site.demonstration.loading import fill

    city = places.city_by_code(pack.city.code)
    assert city is not None
    with Progress(console=screen, transient=True, disable=not screen.is_terminal) as progress:
        bar = progress.add_task("Inventing reports … / Сочиняем сообщения …", total=reports)
        fill(
            pack,
            city,
            count=reports,
            now=timezone.now(),
            progress=lambda done: progress.advance(bar, done),
        )


def _stamp(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return digest.hexdigest()


def _start(command: list[str], environment: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches only this process, which then stops both in order.
    return subprocess.Popen(command, env=environment, start_new_session=True, preexec_fn=_go_with_parent)  # noqa: PLW1509 - no threads run yet


def _go_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _wait_for_first_page(web: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until:
        if web.poll() is not None:
            raise Failure("the server could not start; its last lines above say why.")
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{_local()}/healthz", timeout=2):  # noqa: S310 - our own address
            return
        time.sleep(0.1)
    raise Failure(f"the server did not answer within {_START_S:.0f} seconds.")


def _local() -> str:
    config = settings.CONFIG
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(config.host, config.host)  # noqa: S104 - asked, not bound
    return f"http://{host}:{config.port}"


def _tell(code: str) -> None:
    address = settings.CONFIG.origin
    _say(f"\n[bold]Veche: {address}/{code}/[/bold]\n")
    if not (invented := accounts.demo_accounts()):
        _say("The pack has no demo.toml: nothing is invented. / В пакете нет demo.toml: ничего не сочинено.")
        _say("\nCtrl-C stops. / Ctrl-C — остановить.\n")
        return
    _say("Demonstration accounts; sign in with one click / Учётные записи для показа, вход в один клик:")
    _say(f"{address}/accounts/demo/\n")
    for account in invented:
        _say(f"  {_ROLES.get(account.role, account.role):<42} {account.name}")
    _say(
        "\nAll people and reports are invented. Ctrl-C stops. / Все люди и сообщения вымышлены. Ctrl-C — остановить.\n"
    )


def _say(text: str) -> None:
    screen.print(text, soft_wrap=True)


def _stop(*processes: subprocess.Popen[bytes]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + _STOP_S
    for process in processes:
        try:
            process.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _as_interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - what a signal handler is given
    raise KeyboardInterrupt
