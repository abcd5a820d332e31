"""Set everything up with demonstration data, and serve it with its worker. Doing it twice is harmless."""

import argparse
import os


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to leave out."""
    parser.add_argument(
        "--reports", type=int, default=2000, help="how many demonstration reports (default: 2000)"
    )
    parser.add_argument("--no-serve", action="store_true", help="only set up, do not serve")


def run(options: argparse.Namespace) -> int:
    """Set up, serve, wait, stop."""
    os.environ["VECHE_DEMO"] = "1"
    from veche.site.console.waking import wake

    wake()
    from veche.site import demo

    demo.set_up(reports=options.reports)
    return 0 if options.no_serve else demo.serve()
