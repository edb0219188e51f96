"""The schema, as named steps that are applied in order and never edited afterwards."""

import hashlib
import json
import logging
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database as SqliteDatabase

from faceaccess.errors import StoreError
from faceaccess.store.file.faults import mapped_faults
from faceaccess.store.keys.keys import sync_folder
from faceaccess.store.people.consent_texts import FIRST_TEXTS
from faceaccess.store.people.names import fold, search_keys

logger = logging.getLogger(__name__)

Migration = Callable[[SqliteDatabase], None]


def create_people(db: SqliteDatabase) -> None:
    """Create people; the keys are their texts without case, for comparing and searching."""
    db.execute(
        """CREATE TABLE people (
            person_id TEXT PRIMARY KEY CHECK (length(person_id) = 32),
            name TEXT NOT NULL CHECK (length(name) > 0),
            staff_number TEXT UNIQUE COLLATE NOCASE,
            department TEXT NOT NULL DEFAULT '',
            is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
            created_at TEXT NOT NULL,
            name_key TEXT NOT NULL,
            search_key TEXT NOT NULL
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute("CREATE INDEX people_by_name ON people (name_key)")


def create_templates(db: SqliteDatabase) -> None:
    """Create the photos of people and the templates made from them.

    A photo holds the loose crop that other models embed again later. A template refers to
    photo and person as a pair, so that it can't belong to one person and show another.
    """
    db.execute(
        """CREATE TABLE photos (
            photo_id INTEGER PRIMARY KEY AUTOINCREMENT,
            person_id TEXT NOT NULL REFERENCES people ON DELETE CASCADE,
            sha256 TEXT NOT NULL,
            quality REAL NOT NULL,
            created_at TEXT NOT NULL,
            landmarks BLOB NOT NULL,
            crop BLOB NOT NULL,
            jpeg BLOB NOT NULL,
            UNIQUE (person_id, sha256),
            UNIQUE (photo_id, person_id)
        ) STRICT"""
    )
    db.execute(
        """CREATE TABLE templates (
            template_id INTEGER PRIMARY KEY AUTOINCREMENT,
            person_id TEXT NOT NULL,
            photo_id INTEGER NOT NULL,
            model_id TEXT NOT NULL,
            quality REAL NOT NULL,
            created_at TEXT NOT NULL,
            embedding BLOB NOT NULL,
            FOREIGN KEY (photo_id, person_id) REFERENCES photos (photo_id, person_id) ON DELETE CASCADE
        ) STRICT"""
    )
    db.execute("CREATE INDEX templates_by_photo ON templates (photo_id, person_id)")
    db.execute("CREATE INDEX templates_by_person ON templates (person_id, model_id)")
    db.execute("CREATE INDEX templates_by_model ON templates (model_id)")


def create_journal(db: SqliteDatabase) -> None:
    """Create the append-only journal.

    The canonical text is the only truth of a row: what is filtered on is generated from it when the row is
    written. Who has the key could store something else later; verification compares them.
    """
    db.execute(
        """CREATE TABLE journal (
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
        ) STRICT"""
    )
    # Each index ends with seq, so that the newest rows of an outcome or a camera need no sorting.
    db.execute("CREATE INDEX journal_by_kind ON journal (kind)")
    db.execute("CREATE INDEX journal_by_time ON journal (at_utc)")
    db.execute("CREATE INDEX journal_by_person ON journal (person_id, outcome, at_utc)")
    db.execute("CREATE INDEX journal_by_outcome ON journal (outcome)")
    db.execute("CREATE INDEX journal_by_camera ON journal (camera)")
    for verb in ("UPDATE", "DELETE"):
        db.execute(
            f"""CREATE TRIGGER journal_refuses_{verb.lower()} BEFORE {verb} ON journal
            BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"""
        )


def create_crops(db: SqliteDatabase) -> None:
    """Create the face crops of entries, which may be erased: the journal has only their digests."""
    db.execute(
        """CREATE TABLE crops (
            seq INTEGER PRIMARY KEY REFERENCES journal,
            salt BLOB NOT NULL,
            jpeg BLOB NOT NULL
        ) STRICT"""
    )


def create_policies(db: SqliteDatabase) -> None:
    """Create the table of what has been decided about deciding, as JSON by key."""
    db.execute("CREATE TABLE policies (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID")


def split_cameras(db: SqliteDatabase) -> None:
    """Move what belongs to the camera out of the door's policy: a door may have several."""
    row = db.execute("SELECT value FROM policies WHERE key = 'door'").fetchone()
    if row is None:
        return
    door = json.loads(row[0])
    names = {
        "camera_name": "name",
        "source": "source",
        "direction": "passage",
        "smallest_face_px": "smallest_face_px",
    }
    camera = {new: door.pop(old) for old, new in names.items() if old in door}
    db.execute("UPDATE policies SET value = ? WHERE key = 'door'", [json.dumps(door, sort_keys=True)])
    if camera:
        cameras = json.dumps({"cameras": [camera]}, sort_keys=True)
        db.execute("INSERT INTO policies (key, value) VALUES ('cameras', ?)", [cameras])


def create_outbox(db: SqliteDatabase) -> None:
    """Create the list of journal rows that other programs are still to be told of."""
    db.execute(
        """CREATE TABLE outbox (
            channel_id TEXT NOT NULL,
            seq INTEGER NOT NULL REFERENCES journal,
            attempts INTEGER NOT NULL,
            due_at TEXT NOT NULL,
            PRIMARY KEY (channel_id, seq)
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute("CREATE INDEX outbox_by_seq ON outbox (seq)")


def create_pins(db: SqliteDatabase) -> None:
    """Create PINs, and the failures in a row by door and digest of the staff number typed."""
    db.execute(
        """CREATE TABLE pins (
            person_id TEXT PRIMARY KEY REFERENCES people ON DELETE CASCADE,
            hash TEXT NOT NULL
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute(
        """CREATE TABLE pin_failures (
            scope TEXT NOT NULL,
            door TEXT NOT NULL,
            failures INTEGER NOT NULL,
            blocked_until TEXT,
            PRIMARY KEY (scope, door)
        ) STRICT, WITHOUT ROWID"""
    )


def create_group_members(db: SqliteDatabase) -> None:
    """Create who is in which access group; the groups are a policy."""
    db.execute(
        """CREATE TABLE group_members (
            group_id TEXT NOT NULL,
            person_id TEXT NOT NULL REFERENCES people ON DELETE CASCADE,
            PRIMARY KEY (group_id, person_id)
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute("CREATE INDEX group_members_by_person ON group_members (person_id)")


def index_voids(db: SqliteDatabase) -> None:
    """Find what voids an entry without reading the journal."""
    db.execute(
        "CREATE INDEX journal_voids ON journal (json_extract(canonical, '$.details.entry'))"
        " WHERE kind = 'entry_voided'"
    )


def create_journal_head(db: SqliteDatabase) -> None:
    """Create the signed end of the journal: one row, written with each row of the journal."""
    db.execute(
        """CREATE TABLE journal_head (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            seq INTEGER NOT NULL,
            hash BLOB NOT NULL CHECK (length(hash) = 32),
            signature BLOB NOT NULL CHECK (length(signature) = 64)
        ) STRICT"""
    )


def create_operators(db: SqliteDatabase) -> None:
    """Create who may use the program, and their failures in a row to sign in."""
    db.execute(
        """CREATE TABLE operators (
            name_key TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            role TEXT NOT NULL,
            hash TEXT NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute(
        """CREATE TABLE sign_in_failures (
            name_key TEXT PRIMARY KEY,
            failures INTEGER NOT NULL,
            blocked_until TEXT
        ) STRICT, WITHOUT ROWID"""
    )


def create_journal_start(db: SqliteDatabase) -> None:
    """Create the place where the journal starts: rows before it were kept long enough.

    A row of the journal itself names it, so that nobody without the signing key can move it.
    """
    db.execute(
        """CREATE TABLE journal_start (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            seq INTEGER NOT NULL,
            hash BLOB NOT NULL CHECK (length(hash) = 32)
        ) STRICT"""
    )
    db.execute("INSERT INTO journal_start VALUES (1, 0, zeroblob(32))")
    db.execute("DROP TRIGGER journal_refuses_delete")
    db.execute(
        """CREATE TRIGGER journal_refuses_delete BEFORE DELETE ON journal
        WHEN old.seq > (SELECT seq FROM journal_start)
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"""
    )


def add_photo_digests(db: SqliteDatabase) -> None:
    """Give each photo the digest of what is kept of it: a page that a disk lost reads as zeros.

    SQLCipher authenticates every page but those that are all zeros.
    """
    db.execute("ALTER TABLE photos ADD COLUMN digest BLOB")
    for photo_id, crop, jpeg in db.execute("SELECT photo_id, crop, jpeg FROM photos").fetchall():
        digest = photo_digest(bytes(crop), bytes(jpeg))
        db.execute("UPDATE photos SET digest = ? WHERE photo_id = ?", [digest, photo_id])


def photo_digest(crop: bytes, jpeg: bytes) -> bytes:
    """Return the SHA-256 over what is kept of a photo."""
    return hashlib.sha256(hashlib.sha256(crop).digest() + jpeg).digest()


def create_notes(db: SqliteDatabase) -> None:
    """Create the free texts of journal rows, which may be erased: the journal has only their digests."""
    db.execute(
        """CREATE TABLE notes (
            seq INTEGER PRIMARY KEY REFERENCES journal,
            salt BLOB NOT NULL,
            text TEXT NOT NULL
        ) STRICT"""
    )


def create_schedules(db: SqliteDatabase) -> None:
    """Create work schedules and whom they hold for from when to when; neither person nor department: all."""
    db.execute(
        """CREATE TABLE schedules (
            schedule_id TEXT PRIMARY KEY,
            name TEXT NOT NULL CHECK (length(name) > 0),
            rules TEXT NOT NULL
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute(
        """CREATE TABLE assignments (
            assignment_id INTEGER PRIMARY KEY AUTOINCREMENT,
            schedule_id TEXT NOT NULL REFERENCES schedules,
            person_id TEXT REFERENCES people ON DELETE CASCADE,
            department TEXT,
            first_day TEXT NOT NULL,
            last_day TEXT,
            CHECK (person_id IS NULL OR department IS NULL),
            CHECK (last_day IS NULL OR last_day >= first_day)
        ) STRICT"""
    )
    db.execute("CREATE INDEX assignments_by_person ON assignments (person_id)")
    db.execute("CREATE INDEX assignments_by_schedule ON assignments (schedule_id)")


def create_absences(db: SqliteDatabase) -> None:
    """Create absences under the number of the journal row that entered them; removed ones stay."""
    db.execute(
        """CREATE TABLE absences (
            seq INTEGER PRIMARY KEY REFERENCES journal,
            person_id TEXT NOT NULL REFERENCES people ON DELETE CASCADE,
            kind TEXT NOT NULL,
            part TEXT NOT NULL,
            first_day TEXT NOT NULL,
            last_day TEXT NOT NULL CHECK (last_day >= first_day),
            removed_by INTEGER REFERENCES journal
        ) STRICT"""
    )
    db.execute("CREATE INDEX absences_by_person ON absences (person_id, first_day)")
    db.execute("CREATE INDEX absences_by_day ON absences (first_day)")


def index_log_columns(db: SqliteDatabase) -> None:
    """Let the log be filtered and sorted by whatever it shows; each index ends with seq."""
    for name in ("door", "method"):
        column = f"{name} TEXT AS (json_extract(canonical, '$.details.{name}'))"
        db.execute(f"ALTER TABLE journal ADD COLUMN {column}")
        db.execute(f"CREATE INDEX journal_by_{name} ON journal ({name})")
    db.execute("CREATE INDEX journal_by_reason ON journal (reason, outcome)")
    db.execute(
        "CREATE INDEX journal_by_outcome_and_distance ON journal (outcome, coalesce(distance, 9.0))"
        " WHERE kind = 'entry'"
    )
    db.execute(
        "CREATE INDEX journal_by_person_and_distance ON journal (person_id, coalesce(distance, 9.0))"
        " WHERE kind = 'entry'"
    )
    db.execute("CREATE INDEX journal_by_distance ON journal (coalesce(distance, 9.0))")
    db.execute("CREATE INDEX journal_of_person ON journal (person_id)")


def index_counts(db: SqliteDatabase) -> None:
    """Let entries be counted by day, hour, reason and distance without reading one of them."""
    db.execute(
        "CREATE INDEX journal_counts ON journal (at_utc, outcome, reason, camera, door, person_id,"
        " model_id, distance, is_recording, kind)"
    )


def create_consents(db: SqliteDatabase) -> None:
    """Create the texts that people agree to, each version for good, and who agreed to which."""
    db.execute(
        """CREATE TABLE consent_texts (
            version INTEGER PRIMARY KEY AUTOINCREMENT,
            language TEXT NOT NULL CHECK (length(language) > 0),
            text TEXT NOT NULL CHECK (length(text) > 0),
            created_at TEXT NOT NULL
        ) STRICT"""
    )
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    db.table("consent_texts").insert_all(
        {"language": language, "text": text, "created_at": now} for language, text in FIRST_TEXTS
    )
    for verb in ("UPDATE", "DELETE"):
        db.execute(
            f"""CREATE TRIGGER consent_texts_refuse_{verb.lower()} BEFORE {verb} ON consent_texts
            BEGIN SELECT RAISE(ABORT, 'people agreed to this text'); END"""
        )
    db.execute(
        """CREATE TABLE consents (
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
        ) STRICT"""
    )
    db.execute("CREATE INDEX consents_by_person ON consents (person_id)")


def create_look_alikes(db: SqliteDatabase) -> None:
    """Create the pairs of people who look alike and were said to be two people."""
    db.execute(
        """CREATE TABLE look_alikes (
            first_id TEXT NOT NULL REFERENCES people ON DELETE CASCADE,
            second_id TEXT NOT NULL REFERENCES people ON DELETE CASCADE,
            marked_at TEXT NOT NULL,
            PRIMARY KEY (first_id, second_id),
            CHECK (first_id < second_id)
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute("CREATE INDEX look_alikes_by_second ON look_alikes (second_id)")


def add_crop_landmarks(db: SqliteDatabase) -> None:
    """Keep the landmarks of an entry's loose crop; crops of before are aligned faces without any.

    (5, 2) little-endian float32, pixels of the crop.
    """
    db.execute("ALTER TABLE crops ADD COLUMN landmarks BLOB")


def create_visitor_faces(db: SqliteDatabase) -> None:
    """Create the faces of people who were not recognised, kept for some hours; each goes with its crop.

    `joined` is the number that faces have in common which an operator says show one person,
    `ignored` why nobody is to be asked about a face. A crop that turned out to show somebody who was
    enrolled from it goes with that person.
    """
    db.execute(
        """CREATE TABLE visitor_faces (
            seq INTEGER PRIMARY KEY REFERENCES crops ON DELETE CASCADE,
            model_id TEXT NOT NULL,
            embedding BLOB NOT NULL,
            kept_at TEXT NOT NULL,
            joined INTEGER,
            ignored TEXT
        ) STRICT"""
    )
    db.execute("ALTER TABLE crops ADD COLUMN shows TEXT REFERENCES people ON DELETE CASCADE")
    db.execute("CREATE INDEX crops_by_whom_they_show ON crops (shows) WHERE shows IS NOT NULL")


def add_hiding_and_merging(db: SqliteDatabase) -> None:
    """Let people and photos be deleted and restored, and people be merged and parted again.

    Who was merged keeps a row, so that the journal's rows are read as the other person's; it goes
    with that person.
    """
    db.execute("ALTER TABLE people ADD COLUMN hidden_at TEXT")
    db.execute("ALTER TABLE people ADD COLUMN merged_into TEXT REFERENCES people ON DELETE CASCADE")
    db.execute("ALTER TABLE people ADD COLUMN owner_id TEXT AS (coalesce(merged_into, person_id))")
    db.execute("CREATE INDEX people_by_owner ON people (owner_id)")
    db.execute("CREATE INDEX people_by_merging ON people (merged_into)")
    db.execute("ALTER TABLE photos ADD COLUMN hidden_at TEXT")


def create_findings_kept(db: SqliteDatabase) -> None:
    """Create what somebody said is fine about a person's photos, until they change."""
    db.execute(
        """CREATE TABLE findings_kept (
            kind TEXT NOT NULL,
            person_id TEXT NOT NULL REFERENCES people ON DELETE CASCADE,
            about TEXT NOT NULL,
            PRIMARY KEY (kind, person_id, about)
        ) STRICT, WITHOUT ROWID"""
    )


def tell_imported_texts(db: SqliteDatabase) -> None:
    """Tell consent texts that came with people of another installation from one's own."""
    db.execute("ALTER TABLE consent_texts ADD COLUMN is_imported INTEGER NOT NULL DEFAULT 0")


def create_shadow_decisions(db: SqliteDatabase) -> None:
    """Create what a model on trial would have decided about entries, each from the entry's crop.

    `is_by_picture`: it said something else than the entry, but from the crop alone, without the rest of
    the visit, the model in use would have said the same.
    """
    db.execute(
        """CREATE TABLE shadow_decisions (
            seq INTEGER PRIMARY KEY REFERENCES crops ON DELETE CASCADE,
            model_id TEXT NOT NULL,
            outcome TEXT NOT NULL,
            person_id TEXT REFERENCES people ON DELETE CASCADE,
            distance REAL,
            is_by_picture INTEGER NOT NULL CHECK (is_by_picture IN (0, 1))
        ) STRICT"""
    )
    db.execute("CREATE INDEX shadow_decisions_by_person ON shadow_decisions (person_id)")


def add_email(db: SqliteDatabase) -> None:
    """Let a person have an e-mail address."""
    db.execute("ALTER TABLE people ADD COLUMN email TEXT NOT NULL DEFAULT ''")


def create_refused_doubles(db: SqliteDatabase) -> None:
    """Create whom photos may show that weren't stored for that."""
    db.execute(
        """CREATE TABLE refused_doubles (
            sha256 TEXT NOT NULL,
            person_id TEXT NOT NULL REFERENCES people ON DELETE CASCADE,
            refused_at TEXT NOT NULL,
            PRIMARY KEY (sha256, person_id)
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute("CREATE INDEX refused_doubles_by_person ON refused_doubles (person_id)")


def allow_split_shifts(db: SqliteDatabase) -> None:
    """Let a day have several times of work, and weeks take turns; an older program can't count them."""
    for schedule_id, rules in db.execute("SELECT schedule_id, rules FROM schedules").fetchall():
        values = json.loads(rules)
        shifts = [None if shift is None else {**shift, "later": []} for shift in values["shifts"]]
        changed = json.dumps({**values, "shifts": shifts, "first_week": None}, sort_keys=True)
        db.execute("UPDATE schedules SET rules = ? WHERE schedule_id = ?", [changed, schedule_id])


def fold_names_and_numbers(db: SqliteDatabase) -> None:
    """Compare names and staff numbers in one folded form, unique for numbers.

    Of people whose numbers are the same in it one keeps it: who is there, the earliest first. The others
    keep their number as it is written, without a key, until somebody gives them another.
    """
    db.execute("ALTER TABLE people ADD COLUMN number_key TEXT")
    people = db.execute(
        "SELECT person_id, name, staff_number, department, email FROM people"
        " ORDER BY merged_into IS NOT NULL, hidden_at IS NOT NULL, created_at, person_id"
    ).fetchall()
    taken: set[str | None] = {None}
    for person_id, *texts in people:
        columns = ("name", "staff_number", "department", "email")
        keys = search_keys(dict(zip(columns, texts, strict=True)))
        if keys["number_key"] in taken:
            if keys["number_key"]:
                logger.warning("The staff number of %s is another person's, too", person_id)
            keys["number_key"] = None
        taken.add(keys["number_key"])
        db.table("people").update(person_id, keys)
    db.execute("CREATE UNIQUE INDEX people_by_number ON people (number_key)")
    for key, name in db.execute("SELECT name_key, name FROM operators").fetchall():
        # Of two operators of one folded name the first can sign in; an admin sees the other in the list.
        db.execute("UPDATE OR IGNORE operators SET name_key = ? WHERE name_key = ?", [fold(name), key])


def count_failures_in_one_table(db: SqliteDatabase) -> None:
    """Count what was tried in vain in one table, with waits that end by the machine's own clock, too."""
    db.execute(
        """CREATE TABLE failures (
            key TEXT NOT NULL,
            place TEXT NOT NULL,
            failures INTEGER NOT NULL,
            blocked_until TEXT,
            boot TEXT,
            blocked_until_s REAL,
            PRIMARY KEY (key, place)
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute(
        "INSERT INTO failures (key, place, failures, blocked_until)"
        " SELECT scope, door, failures, blocked_until FROM pin_failures"
        " UNION ALL SELECT name_key, char(0) || 'sign-in', failures, blocked_until FROM sign_in_failures"
    )
    db.execute("DROP TABLE pin_failures")
    db.execute("DROP TABLE sign_in_failures")


def create_seals(db: SqliteDatabase) -> None:
    """Create the salts of the digests that the journal has of records, with the row of the last one.

    What is in the folder now is sealed when the program opens it.
    """
    db.execute(
        """CREATE TABLE seals (
            subject TEXT PRIMARY KEY,
            salt BLOB NOT NULL CHECK (length(salt) = 16),
            seq INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute("CREATE INDEX seals_by_row ON seals (seq)")


MIGRATIONS: tuple[Migration, ...] = (
    create_people,
    create_templates,
    create_journal,
    create_crops,
    create_policies,
    split_cameras,
    create_outbox,
    create_pins,
    create_group_members,
    index_voids,
    create_journal_head,
    create_operators,
    create_journal_start,
    add_photo_digests,
    create_notes,
    create_schedules,
    create_absences,
    index_log_columns,
    index_counts,
    create_consents,
    create_look_alikes,
    add_crop_landmarks,
    create_visitor_faces,
    add_hiding_and_merging,
    create_findings_kept,
    tell_imported_texts,
    create_shadow_decisions,
    add_email,
    create_refused_doubles,
    allow_split_shifts,
    fold_names_and_numbers,
    count_failures_in_one_table,
    create_seals,
)


def schema_version(db: SqliteDatabase) -> int:
    """Return how many migrations a database has had."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def refuse_newer(db: SqliteDatabase, path: Path, migrations: tuple[Migration, ...] = MIGRATIONS) -> None:
    """Raise `StoreError` for a database that a newer program has changed."""
    version = schema_version(db)
    if version > len(migrations):
        raise StoreError(
            "The database {path} was made by a newer FaceAccess (schema {version}, this one knows {known}).",
            "Install that version; nothing was changed.",
            path=path,
            version=version,
            known=len(migrations),
        )


def migrate(db: SqliteDatabase, path: Path, migrations: tuple[Migration, ...] = MIGRATIONS) -> None:
    """Bring a database to the newest schema, keeping a copy of an older file first.

    The caller is the only writer. All missing steps are one transaction: it ends migrated or as it was.

    Raises:
        StoreError: the database is newer, or there is no room for the copy.
    """
    refuse_newer(db, path, migrations)
    version = schema_version(db)
    if version == len(migrations):
        return
    if version > 0:
        copy = _keep_copy(db, path, version)
        logger.info("Database copied to %s before migrating from schema %d", copy, version)
    db.execute("BEGIN IMMEDIATE")
    try:
        for migration in migrations[version:]:
            migration(db)
        db.execute(f"PRAGMA user_version = {len(migrations)}")
        db.execute("COMMIT")
    except BaseException:
        if db.conn.in_transaction:
            db.execute("ROLLBACK")
        raise
    logger.info("Database migrated from schema %d to %d", version, len(migrations))


def kept_copies(path: Path) -> list[Path]:
    """Return the copies of a database that were kept before updates."""
    return sorted(path.parent.glob(f"{path.stem}.schema*{path.suffix}*"))


def _keep_copy(db: SqliteDatabase, path: Path, version: int) -> Path:
    """Copy the database file whole, with everything that its log still holds."""
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    copy = path.with_name(f"{path.stem}.schema{version}{path.suffix}")
    part = copy.with_name(copy.name + ".new")
    with mapped_faults(copy):
        try:
            shutil.copyfile(path, part)
            os.chmod(part, 0o600)
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            os.replace(part, copy)
            sync_folder(copy.parent)
        finally:
            part.unlink(missing_ok=True)
    return copy
