"""Translation outside a class, and marks for texts that are translated only where they are shown."""

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Return a text as it is; lupdate finds it by this name. Qt's own is typed as giving any object."""
    return text
