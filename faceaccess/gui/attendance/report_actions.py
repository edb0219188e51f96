"""The actions on a whole report: export it to a file, or close its month."""

from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from faceaccess.attendance.reading import ClosedMonth
from faceaccess.attendance.reports import ReportRequest
from faceaccess.codes import ReportFormat
from faceaccess.errors import FaceAccessError
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.confirming import confirms
from faceaccess.gui.notices import Notices
from faceaccess.gui.saved_files import tell_saved
from faceaccess.gui.wording import attendance as attendance_text

if TYPE_CHECKING:
    from faceaccess.attendance.office import Office
    from faceaccess.store.access.access import Access

_FORMATS = (ReportFormat.XLSX, ReportFormat.CSV, ReportFormat.PDF)


class ReportActions(QObject):
    """Asks, works in the background, and announces a closed month or a file being written."""

    month_closed = Signal()
    busy_changed = Signal(bool)

    def __init__(self, access: "Access", office: "Office", notices: Notices, parent: QWidget) -> None:
        super().__init__(parent)
        self._access, self._office = access, office
        self._notices, self._page = notices, parent

    def export(self, request: ReportRequest) -> None:
        """Write a report into a file of the operator's choice, of the format that its name ends with."""
        name = "-".join(part for part in (request.kind.value, request.period) if part)
        filters = {f"{format_.upper()} (*.{format_})": format_ for format_ in _FORMATS}
        chosen, chosen_filter = QFileDialog.getSaveFileName(
            self._page.window(),
            self.tr("Export the report"),
            f"{name}.{_FORMATS[0]}",
            ";;".join(filters),
        )
        if not chosen:
            return
        path = Path(chosen)
        ending = path.suffix.lower().removeprefix(".")
        format_ = next((format_ for format_ in _FORMATS if format_ == ending), None)
        if format_ is None:
            format_ = filters.get(chosen_filter, _FORMATS[0])
            path = path.with_name(f"{path.name}.{format_}")
            # The file dialog asked about the name without the ending.
            if path.exists() and not self._may_replace(path):
                return
        self.busy_changed.emit(True)
        job = partial(_export, self._access, self._office, request, path, format_)
        run_in_background(job, partial(self._on_exported, path), self._on_export_failed, self, lane=Lane.LONG)

    def _may_replace(self, path: Path) -> bool:
        return confirms(
            self._page,
            self.tr("Replace {0}?").format(path.name),
            self.tr("There is a file of that name in the folder."),
            verb=self.tr("Replace"),
            harmless=self.tr("Keep it"),
        )

    def close_month(self, month: date) -> None:
        """Close a month, once the operator has confirmed it."""
        if confirms(
            self._page,
            self.tr("Close {0} for payroll?").format(attendance_text.month(month)),
            self.tr(
                "Corrections stay possible, but are marked everywhere as made afterwards. "
                "The month can't be reopened."
            ),
            verb=self.tr("Close"),
            harmless=self.tr("Not yet"),
        ):
            job = partial(_close, self._access, self._office, month)
            run_in_background(job, self._on_closed, self._notices.fail, self)

    def _on_closed(self, closed: ClosedMonth) -> None:
        self._notices.notify(
            self.tr("{0} is closed.").format(attendance_text.month(closed.month)), is_success=True
        )
        self.month_closed.emit()

    def _on_exported(self, path: Path, _: object) -> None:
        self.busy_changed.emit(False)
        tell_saved(self._notices, self.tr("The report is in {0}.").format(path), path)

    def _on_export_failed(self, error: FaceAccessError) -> None:
        self.busy_changed.emit(False)
        self._notices.fail(error)


def _close(access: "Access", office: "Office", month: date) -> ClosedMonth:
    return office.timesheets.close_month(access.actor, month, now=datetime.now(UTC))


def _export(
    access: "Access", office: "Office", request: ReportRequest, path: Path, format_: ReportFormat
) -> int:
    return office.exports.export(access.actor, request, path, format_, now=datetime.now(UTC))
