"""The card that compares groups of the people enrolled: by department, by a list, or by skin tone."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QHeaderView, QPushButton, QWidget

from faceaccess.errors import FaceAccessError
from faceaccess.gui import icons
from faceaccess.gui.background import Lane, Progress, run_in_background
from faceaccess.gui.layout import STRETCH, column, plain_table, row, wrapped
from faceaccess.gui.models.group_model import GroupModel
from faceaccess.gui.plain import Label
from faceaccess.gui.widgets.job_progress import JobProgress
from faceaccess.gui.widgets.save_dialog import Problem
from faceaccess.gui.wording import amounts
from faceaccess.models.evidence import GalleryEvidence
from faceaccess.models.group_evidence import GroupComparison

if TYPE_CHECKING:
    from faceaccess.models.group_evidence import Groups

_ROW_PX, _HEADER_PX, _MOST_ROWS = 32, 40, 9
_DEPARTMENT, _FILE, _SKIN_TONE = "department", "file", "skin_tone"

GroupOf = Mapping[str, str]


class GroupsCard(QWidget):
    """Compares on request, at the threshold in force."""

    def __init__(self, groups: "Groups", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups = groups
        self._gallery: GalleryEvidence | None = None
        self._threshold = 0.0
        self._progress: Progress | None = None
        explanation = wrapped(
            self.tr(
                "A network may take people of one group for each other more often than those of another. A "
                "group is called worse only where the 95 % interval of the ratio excludes 1; with few people "
                "nothing can be told. “Would need”: the threshold at which its members were taken for others "
                "as seldom as everybody is. A list is a CSV file whose first line is person,group; a person "
                "is a name or a staff number."
            ),
            self,
            "muted",
        )
        self.source = QComboBox(self)
        self.source.setAccessibleName(self.tr("Groups"))
        self.source.addItem(self.tr("departments"), _DEPARTMENT)
        self.source.addItem(self.tr("a list of people and groups (CSV)…"), _FILE)
        self.source.addItem(self.tr("skin tone, measured from the photos"), _SKIN_TONE)
        self.compare_button = QPushButton(self.tr("Compare"), self)
        icons.set_icon(self.compare_button, "refresh", 16)
        self.job = JobProgress(self)
        self.problem = Problem(self)
        self.said = wrapped("", self, "muted")
        self.model = GroupModel(self)
        self.table = plain_table(self.model, self.tr("Groups compared"), self, row_px=_ROW_PX)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(True)
        label = Label(self.tr("By"), self)
        bar = row(label, self.source, self.compare_button, STRETCH)
        column(explanation, bar, self.job, self.problem, self.table, self.said, parent=self, spacing=8)
        self.compare_button.clicked.connect(self._start)
        self.forget()

    def show_evidence(self, gallery: GalleryEvidence | None, threshold: float | None) -> None:
        """Take the people enrolled and the threshold in force."""
        self._gallery, self._threshold = gallery, threshold or 0.0
        self.compare_button.setEnabled(gallery is not None and self._progress is None)

    def forget(self) -> None:
        """Show nothing."""
        self.model.show_comparison(None)
        self.table.hide()
        self.said.setText("")

    def _start(self) -> None:
        source, groups = self.source.currentData(), self._groups
        self.problem.say("")
        if source == _FILE:
            path, _ = QFileDialog.getOpenFileName(
                self.window(), self.tr("A list of people and groups"), "", self.tr("CSV (*.csv)")
            )
            if path:
                self._compare(partial(groups.by_file, Path(path)))
        elif source == _SKIN_TONE:
            progress = self._progress = self.job.begin(self.tr("Measuring skin tones…"))
            self._compare(
                partial(groups.by_skin_tone, progress=progress.report, is_cancelled=progress.is_cancelled)
            )
        else:
            self._compare(groups.by_department)

    def _compare(self, divide: "Callable[[], GroupOf | None]") -> None:
        gallery = self._gallery
        if gallery is None:
            return
        self.compare_button.setEnabled(False)
        job = partial(_compared, self._groups, gallery, divide, self._threshold)
        run_in_background(job, self._show, self._on_failed, self, lane=Lane.LONG)

    def _show(self, comparison: GroupComparison | None) -> None:
        self._end()
        if comparison is None:
            return
        self.model.show_comparison(comparison)
        rows = min(self.model.rowCount(), _MOST_ROWS)
        self.table.setFixedHeight(_HEADER_PX + _ROW_PX * rows + 4)
        self.table.show()
        said = self.tr("At the threshold {0}.").format(amounts.distance(comparison.threshold))
        if comparison.left_out:
            left_out = self.tr("%n people are in no group.", "", comparison.left_out)
            said = f"{said} {left_out}"
        if not comparison.can_tell:
            none = self.tr("No difference between the groups can be told from so many people.")
            said = f"{said} {none}"
        else:
            advice = self.tr(
                "More photos of the people in a group that is worse help most; Settings, Matching, has the "
                "margin that keeps look-alikes apart."
            )
            said = f"{said} {advice}"
        self.said.setText(said)

    def _on_failed(self, error: FaceAccessError) -> None:
        self._end()
        self.forget()
        self.problem.fail(error)

    def _end(self) -> None:
        self._progress = None
        self.job.end()
        self.compare_button.setEnabled(self._gallery is not None)


def _compared(
    groups: "Groups", gallery: GalleryEvidence, divide: "Callable[[], GroupOf | None]", threshold: float
) -> GroupComparison | None:
    """Return the comparison; None where it was stopped. Slow."""
    group_of = divide()
    return None if group_of is None else groups.compare(gallery, group_of, threshold)
