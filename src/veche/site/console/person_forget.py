"""Erase what is a person's own, everywhere and for good, and destroy their key. It cannot be undone."""

import argparse
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whom, why, and that it is meant."""
    parser.add_argument("email", metavar="E-MAIL", help="the address of the account")
    parser.add_argument(
        "--reason",
        choices=("person", "court", "retention"),
        default="person",
        help="the person asked for it, a court ordered it, or the term for keeping ran out (default: person)",
    )
    parser.add_argument("--yes", action="store_true", help="do not ask again")


def run(options: argparse.Namespace) -> int:
    """Ask once, then forget."""
    from veche.site.console.waking import wake

    wake(tables=True)
    from django.utils import timezone

    from veche.commons.accounts import queries as accounts
    from veche.commons.search import services as search
    from veche.kernel.refusals import Refused
    from veche.site.failure import Failure
    from veche.site.forgetting import forget_person
    from veche.site.wiring import sentence

    person = accounts.person_by_email(options.email)
    if person is None:
        raise Failure("there is no account with this address.")
    if not options.yes and not _meant():
        sys.stdout.write("Nothing was erased.\n")
        return 1
    try:
        forget_person(person.id, reason=options.reason, role="system", now=timezone.now())
    except Refused as refused:
        raise Failure(sentence(refused.refusals[0])) from refused
    search.rebuild(timezone.now())
    sys.stdout.write("Erased. What was sealed can never be opened again; the proofs stay.\n")
    return 0


def _meant() -> bool:
    if not sys.stdin.isatty():
        return False
    sys.stdout.write("This erases the person's words, photographs and address for good. Type yes: ")
    sys.stdout.flush()
    return sys.stdin.readline().strip() == "yes"
