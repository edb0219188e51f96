"""The reports that are written into a folder automatically."""

from collections.abc import Callable
from datetime import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from faceaccess.attendance.planning import AttendancePolicy, new_export
from faceaccess.codes import Every, ReportFormat, ReportKind
from faceaccess.errors import FaceAccessError
from faceaccess.gui import icons
from faceaccess.gui.background import run_in_background
from faceaccess.gui.dialog_buttons import DialogButtons
from faceaccess.gui.layout import wrapped
from faceaccess.gui.widgets.item_list import ItemList
from faceaccess.gui.widgets.month_chooser import chosen_time, time_field
from faceaccess.gui.wording import attendance as attendance_text
from faceaccess.gui.wording import failures

if TYPE_CHECKING:
    from faceaccess.attendance.office import Office
    from faceaccess.store.access.access import Access
    from faceaccess.store.policy.policies import Policies

_SIZE = QSize(720, 480)
_UNSUITED = frozenset({ReportKind.PERSON, ReportKind.PRESENT})


class ExportsDialog(QDialog):
    """Lists the scheduled reports; changes take effect at once."""

    def __init__(
        self, access: "Access", office: "Office", policies: "Policies", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Scheduled exports"))
        self._access, self._office, self._policies = access, office, policies
        self._policy = AttendancePolicy()
        note = wrapped(
            self.tr(
                "While this window is open, each report of the day or month before is written into its "
                "folder. One that failed, or was due in the meantime, is written at the next opportunity."
            ),
            self,
            "muted",
        )
        self.list = ItemList("", self, empty_text=self.tr("No report is written automatically."))
        self.kind, self.format, self.every = QComboBox(self), QComboBox(self), QComboBox(self)
        for kind in ReportKind:
            if kind not in _UNSUITED:
                self.kind.addItem(attendance_text.report(kind), kind)
        for file_format in ReportFormat:
            self.format.addItem(file_format.upper(), file_format)
        self.format.setCurrentIndex(self.format.findData(ReportFormat.XLSX))
        for often in Every:
            self.every.addItem(attendance_text.label(often), often)
        self.at = time_field(self.tr("At"), time(6), self)
        self.folder = QLineEdit(self)
        self.folder.setPlaceholderText(self.tr("Folder"))
        self.choose_button = QPushButton(self.tr("Choose…"), self)
        self.add_button = QPushButton(self.tr("Add"), self)
        self.add_button.setEnabled(False)
        icons.set_icon(self.add_button, "plus", 16)
        self.problem = wrapped("", self, "bad")
        self.buttons = DialogButtons(QDialogButtonBox.StandardButton.Close, self)
        self._arrange(note)
        self.list.remove_wanted.connect(self._remove)
        self.choose_button.clicked.connect(self._choose)
        self.add_button.clicked.connect(self._add)
        self.buttons.rejected.connect(self.reject)
        self.load()

    def load(self) -> None:
        """Show what is in force."""
        run_in_background(partial(self._policies.read, AttendancePolicy), self._show, self._fail, self)

    def _arrange(self, note: QLabel) -> None:
        first, second = QHBoxLayout(), QHBoxLayout()
        for widget, name in (
            (self.kind, self.tr("Report")),
            (self.format, self.tr("Format")),
            (self.every, self.tr("How often")),
            (self.at, self.tr("At")),
        ):
            widget.setAccessibleName(name)
            first.addWidget(widget, 1)
        self.folder.setAccessibleName(self.tr("Folder"))
        second.addWidget(self.folder, 1)
        second.addWidget(self.choose_button)
        second.addWidget(self.add_button)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addWidget(note)
        column.addWidget(self.list)
        column.addLayout(first)
        column.addLayout(second)
        column.addStretch()
        column.addWidget(self.problem)
        column.addWidget(self.buttons)
        self.resize(_SIZE)

    def _show(self, policy: AttendancePolicy) -> None:
        self._policy = policy
        self.list.show_items([attendance_text.scheduled(report) for report in policy.reports])
        for row in self.list.rows:
            row.edit_button.hide()
        self.add_button.setEnabled(True)

    def _choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Folder for the reports"))
        if folder:
            self.folder.setText(folder)

    def _add(self) -> None:
        report = new_export(
            ReportKind(self.kind.currentData()),
            ReportFormat(self.format.currentData()),
            self.folder.text().strip(),
            Every(self.every.currentData()),
            chosen_time(self.at),
        )
        self._change(partial(self._office.planning.add_export, self._access.actor, report))

    def _remove(self, number: int) -> None:
        report_id = self._policy.reports[number].report_id
        self._change(partial(self._office.planning.remove_export, self._access.actor, report_id))

    def _change(self, job: Callable[[], object]) -> None:
        self.problem.clear()
        run_in_background(job, self._on_saved, self._fail, self)

    def _on_saved(self, _: object) -> None:
        self.folder.clear()
        self.load()

    def _fail(self, error: FaceAccessError) -> None:
        self.problem.setText(failures.whole(error))
