"""A widget under test outlives the test's own reference to it."""

from functools import partial

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QFrame, QPushButton, QWidget


class _Page(QWidget):
    """Has a row whose button is all that refers to the page, and that is deleted after the test's end."""

    def __init__(self) -> None:
        super().__init__()
        row = QFrame(self)
        button = QPushButton(row)
        button.clicked.connect(partial(self._click, 1))
        self._row: QFrame | None = row

    def _click(self, number: int, _: bool = False) -> None:
        """Do nothing."""

    def drop_row(self, loop: QEventLoop) -> None:
        """Let go of the row in the same turn of the loop that ends it."""
        row, self._row = self._row, None
        row.deleteLater()
        loop.quit()


def test_a_page_is_not_deleted_from_within_its_own_row(qtbot) -> None:
    """Whether it is shows after the test: the process dies of it."""
    page = _Page()
    qtbot.addWidget(page)
    loop = QEventLoop()
    QTimer.singleShot(0, partial(page.drop_row, loop))
    loop.exec()
