# ruff: noqa: E501 - the texts are SQLite's
"""The first schema that this program reads, number 33; what came after it stands in `migrations`.

A folder's schema is compared with these texts: they are as SQLite wrote them, a column that came later at the end.
"""

from datetime import UTC, datetime

from sqlite_utils import Database as SqliteDatabase

from faceaccess.store.people.consent_texts import FIRST_TEXTS

_SCHEMA = """
-- People; the keys are their texts folded, for comparing and searching. Who was merged keeps a row, so that
-- the journal's rows are read as the other person's; it goes with that person.
CREATE TABLE people (
            person_id TEXT PRIMARY KEY CHECK (length(person_id) = 32),
            name TEXT NOT NULL CHECK (length(name) > 0),
            staff_number TEXT UNIQUE COLLATE NOCASE,
            department TEXT NOT NULL DEFAULT '',
            is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
            created_at TEXT NOT NULL,
            name_key TEXT NOT NULL,
            search_key TEXT NOT NULL
        , hidden_at TEXT, merged_into TEXT REFERENCES people ON DELETE CASCADE, owner_id TEXT AS (coalesce(merged_into, person_id)), email TEXT NOT NULL DEFAULT '', number_key TEXT) STRICT, WITHOUT ROWID;

CREATE INDEX people_by_name ON people (name_key);

CREATE INDEX people_by_owner ON people (owner_id);

CREATE INDEX people_by_merging ON people (merged_into);

CREATE UNIQUE INDEX people_by_number ON people (number_key);

-- Photos, each with the loose crop that other models embed again later, and the digest of both: a page that a
-- disk lost reads as zeros, and SQLCipher authenticates every page but those.
CREATE TABLE photos (
            photo_id INTEGER PRIMARY KEY AUTOINCREMENT,
            person_id TEXT NOT NULL REFERENCES people ON DELETE CASCADE,
            sha256 TEXT NOT NULL,
            quality REAL NOT NULL,
            created_at TEXT NOT NULL,
            landmarks BLOB NOT NULL,
            crop BLOB NOT NULL,
            jpeg BLOB NOT NULL, digest BLOB, hidden_at TEXT,
            UNIQUE (person_id, sha256),
            UNIQUE (photo_id, person_id)
        ) STRICT;

-- A template refers to photo and person as a pair, so that it can't belong to one person and show another.
CREATE TABLE templates (
            template_id INTEGER PRIMARY KEY AUTOINCREMENT,
            person_id TEXT NOT NULL,
            photo_id INTEGER NOT NULL,
            model_id TEXT NOT NULL,
            quality REAL NOT NULL,
            created_at TEXT NOT NULL,
            embedding BLOB NOT NULL,
            FOREIGN KEY (photo_id, person_id) REFERENCES photos (photo_id, person_id) ON DELETE CASCADE
        ) STRICT;

CREATE INDEX templates_by_photo ON templates (photo_id, person_id);

CREATE INDEX templates_by_person ON templates (person_id, model_id);

CREATE INDEX templates_by_model ON templates (model_id);

-- The append-only journal. The canonical text is the only truth of a row: what is filtered on is generated from
-- it. Whoever has the key could store something else later; verification compares them.
CREATE TABLE journal (
            seq INTEGER PRIMARY KEY,
            at_utc TEXT NOT NULL AS (json_extract(canonical, '$.at')) STORED,
            kind TEXT NOT NULL AS (json_extract(canonical, '$.kind')) STORED,
            person_id TEXT AS (json_extract(canonical, '$.person_id')) STORED,
            outcome TEXT AS (json_extract(canonical, '$.details.outcome')) STORED,
            reason TEXT AS (json_extract(canonical, '$.details.reason')) STORED,
            camera TEXT AS (json_extract(canonical, '$.details.camera')) STORED,
            runner_up_id TEXT AS (json_extract(canonical, '$.details.runner_up_id')) STORED,
            distance REAL AS (json_extract(canonical, '$.details.distance')) STORED,
            model_id TEXT AS (json_extract(canonical, '$.details.model_id')) STORED,
            is_recording INTEGER AS (json_extract(canonical, '$.details.is_recording')) STORED,
            previous_hash BLOB NOT NULL CHECK (length(previous_hash) = 32),
            hash BLOB NOT NULL CHECK (length(hash) = 32),
            canonical TEXT NOT NULL
        , door TEXT AS (json_extract(canonical, '$.details.door')), method TEXT AS (json_extract(canonical, '$.details.method'))) STRICT;

-- Each index ends with seq, so that the newest rows of an outcome or a camera need no sorting.
CREATE INDEX journal_by_kind ON journal (kind);

CREATE INDEX journal_by_time ON journal (at_utc);

CREATE INDEX journal_by_person ON journal (person_id, outcome, at_utc);

CREATE INDEX journal_by_outcome ON journal (outcome);

CREATE INDEX journal_by_camera ON journal (camera);

CREATE INDEX journal_by_door ON journal (door);

CREATE INDEX journal_by_method ON journal (method);

CREATE INDEX journal_by_reason ON journal (reason, outcome);

CREATE INDEX journal_by_distance ON journal (coalesce(distance, 9.0));

CREATE INDEX journal_by_outcome_and_distance ON journal (outcome, coalesce(distance, 9.0)) WHERE kind = 'entry';

CREATE INDEX journal_by_person_and_distance ON journal (person_id, coalesce(distance, 9.0)) WHERE kind = 'entry';

CREATE INDEX journal_of_person ON journal (person_id);

-- Entries are counted by day, hour, reason and distance without reading one of them.
CREATE INDEX journal_counts ON journal (at_utc, outcome, reason, camera, door, person_id, model_id, distance, is_recording, kind);

-- What voids an entry is found without reading the journal.
CREATE INDEX journal_voids ON journal (json_extract(canonical, '$.details.entry')) WHERE kind = 'entry_voided';

-- Where the journal starts: rows before it were kept long enough. A row of the journal itself names it, so that
-- nobody without the signing key can move it.
CREATE TABLE journal_start (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            seq INTEGER NOT NULL,
            hash BLOB NOT NULL CHECK (length(hash) = 32)
        ) STRICT;

CREATE TRIGGER journal_refuses_update BEFORE UPDATE ON journal
            BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER journal_refuses_delete BEFORE DELETE ON journal
        WHEN old.seq > (SELECT seq FROM journal_start)
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

-- The signed end of the journal: one row, written with each row of the journal.
CREATE TABLE journal_head (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            seq INTEGER NOT NULL,
            hash BLOB NOT NULL CHECK (length(hash) = 32),
            signature BLOB NOT NULL CHECK (length(signature) = 64)
        ) STRICT;

-- The face crops of entries, which may be erased: the journal has only their digests. Landmarks are those of a
-- loose crop, (5, 2) little-endian float32, pixels of it. A crop that turned out to show somebody who was
-- enrolled from it goes with that person.
CREATE TABLE crops (
            seq INTEGER PRIMARY KEY REFERENCES journal,
            salt BLOB NOT NULL,
            jpeg BLOB NOT NULL
        , landmarks BLOB, shows TEXT REFERENCES people ON DELETE CASCADE) STRICT;

CREATE INDEX crops_by_whom_they_show ON crops (shows) WHERE shows IS NOT NULL;

-- The free texts of rows, which may be erased: the journal has only their digests.
CREATE TABLE notes (
            seq INTEGER PRIMARY KEY REFERENCES journal,
            salt BLOB NOT NULL,
            text TEXT NOT NULL
        ) STRICT;

-- The salts of the digests that the journal has of records, with the row of the last one.
CREATE TABLE seals (
            subject TEXT PRIMARY KEY,
            salt BLOB NOT NULL CHECK (length(salt) = 16),
            seq INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

CREATE INDEX seals_by_row ON seals (seq);

-- Journal rows that other programs are still to be told of.
CREATE TABLE outbox (
            channel_id TEXT NOT NULL,
            seq INTEGER NOT NULL REFERENCES journal,
            attempts INTEGER NOT NULL,
            due_at TEXT NOT NULL,
            PRIMARY KEY (channel_id, seq)
        ) STRICT, WITHOUT ROWID;

CREATE INDEX outbox_by_seq ON outbox (seq);

-- What has been decided about deciding, as JSON by key.
CREATE TABLE policies (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Who may use the program.
CREATE TABLE operators (
            name_key TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            role TEXT NOT NULL,
            hash TEXT NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

-- PINs, and the failures in a row at the door and at signing in; waits end by the machine's own clock, too.
CREATE TABLE pins (
            person_id TEXT PRIMARY KEY REFERENCES people ON DELETE CASCADE,
            hash TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

CREATE TABLE failures (
            key TEXT NOT NULL,
            place TEXT NOT NULL,
            failures INTEGER NOT NULL,
            blocked_until TEXT,
            boot TEXT,
            blocked_until_s REAL,
            PRIMARY KEY (key, place)
        ) STRICT, WITHOUT ROWID;

-- Who is in which access group; the groups are a policy.
CREATE TABLE group_members (
            group_id TEXT NOT NULL,
            person_id TEXT NOT NULL REFERENCES people ON DELETE CASCADE,
            PRIMARY KEY (group_id, person_id)
        ) STRICT, WITHOUT ROWID;

CREATE INDEX group_members_by_person ON group_members (person_id);

-- Work schedules, and the people or departments that work by them; neither person nor department: all people.
CREATE TABLE schedules (
            schedule_id TEXT PRIMARY KEY,
            name TEXT NOT NULL CHECK (length(name) > 0),
            rules TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

CREATE TABLE assignments (
            assignment_id INTEGER PRIMARY KEY AUTOINCREMENT,
            schedule_id TEXT NOT NULL REFERENCES schedules,
            person_id TEXT REFERENCES people ON DELETE CASCADE,
            department TEXT,
            first_day TEXT NOT NULL,
            last_day TEXT,
            CHECK (person_id IS NULL OR department IS NULL),
            CHECK (last_day IS NULL OR last_day >= first_day)
        ) STRICT;

CREATE INDEX assignments_by_person ON assignments (person_id);

CREATE INDEX assignments_by_schedule ON assignments (schedule_id);

-- Absences under the number of the journal row that entered them; removed ones stay.
CREATE TABLE absences (
            seq INTEGER PRIMARY KEY REFERENCES journal,
            person_id TEXT NOT NULL REFERENCES people ON DELETE CASCADE,
            kind TEXT NOT NULL,
            part TEXT NOT NULL,
            first_day TEXT NOT NULL,
            last_day TEXT NOT NULL CHECK (last_day >= first_day),
            removed_by INTEGER REFERENCES journal
        ) STRICT;

CREATE INDEX absences_by_person ON absences (person_id, first_day);

CREATE INDEX absences_by_day ON absences (first_day);

-- The texts that people agree to, each version for good, and who agreed to which.
CREATE TABLE consent_texts (
            version INTEGER PRIMARY KEY AUTOINCREMENT,
            language TEXT NOT NULL CHECK (length(language) > 0),
            text TEXT NOT NULL CHECK (length(text) > 0),
            created_at TEXT NOT NULL
        , is_imported INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE TRIGGER consent_texts_refuse_update BEFORE UPDATE ON consent_texts
            BEGIN SELECT RAISE(ABORT, 'people agreed to this text'); END;

CREATE TRIGGER consent_texts_refuse_delete BEFORE DELETE ON consent_texts
            BEGIN SELECT RAISE(ABORT, 'people agreed to this text'); END;

CREATE TABLE consents (
            consent_id INTEGER PRIMARY KEY AUTOINCREMENT,
            person_id TEXT NOT NULL REFERENCES people ON DELETE CASCADE,
            version INTEGER NOT NULL REFERENCES consent_texts,
            given_on TEXT NOT NULL,
            expires_on TEXT,
            review_on TEXT,
            recorded_at TEXT NOT NULL,
            recorded_by TEXT NOT NULL,
            signature BLOB,
            withdrawn_at TEXT
        ) STRICT;

CREATE INDEX consents_by_person ON consents (person_id);

-- Pairs of people who look alike and were said to be two people.
CREATE TABLE look_alikes (
            first_id TEXT NOT NULL REFERENCES people ON DELETE CASCADE,
            second_id TEXT NOT NULL REFERENCES people ON DELETE CASCADE,
            marked_at TEXT NOT NULL,
            PRIMARY KEY (first_id, second_id),
            CHECK (first_id < second_id)
        ) STRICT, WITHOUT ROWID;

CREATE INDEX look_alikes_by_second ON look_alikes (second_id);

-- What somebody said is fine about a person's photos, until they change.
CREATE TABLE findings_kept (
            kind TEXT NOT NULL,
            person_id TEXT NOT NULL REFERENCES people ON DELETE CASCADE,
            about TEXT NOT NULL,
            PRIMARY KEY (kind, person_id, about)
        ) STRICT, WITHOUT ROWID;

-- People whom photos may show that weren't stored for that.
CREATE TABLE refused_doubles (
            sha256 TEXT NOT NULL,
            person_id TEXT NOT NULL REFERENCES people ON DELETE CASCADE,
            refused_at TEXT NOT NULL,
            PRIMARY KEY (sha256, person_id)
        ) STRICT, WITHOUT ROWID;

CREATE INDEX refused_doubles_by_person ON refused_doubles (person_id);

-- The faces of people who were not recognised, kept for some hours; each goes with its crop. `joined` is the
-- number that faces have in common which an operator says show one person, `ignored` why nobody is to be asked.
CREATE TABLE visitor_faces (
            seq INTEGER PRIMARY KEY REFERENCES crops ON DELETE CASCADE,
            model_id TEXT NOT NULL,
            embedding BLOB NOT NULL,
            kept_at TEXT NOT NULL,
            joined INTEGER,
            ignored TEXT
        ) STRICT;

-- What a model on trial would have decided about entries, each from the entry's crop. `is_by_picture`: it said
-- something else than the entry, but from the crop alone the model in use would have said the same.
CREATE TABLE shadow_decisions (
            seq INTEGER PRIMARY KEY REFERENCES crops ON DELETE CASCADE,
            model_id TEXT NOT NULL,
            outcome TEXT NOT NULL,
            person_id TEXT REFERENCES people ON DELETE CASCADE,
            distance REAL,
            is_by_picture INTEGER NOT NULL CHECK (is_by_picture IN (0, 1))
        ) STRICT;

CREATE INDEX shadow_decisions_by_person ON shadow_decisions (person_id);
"""


def create(db: SqliteDatabase) -> None:
    """Create every table, and the rows that a new folder begins with."""
    for statement in _SCHEMA.strip().split("\n\n"):
        db.execute(statement)
    db.execute("INSERT INTO journal_start VALUES (1, 0, zeroblob(32))")
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    db.table("consent_texts").insert_all(
        {"language": language, "text": text, "created_at": now} for language, text in FIRST_TEXTS
    )
