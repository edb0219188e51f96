"""The transfer of people to another computer, or from one, in an encrypted file."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from faceaccess.codes import EnrolmentOutcome, Right
from faceaccess.errors import FaceAccessError
from faceaccess.gui.background import Lane, Progress, run_in_background
from faceaccess.gui.layout import STRETCH, column, row
from faceaccess.gui.models.import_model import Column
from faceaccess.gui.notices import Notices
from faceaccess.gui.plain import Label
from faceaccess.gui.saved_files import tell_saved
from faceaccess.gui.widgets.job_progress import JobProgress
from faceaccess.gui.widgets.password_dialogs import ask_passphrase
from faceaccess.gui.wording import arrivals as import_text
from faceaccess.people.arrivals.admission import AdmissionTerms
from faceaccess.people.arrivals.result import AdmissionResult
from faceaccess.people.arrivals.transfer import transferred

if TYPE_CHECKING:
    from faceaccess.people.reception import Reception
    from faceaccess.store.access.access import Access

_SUFFIX = ".fapeople"
_MOST_NAMED = 5


class TransferCard(QWidget):
    """Two buttons, out and in; `people_changed` says that people came in."""

    people_changed = Signal()

    def __init__(
        self, access: "Access", reception: "Reception", notices: Notices, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._access, self._reception = access, reception
        self._notices = notices
        explanation = Label(
            self.tr(
                "People with photos, templates and consents in one encrypted file. PINs, groups and entries"
                " stay here."
            ),
            self,
        )
        explanation.setWordWrap(True)
        self.export_button = QPushButton(self.tr("Export people…"), self)
        self.import_button = QPushButton(self.tr("Import people…"), self)
        self.job = JobProgress(self)
        line = row(self.export_button, self.import_button, STRETCH)
        column(explanation, line, self.job, parent=self)
        self.export_button.clicked.connect(self._export)
        self.import_button.clicked.connect(self._import)

    def load(self) -> None:
        """Offer what the operator may do."""
        self.export_button.setEnabled(self._access.may(Right.EXPORT))
        self.import_button.setEnabled(self._access.may(Right.ENROL))

    def _export(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self.window(), self.tr("Export people"), f"people{_SUFFIX}", self._kinds()
        )
        passphrase = path and ask_passphrase(
            self.window(),
            self.tr("Passphrase"),
            self.tr("Opens the file on the other computer. Keep it apart."),
            is_new=True,
        )
        if passphrase:
            progress = self._begin(self.tr("Writing…"))
            job = partial(_write, self._access, self._reception, Path(path), passphrase, progress)
            self._run(job, partial(self._on_written, path))

    def _import(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self.window(), self.tr("Import people"), "", self._kinds())
        passphrase = path and ask_passphrase(
            self.window(), self.tr("Passphrase"), self.tr("The passphrase that was given for this file.")
        )
        if passphrase:
            progress = self._begin(self.tr("Checking and enrolling…"))
            self._run(
                partial(_read, self._access, self._reception, Path(path), passphrase, progress), self._on_read
            )

    def _kinds(self) -> str:
        return self.tr("People of FaceAccess (*{0})").format(_SUFFIX)

    def _begin(self, message: str) -> Progress:
        for button in (self.export_button, self.import_button):
            button.setEnabled(False)
        return self.job.begin(message)

    def _run(self, job: Callable[[], object], done: Callable[..., None]) -> None:
        run_in_background(job, done, self._on_failed, self, lane=Lane.FACES)

    def _end(self) -> None:
        self.job.end()
        self.load()

    def _on_written(self, path: str, count: int) -> None:
        self._end()
        message = self.tr("%n people were written to {0}.", "", count).format(path)
        tell_saved(self._notices, message, Path(path), is_readable=False)

    def _on_read(self, results: list[AdmissionResult]) -> None:
        self._end()
        counts = Counter(result.outcome for result in results)
        come = counts[EnrolmentOutcome.ENROLLED] + counts[EnrolmentOutcome.ADDED]
        refused, waiting = counts[EnrolmentOutcome.REFUSED], counts[EnrolmentOutcome.NOT_REACHED]
        message = self.tr("{0}, {1}, {2}.").format(
            self.tr("%n people came", "", come),
            self.tr("%n were here already", "", counts[EnrolmentOutcome.UNCHANGED]),
            self.tr("%n were refused", "", refused),
        )
        if waiting:
            left = self.tr("%n were not reached: import the file again to go on.", "", waiting)
            message = f"{message} {left}"
        lines = [line for line in import_text.result_lines(results) if line.cells[Column.WHY]]
        if all(result.is_whole for result in results):
            self._notices.notify(message)
        else:
            named = (f"{line.cells[Column.NAME]}: {line.cells[Column.WHY]}" for line in lines[:_MOST_NAMED])
            self._notices.warn(message, "; ".join(named))
        if come:
            self.people_changed.emit()

    def _on_failed(self, error: FaceAccessError) -> None:
        self._end()
        self._notices.fail(error)
        # The people who came in before it was stopped stay.
        self.people_changed.emit()


def _write(access: "Access", reception: "Reception", path: Path, passphrase: str, progress: Progress) -> int:
    return reception.enrolling.transfer.write(
        access.actor,
        path,
        passphrase,
        progress=progress.report,
        is_cancelled=progress.is_cancelled,
    )


def _read(
    access: "Access", reception: "Reception", path: Path, passphrase: str, progress: Progress
) -> list[AdmissionResult]:
    arrivals = reception.enrolling.arrivals
    with transferred(path, passphrase) as people:
        return arrivals.run(
            access.actor,
            arrivals.plan(access.actor, people.rows),
            AdmissionTerms(),
            progress=progress.report,
            is_cancelled=progress.is_cancelled,
        )
