"""The texts that people agree to, in all their versions."""

from faceaccess.errors import ConsentError
from faceaccess.store import clock
from faceaccess.store.file.database import Database
from faceaccess.store.people.types import ConsentText

CURRENT = "SELECT max(version) FROM consent_texts WHERE NOT is_imported GROUP BY language"


class ConsentTexts:
    """Reads and adds texts; each version stays for good.

    Inside `database.transaction()` it takes part in that one.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[ConsentText]:
        """Return all texts, newest first."""
        with self._database.reader() as db:
            current = {row[0] for row in db.execute(CURRENT).fetchall()}
            rows = list(db.query("SELECT * FROM consent_texts ORDER BY version DESC"))
        return [
            ConsentText(
                version=row["version"],
                language=row["language"],
                text=row["text"],
                created_at=clock.from_text(row["created_at"]),
                is_current=row["version"] in current,
            )
            for row in rows
        ]

    def get(self, version: int) -> ConsentText:
        """Return a text.

        Raises:
            ConsentError: there is no such version.
        """
        for text in self.all():
            if text.version == version:
                return text
        raise ConsentError(
            "There is no consent text {version}.", "See: faceaccess consents texts", version=version
        )

    def version_of(self, language: str, text: str) -> int:
        """Return the version of another installation's text, storing it if it is new here.

        It doesn't become the current one of its language.
        """
        for known in self.all():
            if (known.language, known.text) == (language, text):
                return known.version
        values = {
            "language": language,
            "text": text,
            "created_at": clock.to_text(clock.utc_now()),
            "is_imported": 1,
        }
        with self._database.transaction() as db:
            return int(db.table("consent_texts").insert(values).last_rowid or 0)

    def add(self, language: str, text: str) -> ConsentText:
        """Store a text as the current one of its language; earlier consents stay.

        Raises:
            ConsentError: the language or the text is empty.
        """
        language, text = language.strip().lower(), text.strip()
        if not language or not text:
            raise ConsentError("A consent text needs a language and words.", "Fill both in.")
        values = {"language": language, "text": text, "created_at": clock.to_text(clock.utc_now())}
        with self._database.transaction() as db:
            version = db.table("consent_texts").insert(values).last_rowid
        return self.get(int(version or 0))
