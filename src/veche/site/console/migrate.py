"""Bring the tables of the database up to date. Doing it twice does nothing."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How much to say."""
    parser.add_argument("--quiet", action="store_true", help="say nothing")


def run(options: argparse.Namespace) -> int:
    """Migrate."""
    from veche.site.console.waking import wake

    wake()
    from veche.site import server

    server.migrate(quiet=options.quiet)
    return 0
