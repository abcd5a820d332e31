"""What makes a table of the database append-only: triggers, in the words of each database."""

from collections.abc import Sequence

SQLITE, POSTGRESQL = "sqlite", "postgresql"
FUNCTION = "veche_append_only"


def function() -> str:
    """The function of PostgreSQL that refuses. Refuses: never."""
    return (
        f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege'; END $$"
    )


def guards(
    vendor: str, table: str, *, kept: Sequence[str] = (), cleared: Sequence[tuple[str, str]] = ()
) -> list[str]:
    """The statements after which nothing in a table can be changed or removed.

    Without `cleared` no change at all is taken. `cleared` are columns, each with the constant (in SQL) to which it may
    be set, to erase what is a person's; then `kept` must name all other columns.
    Refuses: never.
    """
    changes = _changed(vendor, kept, cleared) if cleared else ""
    if vendor == SQLITE:
        when = f" WHEN {changes}" if changes else ""
        return [
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table}{condition}"
            f" BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"
            for verb, condition in (("update", when), ("delete", ""))
        ]
    when = f" WHEN ({changes})" if changes else ""
    call = f"EXECUTE FUNCTION {FUNCTION}()"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW{when} {call}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {call}",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}",
    ]


def unguards(vendor: str, table: str) -> list[str]:
    """The statements that take the guards away; for going back over a migration. Refuses: never."""
    if vendor == SQLITE:
        return [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for verb in ("update", "delete")]
    return [
        f"DROP TRIGGER IF EXISTS {table}_no_{verb} ON {table}" for verb in ("update", "delete", "truncate")
    ]


def queueing(vendor: str) -> list[str]:
    """The statements after which every new fact also stands in the line before the log. Refuses: never."""
    if vendor == SQLITE:
        return [
            (
                "CREATE TRIGGER journal_factrow_queue AFTER INSERT ON journal_factrow"
                " BEGIN INSERT INTO journal_unsequenced (fact_id) VALUES (NEW.id); END"
            )
        ]
    return [
        (
            "CREATE OR REPLACE FUNCTION veche_queue_facts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " INSERT INTO journal_unsequenced (fact_id) SELECT id FROM fresh ORDER BY id; RETURN NULL; END $$"
        ),
        (
            "CREATE TRIGGER journal_factrow_queue AFTER INSERT ON journal_factrow REFERENCING NEW TABLE AS fresh"
            " FOR EACH STATEMENT EXECUTE FUNCTION veche_queue_facts()"
        ),
    ]


def unqueueing(vendor: str) -> list[str]:
    """The statements that undo `queueing`. Refuses: never."""
    if vendor == SQLITE:
        return ["DROP TRIGGER IF EXISTS journal_factrow_queue"]
    return [
        "DROP TRIGGER IF EXISTS journal_factrow_queue ON journal_factrow",
        "DROP FUNCTION IF EXISTS veche_queue_facts()",
    ]


def _changed(vendor: str, kept: Sequence[str], cleared: Sequence[tuple[str, str]]) -> str:
    """The condition under which an update is more than an erasure."""
    differs = "IS NOT" if vendor == SQLITE else "IS DISTINCT FROM"
    parts = [f"NEW.{name} {differs} OLD.{name}" for name in kept]
    parts += [
        f"(NEW.{name} {differs} OLD.{name} AND NEW.{name} {differs} {value})" for name, value in cleared
    ]
    return " OR ".join(parts)
