"""The proof that nobody changed the log: check it now, and keep its end elsewhere."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from faceaccess.errors import FaceAccessError
from faceaccess.gui import icons, text_record
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.notices import Notices
from faceaccess.gui.plain import Label

if TYPE_CHECKING:
    from faceaccess.workspace import Workspace

_MOST_FAULTS = 5


class ProofCard(QWidget):
    """Says what came of checking the log, and where its end is kept each day."""

    def __init__(self, workspace: "Workspace", notices: Notices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._notices = workspace, notices
        words = Label(
            self.tr(
                "Each row carries a fingerprint of all rows before it, and the last one is signed. Checking "
                "finds any row that was changed, removed, added or moved. An end kept on another disk each "
                "day shows as well that a whole older log was put in this one's place."
            ),
            self,
        )
        words.setWordWrap(True)
        words.setProperty("role", "muted")
        self.verify_button = QPushButton(self.tr("Check the log now"), self)
        icons.set_icon(self.verify_button, "check", 18)
        self.result = Label(self)
        self.result.setWordWrap(True)
        self.folder = Label(self)
        self.folder.setWordWrap(True)
        self.folder_button = QPushButton(self.tr("Keep the end each day in…"), self)
        icons.set_icon(self.folder_button, "folder", 18)
        buttons = QHBoxLayout()
        buttons.addWidget(self.verify_button)
        buttons.addWidget(self.folder_button)
        buttons.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for widget in (words, self.result, self.folder):
            column.addWidget(widget)
        column.addLayout(buttons)
        self.verify_button.clicked.connect(self._verify)
        self.folder_button.clicked.connect(self._choose)

    def load(self) -> None:
        """Show where the end is kept."""
        run_in_background(self._workspace.policies.heads_folder, self._show_folder, self._notices.fail, self)

    def _show_folder(self, folder: str) -> None:
        self.folder.setText(
            self.tr("The end of the log is kept each day in {0}").format(folder)
            if folder
            else self.tr("The end of the log is not kept anywhere else yet.")
        )

    def _verify(self) -> None:
        self.verify_button.setEnabled(False)
        self._say(self.tr("Checking…"), "muted")
        verify = partial(self._workspace.keeping.verify_log, self._workspace.actor)
        run_in_background(verify, self._show, self._on_failed, self, lane=Lane.LONG)

    def _show(self, found) -> None:  # noqa: ANN001 - a Verification, whose module isn't for windows
        self.verify_button.setEnabled(True)
        if found.is_good:
            self._say(self.tr("%n rows: nothing was changed.", "", found.rows), "good")
            return
        lines = [text_record.chain_fault(fault, seq) for seq, fault in found.faults[:_MOST_FAULTS]]
        if len(found.faults) > _MOST_FAULTS:
            lines.append(self.tr("… and {0} more").format(len(found.faults) - _MOST_FAULTS))
        self._say(self.tr("The log was changed:") + "\n" + "\n".join(lines), "bad")

    def _choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Keep the end of the log in"))
        if folder:
            job = partial(_keep, self._workspace, folder)
            run_in_background(job, self._show_folder, self._on_failed, self)

    def _on_failed(self, error: FaceAccessError) -> None:
        self.verify_button.setEnabled(True)
        self._say("", "muted")
        self._notices.fail(error)

    def _say(self, words: str, role: str) -> None:
        self.result.setProperty("role", role)
        self.result.setText(words)
        self.result.style().unpolish(self.result)
        self.result.style().polish(self.result)


def _keep(workspace: "Workspace", folder: str) -> str:
    workspace.policies.set_heads_folder(workspace.actor, folder)
    workspace.keeping.keep_head(Path(folder))
    return folder
