"""People in one file for another installation: an encrypted database under a passphrase, as a backup is.

Every page is authenticated, what each value may be stands in one place, and a file whose tables are any
others is refused: whoever wrote it, everything read has passed that.
"""

import json
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self

import numpy as np
from sqlcipher3 import dbapi2 as sqlcipher

from faceaccess.errors import StoreError, Text
from faceaccess.foreign_files import open_file
from faceaccess.store import clock
from faceaccess.store.file.faults import mapped_faults
from faceaccess.store.file.pages import lost_pages
from faceaccess.store.keys.keys import sync_folder
from faceaccess.store.keys.passphrase_file import open_under_passphrase
from faceaccess.store.people.people_tables import SOUND, TABLES
from faceaccess.store.people.types import ConsentText, NewConsent, Person, WholePhoto

SCHEMA = 2
GREATEST_BYTES = 64 * 2**30
GREATEST_IN_MEMORY_BYTES = 256 * 2**20
"""Of what is in memory while people are imported: texts and signatures, but no photos."""

_IN_MEMORY_BYTES = """
    SELECT (SELECT total(1000 + length(name || department || email) + ifnull(length(signature), 0))
        FROM people)
        + (SELECT total(length(text)) FROM texts) + (SELECT 200 * count(*) FROM photos)"""

LEAST_PASSPHRASE = 12
"""As for the passwords of operators."""

_OLD_MARK = b"FAPEOPLE"
_PAGE_BYTES = 4096
_FLOAT = np.dtype("<f4")


@dataclass(frozen=True, eq=False)
class PackedPerson:
    """A person of a file.

    Attributes:
        number: in the file, from 1.
        consent: the one in force, its `version` being the number of its text in the file; None without.
        photos: numbers and SHA-256 of the photos' original files, oldest first.
    """

    number: int
    name: str
    staff_number: str | None
    department: str
    email: str
    is_active: bool
    consent: NewConsent | None
    photos: tuple[tuple[int, str], ...]


class PeopleFileWriter:
    """Writes a file, which is there whole or not at all."""

    def __init__(self, path: Path, passphrase: str, texts: Sequence[ConsentText]) -> None:
        """Begin a file. Slow on purpose.

        Args:
            path: of the file, which may be replaced.
            passphrase: opens it, and nothing else does.
            texts: that people of it agreed to.

        Raises:
            StoreError: the passphrase is too short, or the file can't be written.
        """
        if len(passphrase.strip()) < LEAST_PASSPHRASE:
            raise StoreError(
                "The file needs a passphrase of at least {least_passphrase} characters.",
                "Give one that isn't used elsewhere.",
                least_passphrase=LEAST_PASSPHRASE,
            )
        self._path, self._part, self._people = path, path.with_name(path.name + ".part"), 0
        with mapped_faults(path):
            self._part.unlink(missing_ok=True)
            os.close(os.open(self._part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
            self._db = open_under_passphrase(self._part, passphrase)
            self._db.execute("PRAGMA journal_mode = MEMORY").fetchall()
            self._db.execute("BEGIN")
            for table in TABLES.values():
                self._db.execute(table)
            rows = [(text.version, text.language, text.text) for text in texts]
            self._db.executemany("INSERT INTO texts VALUES (?, ?, ?)", rows)

    def add(self, person: Person, photos: Sequence[WholePhoto], consent: NewConsent | None) -> None:
        """Append a person; the consent's `version` is that of one of the texts."""
        self._people += 1
        values = (self._people, person.name, person.staff_number, person.department, person.email)
        with mapped_faults(self._path):
            row = (*values, int(person.is_active), *_consent_values(consent))
            self._db.execute(f"INSERT INTO people VALUES ({', '.join('?' * len(row))})", row)
            for photo in photos:
                landmarks = photo.landmarks.astype(_FLOAT).tobytes()
                whole = (self._people, photo.sha256, photo.quality, landmarks, photo.crop, photo.jpeg)
                insert = "INSERT INTO photos VALUES (NULL, ?, ?, ?, ?, ?, ?)"
                number = self._db.execute(insert, whole).lastrowid
                embeddings = [
                    (number, model_id, embedding.astype(_FLOAT).tobytes())
                    for model_id, embedding in photo.embeddings.items()
                ]
                self._db.executemany("INSERT INTO embeddings VALUES (?, ?, ?)", embeddings)

    def finish(self) -> None:
        """Put the file into place."""
        facts = {"schema": SCHEMA, "made_at": clock.to_text(clock.utc_now()), "people": self._people}
        with mapped_faults(self._path):
            self._db.execute("INSERT INTO people_facts VALUES (?)", [json.dumps(facts)])
            self._db.execute("COMMIT")
            self._db.close()
            with self._part.open("rb+") as file:
                os.fsync(file.fileno())
            os.replace(self._part, self._path)
            sync_folder(self._path.parent)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        """Leave nothing half done."""
        self._db.close()
        self._part.unlink(missing_ok=True)


class PeopleFile:
    """An open file whose pages and tables were checked. May be read on several threads."""

    def __init__(self, db: Any, facts: dict[str, Any]) -> None:  # noqa: ANN401 - sqlcipher3 has no annotations
        """Use `opened`."""
        self._db, self._reading = db, threading.Lock()
        self.made_at: datetime = clock.from_text(str(facts["made_at"]))

    @classmethod
    @contextmanager
    def opened(cls, path: Path, passphrase: str) -> "Iterator[PeopleFile]":
        """Give an open file, checked whole. Slow on purpose.

        Raises:
            StoreError: it is something else, of another version, damaged, cut off, holds what can't be,
                or the passphrase is another's.
        """
        with mapped_faults(path):
            _check_kind(path)
            db = open_under_passphrase(path, passphrase, mode="ro")
            try:
                yield cls(db, _checked_facts(db, path))
            except sqlcipher.DatabaseError as exc:
                raise StoreError(
                    "{path} is damaged.", "Copy it anew. Nothing was changed.", path=path
                ) from exc
            finally:
                db.close()

    def texts(self) -> dict[int, tuple[str, str]]:
        """Return the consent texts with their languages, by number."""
        return {number: (language, text) for number, language, text in self._rows("SELECT * FROM texts")}

    def people(self) -> list[PackedPerson]:
        """Return the people in the order in which they were written."""
        photos: dict[int, list[tuple[int, str]]] = {}
        for person, photo, sha256 in self._rows("SELECT person, photo, sha256 FROM photos ORDER BY photo"):
            photos.setdefault(person, []).append((photo, sha256))
        people = self._rows("SELECT * FROM people ORDER BY number")
        return [
            PackedPerson(
                number,
                name,
                staff_number,
                department,
                email,
                bool(is_active),
                _consent(consent),
                tuple(photos.get(number, ())),
            )
            for number, name, staff_number, department, email, is_active, *consent in people
        ]

    def photo(self, number: int) -> WholePhoto:
        """Return a photo with its embeddings; the caller checks its pictures."""
        ((sha256, quality, landmarks, crop, jpeg),) = self._rows(
            "SELECT sha256, quality, landmarks, crop, jpeg FROM photos WHERE photo = ?", number
        )
        embeddings = self._rows("SELECT model_id, embedding FROM embeddings WHERE photo = ?", number)
        return WholePhoto(
            sha256,
            quality,
            np.frombuffer(landmarks, _FLOAT).reshape(5, 2).astype(np.float32),
            bytes(crop),
            bytes(jpeg),
            {model_id: np.frombuffer(blob, _FLOAT).astype(np.float32) for model_id, blob in embeddings},
        )

    def _rows(self, query: str, *values: object) -> list[Any]:
        with self._reading:
            return list(self._db.execute(query, values).fetchall())


def _check_kind(path: Path) -> None:
    with open_file(path, GREATEST_BYTES) as file:
        start = file.read(len(_OLD_MARK))
    if start == _OLD_MARK:
        raise StoreError(
            "{path} was written by an older FaceAccess, in a form that is no longer read.",
            "Install this version there, and export it anew.",
            path=path,
        )
    size = path.stat().st_size
    if size < _PAGE_BYTES or size % _PAGE_BYTES:
        raise StoreError(
            "{path} is not a file of people, or a part of it is missing.", "Copy it anew.", path=path
        )


def _checked_facts(db: Any, path: Path) -> dict[str, Any]:  # noqa: ANN401 - sqlcipher3 has no annotations
    """Return a file's own description, after its tables, its pages and all values were checked."""
    try:
        tables = dict(db.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall())
    except sqlcipher.DatabaseError as exc:
        raise StoreError(
            "{path} can't be opened with this passphrase, or is damaged.", "Try it again.", path=path
        ) from exc
    facts = _facts(db) if "people_facts" in tables else {}
    if int(facts.get("schema", 0)) > SCHEMA:
        raise StoreError("{path} was written by a newer FaceAccess.", "Install that version.", path=path)
    if tables != TABLES or facts.get("schema") != SCHEMA:
        raise StoreError("{path} is not a file of people.", "Choose one that FaceAccess exported.", path=path)
    if db.execute("PRAGMA cipher_integrity_check").fetchall() or lost_pages(path):
        raise StoreError("{path} is damaged.", "Copy it anew. Nothing was changed.", path=path)
    if db.execute(_IN_MEMORY_BYTES).fetchone()[0] > GREATEST_IN_MEMORY_BYTES:
        raise StoreError("{path} holds too many people.", "Export them in several files.", path=path)
    faults = [row[0] for row in db.execute("PRAGMA integrity_check(5)")]
    odd = [
        table
        for table, sound in SOUND.items()
        if db.execute(f"SELECT EXISTS (SELECT 1 FROM {table} WHERE ({sound}) IS NOT 1)").fetchone()[0]
    ]
    if faults != ["ok"] or odd or db.execute("PRAGMA foreign_key_check").fetchall():
        raise wrong(
            Text("something in its {table}", {"table": odd[0]}) if odd else Text("something in its tables")
        )
    return facts


def _facts(db: Any) -> dict[str, Any]:  # noqa: ANN401 - sqlcipher3 has no annotations
    try:
        facts = json.loads(db.execute("SELECT facts FROM people_facts").fetchone()[0])
        clock.from_text(str(facts["made_at"]))
        return {**facts, "schema": int(facts["schema"])}
    except (ValueError, TypeError, KeyError) as exc:
        raise wrong(Text("its own description")) from exc


def wrong(what: Text) -> StoreError:
    """Return the error for a file that holds impossible values."""
    return StoreError(
        "The file holds {what} that can't be right.", "It wasn't written by this program.", what=what
    )


def _consent_values(consent: NewConsent | None) -> tuple[object, ...]:
    if consent is None:
        return (None,) * 5
    days = [day and day.isoformat() for day in (consent.given_on, consent.expires_on, consent.review_on)]
    return consent.version, *days, consent.signature


def _consent(values: Sequence[Any]) -> NewConsent | None:
    text, given_on, expires_on, review_on, signature = values
    if text is None:
        return None
    return NewConsent(
        text,
        date.fromisoformat(given_on),
        expires_on and date.fromisoformat(expires_on),
        review_on and date.fromisoformat(review_on),
        None if signature is None else bytes(signature),
    )
