"""The core's errors and texts, in the language of the window."""

from PySide6.QtCore import QCoreApplication

from faceaccess.errors import FaceAccessError, Text


def translated(text: Text | str) -> str:
    """Return a text of the core; a name or a number stays as it is."""
    return text.filled(_tr) if isinstance(text, Text) else text


def message(error: FaceAccessError) -> str:
    """Return the message of an error."""
    return translated(error.message_text)


def hint(error: FaceAccessError) -> str:
    """Return the hint of an error; may be empty."""
    return translated(error.hint_text)


def whole(error: FaceAccessError) -> str:
    """Return the message and the hint of an error."""
    return translated(error.text)


def _tr(template: str) -> str:
    return QCoreApplication.translate("errors", template)
