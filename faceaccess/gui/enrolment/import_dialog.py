"""The import of many people: choose a table, name its columns, see the plan, carry it out."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from faceaccess.codes import DateOrder, EnrolmentOutcome, ImportStep
from faceaccess.errors import FaceAccessError
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.dialog_buttons import DialogButtons
from faceaccess.gui.enrolment.import_mapping import ImportMapping
from faceaccess.gui.enrolment.import_reading import ImportReading
from faceaccess.gui.enrolment.import_source import ImportSource
from faceaccess.gui.enrolment.import_table import ImportTable
from faceaccess.gui.enrolment.import_terms import ImportTerms
from faceaccess.gui.models.import_model import ImportLine
from faceaccess.gui.saved_files import SavedFileButtons
from faceaccess.gui.widgets.job_progress import JobProgress
from faceaccess.gui.wording import arrivals as import_text
from faceaccess.gui.wording import failures
from faceaccess.people.arrivals.arrival import Arrival
from faceaccess.people.arrivals.columns import Columns
from faceaccess.people.arrivals.folder import rows_of_folder
from faceaccess.people.arrivals.photo_files import PhotoFolders
from faceaccess.people.arrivals.report import write_report
from faceaccess.people.arrivals.result import AdmissionResult
from faceaccess.people.arrivals.table import rows_of_table
from faceaccess.people.arrivals.table_file import SourceTable, read_table
from faceaccess.store.people.types import ConsentText

if TYPE_CHECKING:
    from faceaccess.door.doors import Doors
    from faceaccess.people.reception import Reception
    from faceaccess.store.access.access import Access

_SIZE = QSize(1080, 680)


class ImportDialog(QDialog):
    """Nothing is written before the button is pressed; `planned` says that it can be,
    `imported` that people may have changed.
    """

    planned = Signal()
    imported = Signal()

    def __init__(
        self,
        access: "Access",
        reception: "Reception",
        doors: "Doors",
        source: Path | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Import people"))
        self._access, self._reception, self._doors = access, reception, doors
        self._table: SourceTable | None = None
        self._people: list[Arrival] = []
        self._results: list[AdmissionResult] = []
        self._reading = 0
        self._is_running = False
        self.source, self.mapping = ImportSource(self), ImportMapping(self)
        self.reading, self.rows, self.job = ImportReading(self), ImportTable(self), JobProgress(self)
        self.terms, self.saved = ImportTerms(self), SavedFileButtons(self)
        self.buttons = DialogButtons(QDialogButtonBox.StandardButton.Close, self)
        accept, action = QDialogButtonBox.ButtonRole.AcceptRole, QDialogButtonBox.ButtonRole.ActionRole
        self.report_button = self.buttons.addButton(self.tr("Save report…"), action)
        self.import_button = QPushButton(self.tr("Import"), self)
        self.import_button.setProperty("role", "primary")
        self.buttons.addButton(self.import_button, accept)
        self._arrange()
        self.source.changed.connect(self._read)
        self.source.photos_changed.connect(self._plan)
        self.mapping.changed.connect(self._plan)
        self.reading.encoding_changed.connect(self._read)
        self.reading.order_changed.connect(self._plan)
        self.terms.agreed_changed.connect(self._check)
        self.import_button.clicked.connect(self._import)
        self.report_button.clicked.connect(self._ask_report)
        self.buttons.rejected.connect(self.reject)
        self._load()
        if source is not None:
            self.source.choose(source)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addWidget(self.source)
        column.addWidget(self.mapping)
        column.addWidget(self.reading)
        column.addWidget(self.rows, 1)
        column.addWidget(self.saved)
        column.addWidget(self.terms)
        column.addWidget(self.job)
        column.addWidget(self.buttons)
        self._show_table(False)
        self.report_button.setVisible(False)
        self.resize(_SIZE)
        self._say([], self.tr("Nothing is written before you have seen what would be done."))

    def reject(self) -> None:
        """Close; a running import is stopped instead, after the current person."""
        if self._is_running:
            self.job.cancel_button.click()
        else:
            super().reject()

    def _load(self) -> None:
        run_in_background(self._reception.consents.current_texts, self._offer_texts, self._fail, self)

    def _offer_texts(self, texts: list[ConsentText]) -> None:
        self.terms.offer(texts)
        self._check()

    def _read(self) -> None:
        """Read the table that was chosen, or plan the folder at once."""
        path = self.source.path
        assert path is not None
        self._table, self._people, self._results = None, [], []
        self.report_button.setVisible(False)
        if path.is_dir():
            self._show_table(False)
            self._plan()
            return
        self._run(partial(read_table, path, self.reading.encoding), self._take_table, self.tr("Reading…"))

    def _take_table(self, table: SourceTable) -> None:
        self._table = table
        self._show_table(True)
        self.mapping.offer(table)

    def _show_table(self, is_table: bool) -> None:
        self.mapping.setVisible(is_table)
        self.reading.setVisible(is_table)

    def _plan(self) -> None:
        """Work out what would be done; the result of an earlier request is no longer of interest."""
        path = self.source.path
        is_unread = self._table is None and path is not None and not path.is_dir()
        if path is None or is_unread or self._is_running:
            return
        self._results, self._people = [], []
        self.report_button.setVisible(False)
        if self._table is not None and (lacking := self.mapping.lacking()):
            self._reading += 1
            message = self.tr("Choose the column for: {0}").format(", ".join(lacking))
            self._say([], message, "caution")
            return
        folders = PhotoFolders(path.parent, self.source.photos)
        job = partial(
            _plan,
            self._access,
            self._reception,
            path,
            self._table,
            self.mapping.columns(),
            folders,
            self.reading.order,
        )
        self._run(job, self._take_plan, self.tr("Looking at the rows…"))

    def _run(self, job: Callable[[], object], on_done: Callable[..., None], message: str) -> None:
        self._reading += 1
        self._people = []
        self._say([], message)
        number = self._reading
        run_in_background(
            job, partial(self._on_read, number, on_done), partial(self._on_not_read, number), self
        )

    def _on_read(self, number: int, on_done: Callable[..., None], result: object) -> None:
        if number == self._reading:
            on_done(result)

    def _on_not_read(self, number: int, error: FaceAccessError) -> None:
        if number == self._reading:
            self._fail(error)

    def _take_plan(self, people: list[Arrival]) -> None:
        self._people = people
        counts = Counter(arrival.step for arrival in people)
        shown = [
            (ImportStep.NEW, self.tr("%n new", "", counts[ImportStep.NEW])),
            (ImportStep.ADD, self.tr("%n enrolled already, get what is new", "", counts[ImportStep.ADD])),
            (ImportStep.COMPARE, self.tr("%n whose name is enrolled", "", counts[ImportStep.COMPARE])),
            (ImportStep.REFUSE, self.tr("%n refused", "", counts[ImportStep.REFUSE])),
        ]
        parts = [text for step, text in shown if counts[step]]
        if counts[ImportStep.REFUSE] < len(people):
            parts.append(self.tr("photos are looked at while importing"))
        hints = () if self._table is None else self._table.hints
        role = "caution" if hints else "muted"
        self._say(
            import_text.planned_lines(people),
            "\n".join((" · ".join(parts), *map(failures.translated, hints))),
            role,
        )
        self.planned.emit()

    def _check(self) -> None:
        """Enable the actions that are possible now."""
        ready = sum(arrival.step is not ImportStep.REFUSE for arrival in self._people)
        lacks_consent = self._reception.consents.is_needed and not self.terms.agreed.isChecked()
        some = self.tr("Import %n people", "", ready)
        self.import_button.setText(some if ready else self.tr("Import"))
        is_possible = not lacks_consent and self.terms.is_complete
        self.import_button.setEnabled(bool(ready) and not self._is_running and is_possible)
        self.import_button.setToolTip(self.tr("They have to agree first.") if lacks_consent else "")
        for widget in (self.source, self.mapping, self.reading, self.terms):
            widget.setEnabled(not self._is_running)

    def _import(self) -> None:
        """Begin; newcomers without a recorded consent are imported only after a question."""
        has_newcomers = any(arrival.step in (ImportStep.NEW, ImportStep.COMPARE) for arrival in self._people)
        is_asked = has_newcomers and not self.terms.agreed.isChecked()
        if is_asked and not self.terms.confirms_without_consent():
            return
        self._is_running = True
        progress = self.job.begin(self.tr("Importing… People who are done stay, whatever happens."))
        self._check()
        # A running door keeps a core for itself.
        threads = 1 if self._doors.is_running else None
        job = partial(
            self._reception.enrolling.arrivals.run,
            self._access.actor,
            self._people,
            self.terms.chosen(),
            progress=progress.report,
            is_cancelled=progress.is_cancelled,
            threads=threads,
        )
        run_in_background(job, self._on_imported, self._on_not_imported, self, lane=Lane.LONG)

    def _on_imported(self, results: list[AdmissionResult]) -> None:
        self._settle()
        self._results, self._people = results, []
        counts = Counter(result.outcome for result in results)
        shown = [
            (EnrolmentOutcome.ENROLLED, self.tr("%n enrolled", "", counts[EnrolmentOutcome.ENROLLED])),
            (EnrolmentOutcome.ADDED, self.tr("%n got what was new", "", counts[EnrolmentOutcome.ADDED])),
            (EnrolmentOutcome.UNCHANGED, self.tr("%n unchanged", "", counts[EnrolmentOutcome.UNCHANGED])),
            (EnrolmentOutcome.REFUSED, self.tr("%n refused", "", counts[EnrolmentOutcome.REFUSED])),
            (
                EnrolmentOutcome.NOT_REACHED,
                self.tr("%n not reached: import again to go on", "", counts[EnrolmentOutcome.NOT_REACHED]),
            ),
        ]
        text = " · ".join(text for outcome, text in shown if counts[outcome])
        is_good = not counts[EnrolmentOutcome.REFUSED] and not counts[EnrolmentOutcome.NOT_REACHED]
        self.report_button.setVisible(True)
        self._say(import_text.result_lines(results), text, "good" if is_good else "caution")

    def _on_not_imported(self, error: FaceAccessError) -> None:
        self._settle()
        self._fail(error)

    def _settle(self) -> None:
        self._is_running = False
        self.job.end()
        self.imported.emit()

    def _ask_report(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self, self.tr("Save report"), "import.csv", self.tr("Tables (*.csv)")
        )
        if path:
            save = partial(write_report, self._results, Path(path))
            run_in_background(save, partial(self._on_saved, path), self._fail, self, lane=Lane.LONG)

    def _on_saved(self, path: str, _: object) -> None:
        self.rows.message.setText(self.tr("The report is in {0}.").format(path))
        self.saved.show_path(Path(path))

    def _fail(self, error: FaceAccessError) -> None:
        self._say([], failures.whole(error), "bad")

    def _say(self, lines: Sequence[ImportLine], message: str, role: str = "muted") -> None:
        self.rows.show_lines(lines, message, role)
        self.saved.hide()
        self._check()


def _plan(
    access: "Access",
    reception: "Reception",
    path: Path,
    table: SourceTable | None,
    columns: Columns,
    folders: PhotoFolders,
    order: DateOrder | None,
) -> list[Arrival]:
    rows = rows_of_folder(path) if table is None else rows_of_table(table, columns, folders, order)
    return reception.enrolling.arrivals.plan(access.actor, rows)
