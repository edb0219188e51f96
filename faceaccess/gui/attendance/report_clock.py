"""A clock that writes the reports that are due while the window is open."""

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from faceaccess.attendance.exports import Written
from faceaccess.errors import AttendanceError, FaceAccessError
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.notices import Notices
from faceaccess.gui.printing import write_pdf
from faceaccess.gui.saved_files import tell_saved
from faceaccess.gui.wording import failures
from faceaccess.store.access.types import SYSTEM

if TYPE_CHECKING:
    from faceaccess.attendance.office import Office

_EVERY_MS = 60_000


class ReportClock(QObject):
    """Looks once a minute; a failure is shown and tried again."""

    def __init__(self, office: "Office", notices: Notices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._exports, self._notices = office.exports, notices
        self._exports.pdf_writer = write_pdf
        self._is_busy = False
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Look now, and again every minute."""
        self._timer.start()
        self.look()

    def stop(self) -> None:
        """Stop looking."""
        self._timer.stop()

    def look(self) -> None:
        """Write the reports that are due."""
        if not self._is_busy:
            self._is_busy = True
            job = partial(self._exports.run_due, SYSTEM, now=datetime.now(UTC))
            run_in_background(job, self._on_done, self._on_failed, self, lane=Lane.LONG)

    def _on_done(self, written: list[Written]) -> None:
        self._is_busy = False
        for report in written:
            if report.error is None:
                tell_saved(
                    self._notices, self.tr("A report was written: {0}").format(report.path), report.path
                )
            else:
                self._on_failed(
                    AttendanceError(
                        self.tr("The report {0} could not be written: {1}").format(
                            report.path.name, failures.message(report.error)
                        ),
                        self.tr("It is tried again every minute."),
                    )
                )

    def _on_failed(self, error: FaceAccessError) -> None:
        self._is_busy = False
        self._notices.fail(error)
