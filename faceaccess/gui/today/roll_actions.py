"""The list of the people in, on paper or as a file, for an evacuation."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QFileDialog, QWidget

from faceaccess.attendance.reports import Table
from faceaccess.errors import FaceAccessError
from faceaccess.gui import printing
from faceaccess.gui.background import run_in_background
from faceaccess.gui.notices import Notices
from faceaccess.gui.saved_files import tell_saved

if TYPE_CHECKING:
    from faceaccess.attendance.office import Office
    from faceaccess.store.access.access import Access


class RollActions(QObject):
    """Asks where to print or save, and reads in the background; each list is journalled."""

    busy_changed = Signal(bool)

    def __init__(self, access: "Access", office: "Office", notices: Notices, parent: QWidget) -> None:
        super().__init__(parent)
        self._access, self._office = access, office
        self._notices, self._page = notices, parent

    def print_roll(self, department: str | None) -> None:
        """Print the list on a printer of the operator's choice."""
        self._read(department, None, self._print)

    def save_roll(self, department: str | None) -> None:
        """Write the list as PDF."""
        name = f"present-{datetime.now():%Y-%m-%d-%H%M}.pdf"
        path, _ = QFileDialog.getSaveFileName(
            self._page.window(), self.tr("Save the list of people in"), name, self.tr("PDF (*.pdf)")
        )
        if path:
            self._read(department, Path(path), partial(self._on_saved, path))

    def _read(self, department: str | None, path: Path | None, on_done: Callable[..., None]) -> None:
        self.busy_changed.emit(True)
        # On the lane of the screen's reads: an evacuation doesn't wait for a long export.
        job = partial(_take_roll, self._access, self._office, department, path)
        run_in_background(job, on_done, self._on_failed, self)

    def _print(self, taken: tuple[Table, printing.Head]) -> None:
        self.busy_changed.emit(False)
        printer = printing.make_printer()
        dialog = QPrintDialog(printer, self._page.window())
        if dialog.exec():
            printing.print_table(taken[0], printer, taken[1])
            self._notices.notify(self.tr("The list went to the printer."), is_success=True)
        dialog.deleteLater()

    def _on_saved(self, path: str, _: object) -> None:
        self.busy_changed.emit(False)
        tell_saved(self._notices, self.tr("The list is in {0}.").format(path), Path(path))

    def _on_failed(self, error: FaceAccessError) -> None:
        self.busy_changed.emit(False)
        self._notices.fail(error)


def _take_roll(
    access: "Access", office: "Office", department: str | None, path: Path | None
) -> tuple[Table, printing.Head]:
    exports, now = office.exports, datetime.now(UTC)
    return exports.take_roll(access.actor, now=now, department=department, path=path)
