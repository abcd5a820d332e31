"""Serve the pages and the API with granian, as WSGI. Stops gracefully on SIGTERM and SIGINT."""

import argparse
import os
from typing import NoReturn


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing on the command line: settings come from the environment (`docs/operations.md`)."""
    parser.add_argument(
        "--access-log", action="store_true", help="write a line for each request, without its query"
    )


def run(options: argparse.Namespace) -> NoReturn:
    """Become the server; there is no way back from here."""
    from veche.site.console.waking import wake

    wake()
    from veche.site import server

    server.check()
    server.collect_static()
    command = server.command(access_log=options.access_log)
    os.execve(command[0], command, server.environment())  # noqa: S606 - the server takes this process over, no shell is wanted
