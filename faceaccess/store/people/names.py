"""Names, staff numbers, departments and e-mail addresses: their valid forms, and how they are searched."""

import unicodedata
from collections.abc import Mapping

from faceaccess.errors import EnrolmentError, Text
from faceaccess.plain_text import has_hidden

MAX_NAME_LENGTH = 200
MAX_STAFF_NUMBER_LENGTH = 64
MAX_DEPARTMENT_LENGTH = 200
MAX_NOTE_LENGTH = 2000
MAX_EMAIL_LENGTH = 254
"""Source: RFC 5321, 4.5.3.1.3: a path has 256 characters, two of them its brackets."""


def clean_name(name: str) -> str:
    """Return a person's name in the form that is stored.

    Raises:
        EnrolmentError: it is empty, too long or has characters that can't be shown.
    """
    cleaned = _clean(name, Text("name"), MAX_NAME_LENGTH)
    if not cleaned:
        raise EnrolmentError("The name is empty.", "Enter the person's name.")
    return cleaned


def clean_staff_number(staff_number: str | None) -> str | None:
    """Return a staff number in the form that is stored, None when it is blank.

    Raises:
        EnrolmentError: it is too long or has characters that can't be shown.
    """
    return _clean(staff_number or "", Text("staff number"), MAX_STAFF_NUMBER_LENGTH) or None


def clean_department(department: str) -> str:
    """Return a department in the form that is stored; it may be empty.

    Raises:
        EnrolmentError: it is too long or has characters that can't be shown.
    """
    return _clean(department, Text("department"), MAX_DEPARTMENT_LENGTH)


def clean_email(email: str) -> str:
    """Return an e-mail address in the form that is stored; it may be empty.

    Whether it exists only a message to it can tell: one @ with something on both sides is enough.

    Raises:
        EnrolmentError: it is none, is too long or has characters that can't be shown.
    """
    cleaned = _clean(email, Text("e-mail address"), MAX_EMAIL_LENGTH)
    before, _, after = cleaned.partition("@")
    if cleaned and (not before or not after or "@" in after or any(c.isspace() for c in cleaned)):
        raise EnrolmentError(
            "{cleaned} is not an e-mail address.", "Write one like name@example.org.", cleaned=cleaned
        )
    return cleaned


def clean_note(text: str) -> str:
    """Return a note in the form that is stored, on one line; it may be empty.

    Raises:
        EnrolmentError: they are too long or have characters that can't be shown.
    """
    return _clean(" ".join(text.split()), Text("reason"), MAX_NOTE_LENGTH)


def person_texts(name: str, staff_number: str | None, department: str, email: str) -> dict[str, str | None]:
    """Return a person's texts in the form that is stored, by column.

    Raises:
        EnrolmentError: one of them can't be kept.
    """
    return {
        "name": clean_name(name),
        "staff_number": clean_staff_number(staff_number),
        "department": clean_department(department),
        "email": clean_email(email),
    }


def search_keys(texts: Mapping[str, str | None]) -> dict[str, str | None]:
    """Return the search keys of a person's texts, by column."""
    # A line break can't be part of a search, so nothing matches across two of the texts.
    return {
        "name_key": fold(texts["name"] or ""),
        "number_key": fold(texts["staff_number"] or "") or None,
        "search_key": "\n".join(fold(text or "") for text in texts.values()),
    }


def _clean(text: str, noun: Text, max_length: int) -> str:
    cleaned = unicodedata.normalize("NFC", text.strip())
    if has_hidden(cleaned):
        raise EnrolmentError("The {noun} contains a control character.", "Type it again by hand.", noun=noun)
    if len(cleaned) > max_length:
        raise EnrolmentError(
            "The {noun} has {count} characters; at most {max_length} are kept.",
            "Shorten it.",
            noun=noun,
            count=len(cleaned),
            max_length=max_length,
        )
    return cleaned


def fold(text: str) -> str:
    """Return text without differences of case, width, composition and blanks, for comparing."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).split())
