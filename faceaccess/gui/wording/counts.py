"""The wording of numbers, in the plural forms of the language."""

from PySide6.QtCore import QObject


class Counts(QObject):
    """Wordings of numbers for code outside widgets: lupdate takes plurals only from an object's `tr`."""

    def people(self, count: int) -> str:
        """Return a number of people."""
        return self.tr("%n people", "", count)

    def months(self, count: int) -> str:
        """Return a number of months."""
        return self.tr("%n months", "", count)

    def photos(self, count: int) -> str:
        """Return a number of photos."""
        return self.tr("%n photos", "", count)

    def of_passes(self, count: int, whole: int) -> str:
        """Return how many of the passes at a door."""
        return self.tr("{0} of %n passes", "", whole).format(count)

    def those_not_told_apart(self, passes: int) -> str:
        """Return the strangers of so many passes whom nobody told apart."""
        return self.tr("those of %n passes, not told apart", "", passes)

    def reconnects(self, count: int) -> str:
        """Return the number of a camera's reconnects in the last hour."""
        return self.tr("%n reconnects in the last hour", "", count)

    def suspicions(self, count: int) -> str:
        """Return how often somebody at a door was suspected to be a picture."""
        return self.tr("%n times in ten minutes, somebody was not confirmed as live", "", count)

    def tries(self, count: int) -> str:
        """Return how often somebody tried."""
        return self.tr("%n tries", "", count)

    def waiting(self, count: int) -> str:
        """Return the number of notifications still to be sent."""
        return self.tr("%n waiting", "", count)
