"""Facts and outbox without a log: plain rows to compare with."""

# What asks the server of `unlogged` for them.
HEADER = "X-Without-Log: 1\r\n"

# The rows and indexes of facts and outbox without what the log asks for: no hash, no seal, no trigger that stands
# facts in line.
ROW = f"INSERT INTO bench_factrow VALUES ({', '.join(['%s'] * 7)})"
TABLES = (
    """CREATE TABLE bench_factrow (id char(32) NOT NULL PRIMARY KEY, kind varchar(60) NOT NULL,
    subject_kind varchar(40) NOT NULL, subject_id char(32) NOT NULL, city_id char(32), at datetime NOT NULL,
    body text NOT NULL CHECK (json_valid(body)))""",
    "CREATE INDEX bench_city ON bench_factrow (city_id, id)",
    "CREATE INDEX bench_kind ON bench_factrow (kind, id)",
    "CREATE INDEX bench_subject ON bench_factrow (subject_id, id)",
    """CREATE TABLE bench_outbox (fact_id char(32) NOT NULL PRIMARY KEY REFERENCES bench_factrow (id) DEFERRABLE
    INITIALLY DEFERRED, due_at datetime NOT NULL, attempts smallint NOT NULL, error text NOT NULL)""",
)
