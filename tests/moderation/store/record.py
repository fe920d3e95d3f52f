"""A record with a row in every table, for tests of what becomes of a member's."""

import json

from moderation.store.holdings import HOLDINGS

GUILD, ME, OTHER = 700, 111_222_333, 444_555_666
SAID = "xylophone marmalade"
"""A phrase that stands wherever words can stand."""

CHECKED = {
    "kind": {"spaces": "stage", "sends": "direct", "errands": "guest"},
    "state": {
        "guests": "confirmed",
        "webhooks": "on",
        "sends": "sent",
        "errands": "sent",
        "final_passes": "waiting",
        "plans": "scheduled",
    },
    "source": {"utterance_versions": "machine"},
    "action": {"cases": "mute"},
    "name": {"journal": "QuestionAsked"},
}
"""Values of columns that take only some, by column and table."""

BODIES = {
    "journal": {"user_id": "whose", "text": SAID},
    "plans": {"topic": "Tea", "cohost_ids": ["whose"]},
    "series": {
        "model": {"host_id": "whose", "body": json.dumps({"topic": "Tea"})},
    },
    "campaigns": {"by": "whose", "made_at": 1.0},
    "nudges": {"lines": [SAID], "params": {}},
    "templates": {"host_id": "whose"},
}


def fill(db, whose):
    """Put one row into every table, ``whose`` wherever it takes a member's id.

    References are switched off: each table is filled for itself, all rows being of
    Space, plan, line and rules 1, in guild ``GUILD``.
    """
    db.execute("PRAGMA foreign_keys=OFF")
    spaces = db.execute("SELECT count(*) FROM spaces").fetchone()[0]
    for table, holding in HOLDINGS.items():
        if table == "utterances_fts":
            continue  # by triggers
        row = {
            name: value(table, holding, name, kind, whose, spaces + 1)
            for _, name, kind, *_ in db.execute(f"PRAGMA table_info({table})")
        }
        marks = ", ".join("?" for _ in row)
        names = ", ".join(f'"{name}"' for name in row)
        db.execute(
            f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 - our own tables
            list(row.values()),
        )
    db.execute("PRAGMA foreign_keys=ON")


def value(table, holding, name, kind, whose, number):
    """Return what goes into one column."""
    if name in holding.people:
        return whose
    if name == "guild_id":
        return GUILD
    if name in ("id", "space_id", "plan_id", "rules_id", "utterance_id", "seq"):
        return number
    if table in CHECKED.get(name, {}):
        return CHECKED[name][table]
    if name == "key":
        return f"{number}/900/{table}/{whose}"
    if (table, name) == ("audit", "subject"):
        return f"member {whose}"
    if (table, name) == ("tracks", "path"):
        return f"spaces/{number}/tracks/{whose}.opus"
    if (name, kind) == ("words", "TEXT"):
        return json.dumps([[SAID, 0.0, 1.0, 0.9]])
    if name in ("body", "evidence", "terms"):
        body = json.dumps(BODIES.get(table, {}))
        return body.replace('"whose"', str(whose))
    if name in holding.words and name not in ("folded", "text_version"):
        return SAID
    if name in ("deleted_at", "ended_at", "redacted_at", "series_id"):
        return None
    if kind == "TEXT":
        return f"{name} {number}"
    return 1


def cells(db, value):
    """Return (table, cell) of every cell that is ``value`` or holds it as text."""
    return [
        (table, cell)
        for table in HOLDINGS
        if table != "utterances_fts"
        for row in db.execute(f"SELECT * FROM {table}")  # noqa: S608 - our own tables
        for cell in row
        if cell == value or (isinstance(cell, str) and str(value) in cell)
    ]
