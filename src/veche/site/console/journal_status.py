"""Tell how the public log stands: its key and size, what the public sees, what waits, who has cosigned."""

import argparse
import json
import sys
from typing import Any


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How to tell it."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace) -> int:
    """Tell it; exit code 1 when the log stands still or a witness has seen another one."""
    from veche.site.console.waking import wake

    wake(tables=True)
    found = _found()
    if options.json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("\n".join(_lines(found)) + "\n")
    return int(bool(found["trouble"] or found["refused_by"]))


def _found() -> dict[str, Any]:
    from django.utils import timezone

    from veche.commons.journal import queries, services
    from veche.commons.journal.ports import EQUIPMENT
    from veche.commons.journal.rules import notes

    state, shown, key = queries.sequencer_state(), queries.published(), services.verifier()
    now, policy = timezone.now(), EQUIPMENT.witnesses()
    signed = {str(one) for one in notes.cosigners(shown[1], services.witness_keys())} if shown else set()
    return {
        "origin": key.name,
        "key": str(key),
        "fingerprint": key.fingerprint,
        "size": state.size,
        "published_size": shown[0].size if shown else 0,
        "waiting": state.waiting,
        "lag_s": round((now - state.oldest_at).total_seconds(), 1) if state.oldest_at else 0.0,
        "trouble": state.trouble,
        "refused_by": list(state.refused_by),
        "witnesses_needed": policy.needed,
        "witnesses": [
            {
                "name": one.name,
                "url": one.url,
                "cosigned": one.key in signed,
                "size": stands.size,
                "signed_at": stands.signed_at.isoformat() if stands.signed_at else None,
                "trouble": stands.trouble,
            }
            for one, stands in queries.witnesses()
        ],
    }


def _lines(found: dict[str, Any]) -> list[str]:
    lines = [
        f"log:         {found['key']}",
        f"fingerprint: {found['fingerprint']}",
        f"size:        {found['size']}, published {found['published_size']}",
        f"waiting:     {found['waiting']} facts, for {found['lag_s']} s",
        f"trouble:     {found['trouble'] or 'none'}",
    ]
    if found["witnesses"]:
        have = sum(one["cosigned"] for one in found["witnesses"])
        lines.append(
            f"cosigned:    by {have} of {len(found['witnesses'])}, needed {found['witnesses_needed']}"
        )
    for one in found["witnesses"]:
        when = f"size {one['size']} at {one['signed_at']}" if one["signed_at"] else "never"
        lines.append(
            f"  {one['name']} ({one['url']}): {when}{', ' + one['trouble'] if one['trouble'] else ''}"
        )
    return lines
