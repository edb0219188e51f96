"""Which column of somebody's table says what."""

import unicodedata
from collections.abc import Mapping, Sequence

from faceaccess.codes import ImportField
from faceaccess.errors import EnrolmentError
from faceaccess.people.table_reading import SourceTable

Columns = Mapping[ImportField, int]
"""The columns that are read, by what they say."""

# Headings of staff lists in English, German, French, Spanish, Italian, Portuguese, Dutch and Polish.
_WORDS: Mapping[ImportField, tuple[str, ...]] = {
    ImportField.STAFF_NUMBER: (
        "staff number", "staff no", "staff id", "number", "personnel number", "employee number", "no", "nr",
        "employee id", "employee no", "id", "personalnummer", "personalnr", "mitarbeiternummer", "nummer",
        "matricule", "numero", "numero de empleado", "matricola", "numero de matricula", "matricula",
        "personeelsnummer", "numer pracownika", "numer",
    ),
    ImportField.EMAIL: (
        "email", "e mail", "mail", "email address", "e mail address", "e mail adresse", "emailadresse",
        "courriel", "correo", "correo electronico", "adres e mail", "e mailadres", "posta elettronica",
    ),
    ImportField.PHOTO: (
        "photo", "photos", "picture", "pictures", "image", "images", "file", "photo file", "photo path",
        "path", "filename", "file name", "foto", "fotos", "bild", "bilder", "datei", "photographie",
        "imagen", "immagine", "imagem", "afbeelding", "zdjecie", "plik",
    ),
    ImportField.CONSENT_DATE: (
        "consent", "consent date", "consent given", "consented on", "einwilligung", "einwilligung am",
        "consentement", "consentimiento", "consenso", "consentimento", "toestemming", "zgoda",
    ),
    ImportField.DEPARTMENT: (
        "department", "dept", "team", "unit", "abteilung", "bereich", "departement", "service",
        "departamento", "dipartimento", "reparto", "afdeling", "dzial",
    ),
    ImportField.NAME: (
        "name", "full name", "person", "display name", "vollstandiger name", "vor und nachname", "nom",
        "nom complet", "nombre", "nombre completo", "nome", "nome completo", "naam", "volledige naam",
        "imie i nazwisko", "nazwisko",
    ),
}  # fmt: skip


def guessed(columns: Sequence[str]) -> dict[ImportField, int]:
    """Return which columns say what, by their headings: each field and each column at most once."""
    headings = [_plain(column) for column in columns]
    found: dict[ImportField, int] = {}
    for field, words in _WORDS.items():
        for word in words:
            at = next((n for n, heading in enumerate(headings) if heading == word), None)
            if at is not None and at not in found.values():
                found[field] = at
                break
    return found


def chosen(table: SourceTable, wanted: Mapping[ImportField, str]) -> dict[ImportField, int]:
    """Return which columns say what: as told where told, else as guessed.

    Args:
        table: whose columns they are.
        wanted: a heading or the number of a column (1 is the first) by field; "" for none.

    Raises:
        EnrolmentError: there is no such column.
    """
    told = {field: _column(table, text) for field, text in wanted.items()}
    taken = {at for at in told.values() if at is not None}
    guess = guessed(table.columns)
    found = {field: at for field, at in guess.items() if field not in told and at not in taken}
    return found | {field: at for field, at in told.items() if at is not None}


def _column(table: SourceTable, text: str) -> int | None:
    if not text.strip():
        return None
    for at, column in enumerate(table.columns):
        if _plain(column) == _plain(text):
            return at
    if text.strip().isdecimal() and 1 <= int(text) <= len(table.columns):
        return int(text) - 1
    raise EnrolmentError(f"There is no column {text!r}.", table.headings())


def _plain(heading: str) -> str:
    """Return a heading without case, accents and signs."""
    parted = unicodedata.normalize("NFKD", heading.casefold())
    letters = "".join(c if c.isalnum() else " " for c in parted if not unicodedata.combining(c))
    return " ".join(letters.replace("ł", "l").split())
