"""The wording of numbers, in the plural forms of the language."""

from PySide6.QtCore import QObject


class Counts(QObject):
    """Wordings of numbers for code outside widgets: lupdate takes plurals only from an object's `tr`."""

    def people(self, count: int) -> str:
        """Return a number of people."""
        return self.tr("%n people", "", count)

    def reconnects(self, count: int) -> str:
        """Return the number of a camera's reconnects in the last hour."""
        return self.tr("%n reconnects in the last hour", "", count)

    def waiting(self, count: int) -> str:
        """Return the number of notifications still to be sent."""
        return self.tr("%n waiting", "", count)
