CREATE TABLE "_sqlite_migrations" ( "id" INTEGER PRIMARY KEY, "migration_set" TEXT, "name" TEXT, "applied_at" TEXT )
CREATE TABLE audit ( id INTEGER PRIMARY KEY AUTOINCREMENT, guild_id INTEGER NOT NULL, space_id INTEGER, actor_id INTEGER, action TEXT NOT NULL, subject TEXT NOT NULL DEFAULT '', at REAL NOT NULL, body TEXT NOT NULL DEFAULT '{}' )
CREATE INDEX audit_by_guild ON audit (guild_id, id)
CREATE TABLE calendars ( guild_id INTEGER PRIMARY KEY, secret TEXT NOT NULL, made_at REAL NOT NULL, digest TEXT NOT NULL DEFAULT '', changed_at REAL NOT NULL DEFAULT 0 )
CREATE TABLE campaigns ( plan_id INTEGER PRIMARY KEY REFERENCES plans (id), guild_id INTEGER NOT NULL, state TEXT NOT NULL, body TEXT NOT NULL )
CREATE INDEX campaigns_by_guild ON campaigns (guild_id)
CREATE TABLE caption_lines ( message_id INTEGER NOT NULL, number INTEGER NOT NULL, space_id INTEGER NOT NULL REFERENCES spaces (id), thread_id INTEGER NOT NULL, user_id INTEGER NOT NULL, uid TEXT NOT NULL, stale INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (message_id, number) ) WITHOUT ROWID
CREATE INDEX caption_lines_by_space ON caption_lines (space_id)
CREATE INDEX caption_lines_stale ON caption_lines (space_id) WHERE stale = 1
CREATE TABLE cards ( plan_id INTEGER PRIMARY KEY REFERENCES plans (id), channel_id INTEGER NOT NULL, starts_at REAL NOT NULL, message_id INTEGER, claimed_at REAL, shows TEXT NOT NULL DEFAULT '', gone TEXT NOT NULL DEFAULT '' )
CREATE TABLE cases ( id INTEGER PRIMARY KEY AUTOINCREMENT, guild_id INTEGER NOT NULL, space_id INTEGER, user_id INTEGER NOT NULL, moderator_id INTEGER, action TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '', at REAL NOT NULL, expires_at REAL, reversed_at REAL, reversed_by INTEGER, body TEXT NOT NULL DEFAULT '{}' )
CREATE INDEX cases_by_space ON cases (space_id)
CREATE INDEX cases_by_user ON cases (guild_id, user_id)
CREATE TABLE consents ( id INTEGER PRIMARY KEY AUTOINCREMENT, guild_id INTEGER NOT NULL, space_id INTEGER, user_id INTEGER NOT NULL, level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 2), text_version TEXT NOT NULL, source TEXT NOT NULL, at REAL NOT NULL )
CREATE INDEX consents_by_user ON consents (guild_id, user_id, id)
CREATE TABLE drift_background ( guild_id INTEGER NOT NULL, language TEXT NOT NULL, passages INTEGER NOT NULL, terms TEXT NOT NULL, updated_at REAL NOT NULL, PRIMARY KEY (guild_id, language) ) WITHOUT ROWID
CREATE TABLE drift_scores ( utterance_id INTEGER NOT NULL REFERENCES utterances (id) ON DELETE CASCADE, place INTEGER NOT NULL, start REAL NOT NULL, "end" REAL NOT NULL, score REAL NOT NULL, bar REAL NOT NULL, drifting INTEGER NOT NULL, PRIMARY KEY (utterance_id, place) ) WITHOUT ROWID
CREATE TABLE drift_thresholds ( guild_id INTEGER PRIMARY KEY, value REAL NOT NULL, answers INTEGER NOT NULL DEFAULT 0, updated_at REAL NOT NULL )
CREATE TABLE erasures ( id INTEGER PRIMARY KEY AUTOINCREMENT, guild_id INTEGER NOT NULL, user_id INTEGER NOT NULL, asked_at REAL NOT NULL, language TEXT NOT NULL, counts TEXT NOT NULL DEFAULT '{}', done_at REAL, told_at REAL , last_space_id INTEGER NOT NULL DEFAULT 0)
CREATE INDEX erasures_by_user ON erasures (guild_id, user_id)
CREATE UNIQUE INDEX erasures_open ON erasures (guild_id, user_id) WHERE done_at IS NULL
CREATE TABLE errands ( key TEXT PRIMARY KEY, plan_id INTEGER NOT NULL REFERENCES plans (id), guild_id INTEGER NOT NULL, kind TEXT NOT NULL, step TEXT NOT NULL, target INTEGER NOT NULL, due_at REAL NOT NULL, starts_at REAL NOT NULL, sequence INTEGER NOT NULL, state TEXT NOT NULL CHECK (state IN ('claimed', 'sent', 'dropped', 'failed')), nonce TEXT NOT NULL, role_id INTEGER, message_id INTEGER, claimed_at REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, retry_at REAL, settled_at REAL, reason TEXT, words INTEGER NOT NULL DEFAULT 0, promotion INTEGER NOT NULL DEFAULT 0 ) WITHOUT ROWID
CREATE INDEX errands_by_guild ON errands (guild_id, claimed_at)
CREATE INDEX errands_by_plan ON errands (plan_id)
CREATE INDEX errands_open ON errands (state) WHERE state = 'claimed'
CREATE TABLE expiry_notices ( space_id INTEGER PRIMARY KEY REFERENCES spaces (id), state TEXT NOT NULL CHECK (state IN ('claimed', 'sent', 'dropped', 'failed')), expires_at REAL NOT NULL, nonce TEXT NOT NULL, claimed_at REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, retry_at REAL, settled_at REAL, message_id INTEGER, reason TEXT NOT NULL DEFAULT '' )
CREATE INDEX expiry_notices_open ON expiry_notices (state) WHERE state = 'claimed'
CREATE TABLE final_passes ( space_id INTEGER PRIMARY KEY REFERENCES spaces (id), state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')), hotwords TEXT NOT NULL DEFAULT '', queued_at REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, settled_at REAL, improved INTEGER NOT NULL DEFAULT 0, added INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '' )
CREATE INDEX final_passes_waiting ON final_passes (queued_at) WHERE state = 'waiting'
CREATE TABLE guest_boards ( plan_id INTEGER PRIMARY KEY REFERENCES plans (id), channel_id INTEGER NOT NULL, message_id INTEGER NOT NULL )
CREATE TABLE guests ( plan_id INTEGER NOT NULL REFERENCES plans (id), user_id INTEGER NOT NULL, state TEXT NOT NULL CHECK (state IN ('invited', 'confirmed', 'declined', 'withdrawn')), slot_kind TEXT NOT NULL DEFAULT '', slot_value INTEGER NOT NULL DEFAULT 0, language TEXT NOT NULL DEFAULT 'en', invited_by INTEGER NOT NULL, invited_at REAL NOT NULL, answered_at REAL, answered_for REAL, replaced_by INTEGER, PRIMARY KEY (plan_id, user_id) ) WITHOUT ROWID
CREATE TABLE guilds ( guild_id INTEGER PRIMARY KEY, body TEXT NOT NULL DEFAULT '{}' )
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name" ON "_sqlite_migrations" ("migration_set", "name")
CREATE TABLE journal ( space_id INTEGER NOT NULL REFERENCES spaces (id), seq INTEGER NOT NULL, at REAL NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (space_id, seq) ) WITHOUT ROWID
CREATE INDEX journal_by_name ON journal (space_id, name)
CREATE TABLE members ( guild_id INTEGER NOT NULL, user_id INTEGER NOT NULL, name TEXT NOT NULL, language TEXT, time_zone TEXT, seen_at REAL NOT NULL, PRIMARY KEY (guild_id, user_id) )
CREATE TABLE missed ( id INTEGER PRIMARY KEY AUTOINCREMENT, space_id INTEGER NOT NULL REFERENCES spaces (id), user_id INTEGER NOT NULL, start REAL NOT NULL, "end" REAL NOT NULL, reason TEXT NOT NULL )
CREATE INDEX missed_by_space ON missed (space_id, start)
CREATE TABLE mutes ( id INTEGER PRIMARY KEY AUTOINCREMENT, guild_id INTEGER NOT NULL, user_id INTEGER NOT NULL, space_id INTEGER, muted_at REAL NOT NULL, released_at REAL )
CREATE UNIQUE INDEX mutes_owed ON mutes (guild_id, user_id) WHERE released_at IS NULL
CREATE TABLE nudges ( id INTEGER PRIMARY KEY AUTOINCREMENT, space_id INTEGER NOT NULL REFERENCES spaces (id), rule TEXT NOT NULL, step TEXT NOT NULL, user_id INTEGER, at REAL NOT NULL, evidence TEXT NOT NULL DEFAULT '{}', answer TEXT, answered_by INTEGER, answered_at REAL )
CREATE INDEX nudges_by_space ON nudges (space_id, id)
CREATE TABLE plans ( id INTEGER PRIMARY KEY AUTOINCREMENT, guild_id INTEGER NOT NULL, channel_id INTEGER NOT NULL, host_id INTEGER NOT NULL, state TEXT NOT NULL, starts_at REAL NOT NULL, series_id INTEGER, event_id INTEGER, body TEXT NOT NULL , occurrence TEXT NOT NULL DEFAULT '')
CREATE INDEX plans_by_guild ON plans (guild_id, starts_at)
CREATE UNIQUE INDEX plans_by_occurrence ON plans (series_id, occurrence) WHERE series_id IS NOT NULL
CREATE INDEX plans_by_time ON plans (state, starts_at)
CREATE TABLE posts ( space_id INTEGER NOT NULL REFERENCES spaces (id), kind TEXT NOT NULL, channel_id INTEGER NOT NULL, message_id INTEGER NOT NULL, PRIMARY KEY (space_id, kind) ) WITHOUT ROWID
CREATE TABLE promo_channels ( guild_id INTEGER NOT NULL, channel_id INTEGER NOT NULL, language TEXT NOT NULL, role_id INTEGER, PRIMARY KEY (guild_id, channel_id) ) WITHOUT ROWID
CREATE TABLE redactions ( id INTEGER PRIMARY KEY AUTOINCREMENT, space_id INTEGER NOT NULL REFERENCES spaces (id), utterance_id INTEGER NOT NULL REFERENCES utterances (id) ON DELETE CASCADE, user_id INTEGER NOT NULL, start REAL NOT NULL, "end" REAL NOT NULL, by INTEGER NOT NULL, at REAL NOT NULL, settled_at REAL )
CREATE INDEX redactions_by_line ON redactions (utterance_id)
CREATE INDEX redactions_by_space ON redactions (space_id, start)
CREATE INDEX redactions_open ON redactions (space_id) WHERE settled_at IS NULL
CREATE TABLE reminders ( plan_id INTEGER NOT NULL REFERENCES plans (id), user_id INTEGER NOT NULL, offset_s REAL NOT NULL, place TEXT NOT NULL, asked_at REAL NOT NULL, PRIMARY KEY (plan_id, user_id, offset_s) ) WITHOUT ROWID
CREATE TABLE rules ( id INTEGER PRIMARY KEY AUTOINCREMENT, guild_id INTEGER NOT NULL, format TEXT NOT NULL DEFAULT '', text TEXT NOT NULL, by_id INTEGER NOT NULL, at REAL NOT NULL )
CREATE TABLE rules_accepted ( rules_id INTEGER NOT NULL REFERENCES rules (id), user_id INTEGER NOT NULL, at REAL NOT NULL, PRIMARY KEY (rules_id, user_id) )
CREATE INDEX rules_by_format ON rules (guild_id, format, id)
CREATE TABLE sends ( key TEXT PRIMARY KEY, plan_id INTEGER NOT NULL REFERENCES plans (id), kind TEXT NOT NULL, due_at REAL NOT NULL, state TEXT NOT NULL CHECK (state IN ('claimed', 'sent', 'dropped', 'failed')), nonce TEXT NOT NULL, channel_id INTEGER, message_id INTEGER, claimed_at REAL NOT NULL, settled_at REAL, reason TEXT ) WITHOUT ROWID
CREATE INDEX sends_by_plan ON sends (plan_id)
CREATE INDEX sends_open ON sends (state) WHERE state = 'claimed'
CREATE TABLE series ( id INTEGER PRIMARY KEY AUTOINCREMENT, guild_id INTEGER NOT NULL, over INTEGER NOT NULL DEFAULT 0, event_id INTEGER, body TEXT NOT NULL )
CREATE TABLE spaces ( id INTEGER PRIMARY KEY AUTOINCREMENT, guild_id INTEGER NOT NULL, channel_id INTEGER NOT NULL, host_id INTEGER NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('stage', 'voice')), topic TEXT NOT NULL, language TEXT NOT NULL DEFAULT 'en', plan_id INTEGER, folder TEXT, opened_at REAL NOT NULL, ended_at REAL , alive_at REAL, practice INTEGER NOT NULL DEFAULT 0, keep_days REAL, lag_s REAL)
CREATE INDEX spaces_by_guild ON spaces (guild_id, opened_at)
CREATE INDEX spaces_live ON spaces (channel_id) WHERE ended_at IS NULL
CREATE TABLE spurts ( id INTEGER PRIMARY KEY AUTOINCREMENT, space_id INTEGER NOT NULL REFERENCES spaces (id), user_id INTEGER NOT NULL, start REAL NOT NULL, "end" REAL NOT NULL )
CREATE INDEX spurts_by_space ON spurts (space_id, start)
CREATE TABLE templates ( id INTEGER PRIMARY KEY AUTOINCREMENT, guild_id INTEGER NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL, made_by INTEGER NOT NULL, made_at REAL NOT NULL, body TEXT NOT NULL, UNIQUE (guild_id, folded) )
CREATE TABLE tracks ( id INTEGER PRIMARY KEY AUTOINCREMENT, space_id INTEGER NOT NULL REFERENCES spaces (id), user_id INTEGER, kind TEXT NOT NULL DEFAULT 'track', path TEXT NOT NULL, start REAL NOT NULL, "end" REAL, size_bytes INTEGER, state TEXT NOT NULL DEFAULT 'open', expires_at REAL, deleted_at REAL, sha256 TEXT , deleting_at REAL, why TEXT NOT NULL DEFAULT '', trouble TEXT NOT NULL DEFAULT '')
CREATE INDEX tracks_by_space ON tracks (space_id)
CREATE INDEX tracks_kept ON tracks (expires_at) WHERE deleted_at IS NULL
CREATE TABLE utterance_versions ( utterance_id INTEGER NOT NULL REFERENCES utterances (id), version INTEGER NOT NULL, text TEXT NOT NULL, source TEXT NOT NULL CHECK (source IN ('machine', 'human')), by INTEGER, at REAL NOT NULL, PRIMARY KEY (utterance_id, version) ) WITHOUT ROWID
CREATE TABLE utterances ( id INTEGER PRIMARY KEY AUTOINCREMENT, space_id INTEGER NOT NULL REFERENCES spaces (id), uid TEXT NOT NULL, user_id INTEGER NOT NULL, start REAL NOT NULL, "end" REAL NOT NULL, text TEXT NOT NULL, language TEXT, words TEXT NOT NULL DEFAULT '[]', confidence REAL, version INTEGER NOT NULL DEFAULT 1, edited_by INTEGER, edited_at REAL, redacted_at REAL, UNIQUE (space_id, uid) )
CREATE TRIGGER utterances_ad AFTER DELETE ON utterances BEGIN INSERT INTO utterances_fts (utterances_fts, rowid, text) VALUES ('delete', old.id, old.text); END
CREATE TRIGGER utterances_ai AFTER INSERT ON utterances BEGIN INSERT INTO utterances_fts (rowid, text) VALUES (new.id, new.text); END
CREATE TRIGGER utterances_au AFTER UPDATE OF text ON utterances BEGIN INSERT INTO utterances_fts (utterances_fts, rowid, text) VALUES ('delete', old.id, old.text); INSERT INTO utterances_fts (rowid, text) VALUES (new.id, new.text); END
CREATE INDEX utterances_by_time ON utterances (space_id, start)
CREATE VIRTUAL TABLE utterances_fts USING fts5 ( text, content='utterances', content_rowid='id', tokenize='unicode61 remove_diacritics 2' )
CREATE TABLE voice_checks ( guild_id INTEGER NOT NULL, user_id INTEGER NOT NULL, at REAL NOT NULL, score INTEGER NOT NULL, faults TEXT NOT NULL DEFAULT '', PRIMARY KEY (guild_id, user_id) )
CREATE TABLE webhooks ( id INTEGER PRIMARY KEY AUTOINCREMENT, guild_id INTEGER NOT NULL, name TEXT NOT NULL, url TEXT NOT NULL, secret TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'on' CHECK (state IN ('on', 'off')), reason TEXT NOT NULL DEFAULT '', made_by INTEGER NOT NULL, made_at REAL NOT NULL, UNIQUE (guild_id, name) )
CREATE TABLE word_deletions ( space_id INTEGER PRIMARY KEY REFERENCES spaces (id), at REAL NOT NULL, lines INTEGER NOT NULL, sha256 TEXT NOT NULL, done_at REAL )
