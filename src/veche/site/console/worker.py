"""Deliver facts to their listeners, send mail, watch deadlines. Stops gracefully on SIGTERM and SIGINT."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing on the command line: settings come from the environment (`docs/operations.md`)."""


def run(options: argparse.Namespace) -> int:  # noqa: ARG001 - every command is given its options
    """Work until told to stop."""
    from veche.site.console.waking import wake

    wake()
    from veche.site import worker

    worker.run()
    return 0
