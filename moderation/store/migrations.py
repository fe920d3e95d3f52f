"""The schema of the record, as numbered steps.

Rules: a step that has shipped is never edited; a change is a new step at the end.
Each step runs in one transaction together with the note that it has run.
Times are Unix seconds (REAL), except ``start`` and ``end``, which are seconds of
the Space. JSON lives in columns named ``body``, ``words``, ``evidence``, ``terms``.
Discord ids are INTEGER. Names and words live here and never in a log.
"""

import sqlite3

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

MIGRATIONS = Migrations("tertulia")


def migrate(db: Database) -> None:
    """Bring ``db`` to the newest schema."""
    MIGRATIONS.apply(db)


def _run(db: Database, *statements: str) -> None:
    # executescript() would commit the step's own transaction.
    for statement in statements:
        db.execute(statement)


@MIGRATIONS()
def m001_spaces_and_journal(db: Database) -> None:
    """Keep Spaces, and everything that happened in them."""
    _run(
        db,
        """CREATE TABLE guilds (
            guild_id INTEGER PRIMARY KEY,
            body TEXT NOT NULL DEFAULT '{}'
        )""",
        """CREATE TABLE members (
            guild_id INTEGER NOT NULL,
            user_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            language TEXT,
            time_zone TEXT,
            seen_at REAL NOT NULL,
            PRIMARY KEY (guild_id, user_id)
        )""",
        """CREATE TABLE spaces (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            guild_id INTEGER NOT NULL,
            channel_id INTEGER NOT NULL,
            host_id INTEGER NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('stage', 'voice')),
            topic TEXT NOT NULL,
            language TEXT NOT NULL DEFAULT 'en',
            plan_id INTEGER,
            folder TEXT,
            opened_at REAL NOT NULL,
            ended_at REAL
        )""",
        "CREATE INDEX spaces_by_guild ON spaces (guild_id, opened_at)",
        "CREATE INDEX spaces_live ON spaces (channel_id) WHERE ended_at IS NULL",
        """CREATE TABLE journal (
            space_id INTEGER NOT NULL REFERENCES spaces (id),
            seq INTEGER NOT NULL,
            at REAL NOT NULL,
            name TEXT NOT NULL,
            body TEXT NOT NULL,
            PRIMARY KEY (space_id, seq)
        ) WITHOUT ROWID""",
        "CREATE INDEX journal_by_name ON journal (space_id, name)",
    )


@MIGRATIONS()
def m002_ledgers(db: Database) -> None:
    """Keep who agreed to what, who is muted by us, what was decided about whom."""
    _run(
        db,
        """CREATE TABLE consents (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            guild_id INTEGER NOT NULL,
            space_id INTEGER,
            user_id INTEGER NOT NULL,
            level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 2),
            text_version TEXT NOT NULL,
            source TEXT NOT NULL,
            at REAL NOT NULL
        )""",
        "CREATE INDEX consents_by_user ON consents (guild_id, user_id, id)",
        """CREATE TABLE mutes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            guild_id INTEGER NOT NULL,
            user_id INTEGER NOT NULL,
            space_id INTEGER,
            muted_at REAL NOT NULL,
            released_at REAL
        )""",
        """CREATE UNIQUE INDEX mutes_owed ON mutes (guild_id, user_id)
            WHERE released_at IS NULL""",
        """CREATE TABLE cases (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            guild_id INTEGER NOT NULL,
            space_id INTEGER,
            user_id INTEGER NOT NULL,
            moderator_id INTEGER,
            action TEXT NOT NULL,
            reason TEXT NOT NULL DEFAULT '',
            at REAL NOT NULL,
            expires_at REAL,
            reversed_at REAL,
            reversed_by INTEGER,
            body TEXT NOT NULL DEFAULT '{}'
        )""",
        "CREATE INDEX cases_by_user ON cases (guild_id, user_id)",
        "CREATE INDEX cases_by_space ON cases (space_id)",
        """CREATE TABLE audit (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            guild_id INTEGER NOT NULL,
            space_id INTEGER,
            actor_id INTEGER,
            action TEXT NOT NULL,
            subject TEXT NOT NULL DEFAULT '',
            at REAL NOT NULL,
            body TEXT NOT NULL DEFAULT '{}'
        )""",
        "CREATE INDEX audit_by_guild ON audit (guild_id, id)",
    )


@MIGRATIONS()
def m003_heard(db: Database) -> None:
    """Keep what was heard: talk intervals, recognised words, tracks."""
    _run(
        db,
        """CREATE TABLE spurts (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            space_id INTEGER NOT NULL REFERENCES spaces (id),
            user_id INTEGER NOT NULL,
            start REAL NOT NULL,
            "end" REAL NOT NULL
        )""",
        "CREATE INDEX spurts_by_space ON spurts (space_id, start)",
        """CREATE TABLE utterances (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            space_id INTEGER NOT NULL REFERENCES spaces (id),
            uid TEXT NOT NULL,
            user_id INTEGER NOT NULL,
            start REAL NOT NULL,
            "end" REAL NOT NULL,
            text TEXT NOT NULL,
            language TEXT,
            words TEXT NOT NULL DEFAULT '[]',
            confidence REAL,
            version INTEGER NOT NULL DEFAULT 1,
            edited_by INTEGER,
            edited_at REAL,
            redacted_at REAL,
            UNIQUE (space_id, uid)
        )""",
        "CREATE INDEX utterances_by_time ON utterances (space_id, start)",
        """CREATE TABLE utterance_versions (
            utterance_id INTEGER NOT NULL REFERENCES utterances (id),
            version INTEGER NOT NULL,
            text TEXT NOT NULL,
            source TEXT NOT NULL CHECK (source IN ('machine', 'human')),
            by INTEGER,
            at REAL NOT NULL,
            PRIMARY KEY (utterance_id, version)
        ) WITHOUT ROWID""",
        # n = ñ is the price of accent-folding; search.py filters spelling after.
        """CREATE VIRTUAL TABLE utterances_fts USING fts5 (
            text, content='utterances', content_rowid='id',
            tokenize='unicode61 remove_diacritics 2'
        )""",
        """CREATE TRIGGER utterances_ai AFTER INSERT ON utterances BEGIN
            INSERT INTO utterances_fts (rowid, text) VALUES (new.id, new.text);
        END""",
        """CREATE TRIGGER utterances_ad AFTER DELETE ON utterances BEGIN
            INSERT INTO utterances_fts (utterances_fts, rowid, text)
            VALUES ('delete', old.id, old.text);
        END""",
        """CREATE TRIGGER utterances_au AFTER UPDATE OF text ON utterances BEGIN
            INSERT INTO utterances_fts (utterances_fts, rowid, text)
            VALUES ('delete', old.id, old.text);
            INSERT INTO utterances_fts (rowid, text) VALUES (new.id, new.text);
        END""",
        """CREATE TABLE tracks (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            space_id INTEGER NOT NULL REFERENCES spaces (id),
            user_id INTEGER,
            kind TEXT NOT NULL DEFAULT 'track',
            path TEXT NOT NULL,
            start REAL NOT NULL,
            "end" REAL,
            size_bytes INTEGER,
            state TEXT NOT NULL DEFAULT 'open',
            expires_at REAL,
            deleted_at REAL,
            sha256 TEXT
        )""",
        "CREATE INDEX tracks_by_space ON tracks (space_id)",
    )


@MIGRATIONS()
def m004_guidance(db: Database) -> None:
    """Keep nudges with their answers, and what drift learned in each guild."""
    _run(
        db,
        """CREATE TABLE nudges (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            space_id INTEGER NOT NULL REFERENCES spaces (id),
            rule TEXT NOT NULL,
            step TEXT NOT NULL,
            user_id INTEGER,
            at REAL NOT NULL,
            evidence TEXT NOT NULL DEFAULT '{}',
            answer TEXT,
            answered_by INTEGER,
            answered_at REAL
        )""",
        "CREATE INDEX nudges_by_space ON nudges (space_id, id)",
        """CREATE TABLE drift_thresholds (
            guild_id INTEGER PRIMARY KEY,
            value REAL NOT NULL,
            answers INTEGER NOT NULL DEFAULT 0,
            updated_at REAL NOT NULL
        )""",
        """CREATE TABLE drift_background (
            guild_id INTEGER NOT NULL,
            language TEXT NOT NULL,
            passages INTEGER NOT NULL,
            terms TEXT NOT NULL,
            updated_at REAL NOT NULL,
            PRIMARY KEY (guild_id, language)
        ) WITHOUT ROWID""",
    )


@MIGRATIONS()
def m005_plans(db: Database) -> None:
    """Keep planned Spaces, who asked to be reminded, and every send exactly once."""
    _run(
        db,
        """CREATE TABLE plans (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            guild_id INTEGER NOT NULL,
            channel_id INTEGER NOT NULL,
            host_id INTEGER NOT NULL,
            state TEXT NOT NULL,
            starts_at REAL NOT NULL,
            series_id INTEGER,
            event_id INTEGER,
            body TEXT NOT NULL
        )""",
        "CREATE INDEX plans_by_time ON plans (state, starts_at)",
        "CREATE INDEX plans_by_guild ON plans (guild_id, starts_at)",
        """CREATE TABLE reminders (
            plan_id INTEGER NOT NULL REFERENCES plans (id),
            user_id INTEGER NOT NULL,
            offset_s REAL NOT NULL,
            place TEXT NOT NULL,
            asked_at REAL NOT NULL,
            PRIMARY KEY (plan_id, user_id, offset_s)
        ) WITHOUT ROWID""",
        """CREATE TABLE sends (
            key TEXT PRIMARY KEY,
            plan_id INTEGER NOT NULL REFERENCES plans (id),
            kind TEXT NOT NULL,
            due_at REAL NOT NULL,
            state TEXT NOT NULL
                CHECK (state IN ('claimed', 'sent', 'dropped', 'failed')),
            nonce TEXT NOT NULL,
            channel_id INTEGER,
            message_id INTEGER,
            claimed_at REAL NOT NULL,
            settled_at REAL,
            reason TEXT
        ) WITHOUT ROWID""",
        "CREATE INDEX sends_open ON sends (state) WHERE state = 'claimed'",
        "CREATE INDEX sends_by_plan ON sends (plan_id)",
    )


@MIGRATIONS()
def m006_posts(db: Database) -> None:
    """Keep where the messages are that the bot goes on editing."""
    db.execute(
        """CREATE TABLE posts (
            space_id INTEGER NOT NULL REFERENCES spaces (id),
            kind TEXT NOT NULL,
            channel_id INTEGER NOT NULL,
            message_id INTEGER NOT NULL,
            PRIMARY KEY (space_id, kind)
        ) WITHOUT ROWID"""
    )


@MIGRATIONS()
def m007_alive(db: Database) -> None:
    """Keep when the bot was last there for a Space."""
    db.execute("ALTER TABLE spaces ADD COLUMN alive_at REAL")


@MIGRATIONS()
def m008_better(db: Database) -> None:
    """Keep which Spaces wait for the better pass, and talk that has no words."""
    _run(
        db,
        """CREATE TABLE final_passes (
            space_id INTEGER PRIMARY KEY REFERENCES spaces (id),
            state TEXT NOT NULL DEFAULT 'waiting'
                CHECK (state IN ('waiting', 'done', 'failed')),
            hotwords TEXT NOT NULL DEFAULT '',
            queued_at REAL NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            settled_at REAL,
            improved INTEGER NOT NULL DEFAULT 0,
            added INTEGER NOT NULL DEFAULT 0,
            reason TEXT NOT NULL DEFAULT ''
        )""",
        "CREATE INDEX final_passes_waiting ON final_passes (queued_at)"
        " WHERE state = 'waiting'",
        """CREATE TABLE missed (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            space_id INTEGER NOT NULL REFERENCES spaces (id),
            user_id INTEGER NOT NULL,
            start REAL NOT NULL,
            "end" REAL NOT NULL,
            reason TEXT NOT NULL
        )""",
        "CREATE INDEX missed_by_space ON missed (space_id, start)",
    )


@MIGRATIONS()
def m009_series(db: Database) -> None:
    """Keep series of Spaces; an occurrence becomes one plan, once."""
    _run(
        db,
        """CREATE TABLE series (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            guild_id INTEGER NOT NULL,
            over INTEGER NOT NULL DEFAULT 0,
            event_id INTEGER,
            body TEXT NOT NULL
        )""",
        "ALTER TABLE plans ADD COLUMN occurrence TEXT NOT NULL DEFAULT ''",
        """CREATE UNIQUE INDEX plans_by_occurrence ON plans (series_id, occurrence)
            WHERE series_id IS NOT NULL""",
    )


@MIGRATIONS()
def m010_before(db: Database) -> None:
    """Keep voice checks, rules and who accepted them, and which Spaces are practice."""
    _run(
        db,
        """CREATE TABLE voice_checks (
            guild_id INTEGER NOT NULL,
            user_id INTEGER NOT NULL,
            at REAL NOT NULL,
            score INTEGER NOT NULL,
            faults TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (guild_id, user_id)
        )""",
        """CREATE TABLE rules (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            guild_id INTEGER NOT NULL,
            format TEXT NOT NULL DEFAULT '',
            text TEXT NOT NULL,
            by_id INTEGER NOT NULL,
            at REAL NOT NULL
        )""",
        "CREATE INDEX rules_by_format ON rules (guild_id, format, id)",
        """CREATE TABLE rules_accepted (
            rules_id INTEGER NOT NULL REFERENCES rules (id),
            user_id INTEGER NOT NULL,
            at REAL NOT NULL,
            PRIMARY KEY (rules_id, user_id)
        )""",
        "ALTER TABLE spaces ADD COLUMN practice INTEGER NOT NULL DEFAULT 0",
    )


@MIGRATIONS()
def m011_promotion(db: Database) -> None:
    """Keep campaigns, guests, webhooks, and what was done for them exactly once."""
    _run(
        db,
        """CREATE TABLE campaigns (
            plan_id INTEGER PRIMARY KEY REFERENCES plans (id),
            guild_id INTEGER NOT NULL,
            state TEXT NOT NULL,
            body TEXT NOT NULL
        )""",
        "CREATE INDEX campaigns_by_guild ON campaigns (guild_id)",
        """CREATE TABLE promo_channels (
            guild_id INTEGER NOT NULL,
            channel_id INTEGER NOT NULL,
            language TEXT NOT NULL,
            role_id INTEGER,
            PRIMARY KEY (guild_id, channel_id)
        ) WITHOUT ROWID""",
        """CREATE TABLE guests (
            plan_id INTEGER NOT NULL REFERENCES plans (id),
            user_id INTEGER NOT NULL,
            state TEXT NOT NULL CHECK
                (state IN ('invited', 'confirmed', 'declined', 'withdrawn')),
            slot_kind TEXT NOT NULL DEFAULT '',
            slot_value INTEGER NOT NULL DEFAULT 0,
            language TEXT NOT NULL DEFAULT 'en',
            invited_by INTEGER NOT NULL,
            invited_at REAL NOT NULL,
            answered_at REAL,
            answered_for REAL,
            replaced_by INTEGER,
            PRIMARY KEY (plan_id, user_id)
        ) WITHOUT ROWID""",
        """CREATE TABLE guest_boards (
            plan_id INTEGER PRIMARY KEY REFERENCES plans (id),
            channel_id INTEGER NOT NULL,
            message_id INTEGER NOT NULL
        )""",
        """CREATE TABLE webhooks (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            guild_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            url TEXT NOT NULL,
            secret TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'on' CHECK (state IN ('on', 'off')),
            reason TEXT NOT NULL DEFAULT '',
            made_by INTEGER NOT NULL,
            made_at REAL NOT NULL,
            UNIQUE (guild_id, name)
        )""",
        """CREATE TABLE errands (
            key TEXT PRIMARY KEY,
            plan_id INTEGER NOT NULL REFERENCES plans (id),
            guild_id INTEGER NOT NULL,
            kind TEXT NOT NULL,
            step TEXT NOT NULL,
            target INTEGER NOT NULL,
            due_at REAL NOT NULL,
            starts_at REAL NOT NULL,
            sequence INTEGER NOT NULL,
            state TEXT NOT NULL
                CHECK (state IN ('claimed', 'sent', 'dropped', 'failed')),
            nonce TEXT NOT NULL,
            role_id INTEGER,
            message_id INTEGER,
            claimed_at REAL NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            retry_at REAL,
            settled_at REAL,
            reason TEXT,
            words INTEGER NOT NULL DEFAULT 0,
            promotion INTEGER NOT NULL DEFAULT 0
        ) WITHOUT ROWID""",
        "CREATE INDEX errands_open ON errands (state) WHERE state = 'claimed'",
        "CREATE INDEX errands_by_plan ON errands (plan_id)",
        "CREATE INDEX errands_by_guild ON errands (guild_id, claimed_at)",
    )


@MIGRATIONS()
def m012_calendars(db: Database) -> None:
    """Keep the secret of each guild's calendar feed."""
    _run(
        db,
        """CREATE TABLE calendars (
            guild_id INTEGER PRIMARY KEY,
            secret TEXT NOT NULL,
            made_at REAL NOT NULL,
            digest TEXT NOT NULL DEFAULT '',
            changed_at REAL NOT NULL DEFAULT 0
        )""",
    )


@MIGRATIONS()
def m013_cards(db: Database) -> None:
    """Keep where the card of each plan is, and what it shows."""
    _run(
        db,
        """CREATE TABLE cards (
            plan_id INTEGER PRIMARY KEY REFERENCES plans (id),
            channel_id INTEGER NOT NULL,
            starts_at REAL NOT NULL,
            message_id INTEGER,
            claimed_at REAL,
            shows TEXT NOT NULL DEFAULT '',
            gone TEXT NOT NULL DEFAULT ''
        )""",
    )


@MIGRATIONS()
def m014_templates(db: Database) -> None:
    """Keep templates of plans."""
    _run(
        db,
        """CREATE TABLE templates (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            guild_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            folded TEXT NOT NULL,
            made_by INTEGER NOT NULL,
            made_at REAL NOT NULL,
            body TEXT NOT NULL,
            UNIQUE (guild_id, folded)
        )""",
    )


@MIGRATIONS()
def m015_redactions(db: Database) -> None:
    """Keep who redacted what of a transcript, and whether its sound is gone."""
    _run(
        db,
        """CREATE TABLE redactions (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            space_id INTEGER NOT NULL REFERENCES spaces (id),
            utterance_id INTEGER NOT NULL REFERENCES utterances (id) ON DELETE CASCADE,
            user_id INTEGER NOT NULL,
            start REAL NOT NULL,
            "end" REAL NOT NULL,
            by INTEGER NOT NULL,
            at REAL NOT NULL,
            settled_at REAL
        )""",
        "CREATE INDEX redactions_by_space ON redactions (space_id, start)",
        "CREATE INDEX redactions_by_line ON redactions (utterance_id)",
        "CREATE INDEX redactions_open ON redactions (space_id)"
        " WHERE settled_at IS NULL",
    )


@MIGRATIONS()
def m016_retention(db: Database) -> None:
    """Keep what is to be deleted, why, what stands in the way, and who was told."""
    _run(
        db,
        "ALTER TABLE tracks ADD COLUMN deleting_at REAL",
        "ALTER TABLE tracks ADD COLUMN why TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE tracks ADD COLUMN trouble TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX tracks_kept ON tracks (expires_at) WHERE deleted_at IS NULL",
        "ALTER TABLE spaces ADD COLUMN keep_days REAL",
        """CREATE TABLE expiry_notices (
            space_id INTEGER PRIMARY KEY REFERENCES spaces (id),
            state TEXT NOT NULL
                CHECK (state IN ('claimed', 'sent', 'dropped', 'failed')),
            expires_at REAL NOT NULL,
            nonce TEXT NOT NULL,
            claimed_at REAL NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            retry_at REAL,
            settled_at REAL,
            message_id INTEGER,
            reason TEXT NOT NULL DEFAULT ''
        )""",
        "CREATE INDEX expiry_notices_open ON expiry_notices (state)"
        " WHERE state = 'claimed'",
    )


@MIGRATIONS()
def m017_erasures(db: Database) -> None:
    """Keep who asked that everything of theirs be erased, and what it came to."""
    _run(
        db,
        """CREATE TABLE erasures (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            guild_id INTEGER NOT NULL,
            user_id INTEGER NOT NULL,
            asked_at REAL NOT NULL,
            language TEXT NOT NULL,
            counts TEXT NOT NULL DEFAULT '{}',
            done_at REAL,
            told_at REAL
        )""",
        "CREATE INDEX erasures_by_user ON erasures (guild_id, user_id)",
        """CREATE UNIQUE INDEX erasures_open ON erasures (guild_id, user_id)
            WHERE done_at IS NULL""",
    )


@MIGRATIONS()
def m018_words(db: Database) -> None:
    """Keep which transcripts were deleted because their time was over."""
    db.execute(
        """CREATE TABLE word_deletions (
            space_id INTEGER PRIMARY KEY REFERENCES spaces (id),
            at REAL NOT NULL,
            lines INTEGER NOT NULL,
            sha256 TEXT NOT NULL,
            done_at REAL
        )"""
    )


@MIGRATIONS()
def m019_erasures_by_space(db: Database) -> None:
    """Keep which Spaces an erasure is about; clocks that are set back count no more."""
    _run(
        db,
        "ALTER TABLE erasures ADD COLUMN last_space_id INTEGER NOT NULL DEFAULT 0",
        "UPDATE erasures SET last_space_id = (SELECT coalesce(max(s.id), 0) FROM spaces"
        " AS s WHERE s.guild_id = erasures.guild_id"
        " AND s.opened_at <= erasures.asked_at)",
    )


@MIGRATIONS()
def m020_drift_scores(db: Database) -> None:
    """Keep how near the talk was to its topic; a line takes its scores with it."""
    db.execute(
        """CREATE TABLE drift_scores (
            utterance_id INTEGER NOT NULL REFERENCES utterances (id) ON DELETE CASCADE,
            place INTEGER NOT NULL,
            start REAL NOT NULL,
            "end" REAL NOT NULL,
            score REAL NOT NULL,
            bar REAL NOT NULL,
            drifting INTEGER NOT NULL,
            PRIMARY KEY (utterance_id, place)
        ) WITHOUT ROWID"""
    )


@MIGRATIONS()
def m021_caption_lines(db: Database) -> None:
    """Keep which lines stand in which messages of captions, without their words."""
    _run(
        db,
        """CREATE TABLE caption_lines (
            message_id INTEGER NOT NULL,
            number INTEGER NOT NULL,
            space_id INTEGER NOT NULL REFERENCES spaces (id),
            thread_id INTEGER NOT NULL,
            user_id INTEGER NOT NULL,
            uid TEXT NOT NULL,
            stale INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (message_id, number)
        ) WITHOUT ROWID""",
        "CREATE INDEX caption_lines_by_space ON caption_lines (space_id)",
        "CREATE INDEX caption_lines_stale ON caption_lines (space_id) WHERE stale = 1",
    )


@MIGRATIONS()
def m022_lag(db: Database) -> None:
    """Keep how late the words of a live Space were when it was last seen alive."""
    _run(db, "ALTER TABLE spaces ADD COLUMN lag_s REAL")


def schema(db: sqlite3.Connection) -> list[str]:
    """Return every statement of the schema, sorted by name, without FTS shadows."""
    rows = db.execute(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"
        " AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'utterances_fts_%'"
        " ORDER BY name"
    )
    return [" ".join(sql.split()) for (sql,) in rows]
