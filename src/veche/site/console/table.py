"""The commands of the house itself, and where rooms' commands are found."""

import argparse
import ast
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its words, its help, and the module with `add_arguments(parser)` and `run(options) -> int`."""

    words: tuple[str, ...]
    help: str
    module: str

    def run(self, arguments: Sequence[str]) -> int:
        """Parse the arguments and do it. Wrong usage ends with exit code 2."""
        module = import_module(f"veche.site.console.{self.module}")
        parser = argparse.ArgumentParser(prog=f"veche {' '.join(self.words)}", description=module.__doc__)
        module.add_arguments(parser)
        parser.set_defaults(words=self.words)
        code: int = module.run(parser.parse_args(arguments))
        return code


COMMANDS = (
    Command(("demo",), "Set everything up with demonstration data and serve it with its worker", "demo"),
    Command(("serve",), "Serve the pages and the API", "serve"),
    Command(("worker",), "Deliver facts, send mail, watch deadlines", "worker"),
    Command(("migrate",), "Bring the tables of the database up to date", "migrate"),
    Command(("backup",), "Copy the whole house into an archive while it works", "backup"),
    Command(("restore",), "Put an archive in the place of this house, after proving it", "restore"),
    Command(("city", "load"), "Load a city pack, or load it again after it changed", "city_load"),
    Command(("city", "check"), "Read a city pack and tell every mistake in it; change nothing", "city_load"),
    Command(("person", "forget"), "Erase a person's data everywhere, for good", "person_forget"),
    Command(("boundaries", "load"), "Load borders of a city's territories from GeoJSON", "boundaries_load"),
    Command(("journal", "status"), "Tell how the public log stands, and its witnesses", "journal_status"),
    Command(("witness", "init"), "Become a witness of other logs: make its key", "witness"),
    Command(("witness", "watch"), "Let this witness watch a log", "witness"),
    Command(("witness", "serve"), "Cosign checkpoints of the watched logs", "witness"),
    Command(("witness", "status"), "Tell what this witness has cosigned, and evidence it met", "witness"),
    Command(("journal", "verify"), "Check the journal of any deployment from outside", "journal_verify"),
    Command(
        ("translations", "extract"), "Collect the texts of every room into its .po files", "translations"
    ),
    Command(("translations", "check"), "Tell which texts lack a good translation", "translations"),
    Command(
        ("translations", "compile"),
        "Turn .po files into the .mo files that the program reads",
        "translations",
    ),
)


def find(arguments: Sequence[str]) -> tuple[Command, Sequence[str]] | None:
    """The house's own command that the first words name, and what follows them."""
    for command in COMMANDS:
        count = len(command.words)
        if tuple(arguments[:count]) == command.words:
            return command, arguments[count:]
    return None


def rooms_commands() -> dict[str, str]:
    """Commands that rooms bring, with their help, read without starting Django."""
    own = {" ".join(command.words) for command in COMMANDS}
    found: dict[str, str] = {}
    folders = ("site/management/commands", "*/*/management/commands")
    for path in sorted(path for folder in folders for path in HOUSE.glob(f"{folder}/[!_]*.py")):
        name = path.stem.replace("_", " ", 1)
        if name not in own:
            found[name] = _first_line(path)
    return found


def _first_line(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return docstring.partition("\n")[0].rstrip(".")
