"""`veche`, the one console command. Exit codes: 0 done, 1 refused or failed (one sentence says why), 2 wrong usage."""

import io
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from veche.site.console import failures
from veche.site.console.table import COMMANDS, find, rooms_commands
from veche.site.console.tongue import in_tongue
from veche.site.console.waking import wake
from veche.site.failure import Failure

if TYPE_CHECKING:
    from django.core.management.base import BaseCommand

OLDEST_PYTHON = (3, 11)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; whatever goes wrong becomes one clear sentence, never a traceback."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    _say_what_the_terminal_can()
    if sys.version_info < OLDEST_PYTHON:
        return failures.say("Veche needs Python 3.11 or newer.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "veche.site.settings")
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        sys.stdout.write(_help())
        return 0
    if arguments[0] in {"-V", "--version"}:
        from veche.site.version import VERSION

        sys.stdout.write(f"veche {VERSION}\n")
        return 0
    return failures.guarded(lambda: _run(arguments))


def _say_what_the_terminal_can() -> None:
    """A terminal without our letters shows other signs for them; nothing fails because of that."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _run(arguments: list[str]) -> int:
    own = find(arguments)
    if own is not None:
        command, rest = own
        return command.run(rest)
    if arguments[0] == "django":
        return _django(arguments[1:])
    if arguments[1:] in ([], ["-h"], ["--help"]) and (group := _group(arguments[0])):
        (sys.stdout if arguments[1:] else sys.stderr).write(group)
        return 0 if arguments[1:] else 2
    return _room_command(arguments)


def _django(arguments: list[str]) -> int:
    from django.core.management import ManagementUtility

    utility = ManagementUtility(["veche django", *arguments])
    utility.prog_name = "veche django"
    return _exit_code(utility.execute)


def _room_command(arguments: list[str]) -> int:
    """`veche reports import FILE` is the Django command `reports_import` of the room that brings it."""
    import django
    from django.core.management import get_commands, load_command_class

    django.setup()
    known = get_commands()
    for words in (2, 1):
        name = "_".join(arguments[:words]).replace("-", "_")
        app = known.get(name)
        if len(arguments) >= words and isinstance(app, str) and app.startswith("veche."):
            command = load_command_class(app, name)
            return _exit_code(partial(_speak, command, arguments, words))
    return _unknown(" ".join(arguments[:2]))


def _unknown(typed: str) -> int:
    from veche.site.console.spelling import meant

    close = meant(typed, _listed()) or meant(typed.partition(" ")[0], _listed())
    hint = f" Did you mean `veche {close}`?" if close else ""
    sys.stderr.write(f"veche: there is no command “{typed}”.{hint} `veche --help` lists them.\n")
    return 2


def _speak(command: "BaseCommand", arguments: list[str], words: int) -> None:
    """Run a room's command as one of ours: our help, our exit codes, our sentences."""
    from django.core.management.base import CommandError, DjangoHelpFormatter

    # What every command of Django takes besides its own would only hide what this one takes.
    command.suppressed_base_arguments = {
        option for option in DjangoHelpFormatter.show_last if option.startswith("--")
    }
    parser = command.create_parser("veche", " ".join(arguments[:words]))
    parser.called_from_command_line = True  # wrong usage ends with 2
    options = vars(parser.parse_args(arguments[words:]))
    wake(tables=True)
    try:
        with in_tongue():
            command.execute(*options.pop("args", ()), **options)
    except CommandError as failed:
        raise Failure(str(failed)) from failed


def _exit_code(run: Callable[[], object]) -> int:
    try:
        run()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def _listed() -> dict[str, str]:
    return {" ".join(one.words): one.help for one in COMMANDS} | rooms_commands()


def _lines(listed: dict[str, str]) -> list[str]:
    width = max(len(name) for name in listed) + 2
    return [f"  {name:<{width}}{listed[name]}" for name in sorted(listed)]


def _group(word: str) -> str:
    """The commands that begin with a word, or nothing."""
    listed = {name: text for name, text in _listed().items() if name.startswith(f"{word} ")}
    if not listed:
        return ""
    return "\n".join([f"usage: veche {word} COMMAND ...", "", *_lines(listed), ""])


def _help() -> str:
    lines = ["usage: veche COMMAND ...", "", "An open civic platform. The commands:", ""]
    lines += _lines(_listed() | {"django": "Run a management command of Django itself"})
    lines += [
        "",
        "`veche COMMAND --help` tells more. Exit codes: 0 done, 1 refused or failed, 2 wrong usage.",
        "",
    ]
    return "\n".join(lines)
