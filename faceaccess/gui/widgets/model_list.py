"""The recognition models: which is in use, and how to get another."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from faceaccess.errors import FaceAccessError
from faceaccess.gui import icons, text
from faceaccess.gui.background import Lane, Progress, run_in_background
from faceaccess.gui.notices import Notices
from faceaccess.gui.widgets.job_progress import JobProgress

if TYPE_CHECKING:
    from faceaccess.workspace import ModelInfo, Workspace


class ModelRow(QWidget):
    """A model with what can be done with it."""

    use_wanted = Signal(str)
    fetch_wanted = Signal(str)
    import_wanted = Signal(str)

    def __init__(self, info: "ModelInfo", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.info = info
        title = QLabel(info.title, self)
        title.setProperty("role", "heading")
        details = QLabel(self._details(), self)
        details.setProperty("role", "muted")
        details.setWordWrap(True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(title)
        words.addWidget(details)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 4)
        row.addLayout(words, 1)
        self.buttons: dict[str, QPushButton] = {}
        if info.is_active:
            state = QLabel(self.tr("In use"), self)
            state.setProperty("role", "good")
            symbol = QLabel(self)
            symbol.setProperty("role", "good")
            icons.set_icon(symbol, "accepted", 18)
            row.addWidget(symbol)
            row.addWidget(state)
        elif info.is_installed:
            self._offer(row, "use", self.tr("Use this model"), "", self.use_wanted)
        else:
            self._offer(row, "fetch", self.tr("Download"), "download", self.fetch_wanted)
            self._offer(row, "import", self.tr("Import from file…"), "file", self.import_wanted)

    def _details(self) -> str:
        info = self.info
        where = self.tr("built in") if info.is_builtin else self.tr("installed")
        if not info.is_installed:
            where = self.tr("not installed")
        size = text.size(info.size_bytes) if info.size_bytes else ""
        licence = self.tr("licence: {0}").format(info.licence) if info.licence else ""
        return " · ".join(part for part in (where, size, licence) if part)

    def _offer(self, row: QHBoxLayout, key: str, words: str, icon: str, wanted: Signal) -> None:
        button = QPushButton(words, self)
        button.setAccessibleName(f"{words}: {self.info.title}")
        if icon:
            icons.set_icon(button, icon, 16)
        button.clicked.connect(partial(wanted.emit, self.info.name))
        self.buttons[key] = button
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)


class ModelList(QWidget):
    """Lists the models; downloads, imports and switches in the background."""

    model_changed = Signal()

    def __init__(self, workspace: "Workspace", notices: Notices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._notices = workspace, notices
        self.rows: dict[str, ModelRow] = {}
        self.job = JobProgress(self)
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._list)
        column.addWidget(self.job)

    def load(self) -> None:
        """Read which models there are."""
        run_in_background(self._workspace.models, self._show_models, self._notices.fail, self)

    def _show_models(self, models: "list[ModelInfo]") -> None:
        for row in self.rows.values():
            self._list.removeWidget(row)
            row.setParent(None)
            row.deleteLater()
        self.rows = {}
        for info in models:
            row = ModelRow(info, self)
            row.use_wanted.connect(self._use)
            row.fetch_wanted.connect(self._fetch)
            row.import_wanted.connect(self._import)
            self.rows[info.name] = row
            self._list.addWidget(row)

    def _fetch(self, name: str) -> None:
        title = self.rows[name].info.title
        progress = self._begin(self.tr("Downloading {0}…").format(title), can_cancel=True)
        fetch = partial(
            self._workspace.fetch_model, name, progress=progress.report, is_cancelled=progress.is_cancelled
        )
        self._run(fetch, self.tr("{0} is installed. Choose “Use this model” to work with it.").format(title))

    def _import(self, name: str) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self.window(),
            self.tr("Choose the model's file"),
            "",
            self.tr("Weights (*.pt *.pth);;All files (*)"),
        )
        if path:
            title = self.rows[name].info.title
            self._begin(self.tr("Checking the file…"), can_cancel=False)
            job = partial(self._workspace.import_model, name, Path(path))
            self._run(
                job, self.tr("{0} is installed. Choose “Use this model” to work with it.").format(title)
            )

    def _use(self, name: str) -> None:
        title = self.rows[name].info.title
        progress = self._begin(self.tr("Preparing all photos for {0}…").format(title), can_cancel=True)
        job = partial(
            self._workspace.use_model,
            self._workspace.actor,
            name,
            progress=progress.report,
            is_cancelled=progress.is_cancelled,
        )
        run_in_background(job, partial(self._on_used, title), self._on_failed, self, lane=Lane.LONG)

    def _on_used(self, title: str, lost: int) -> None:
        if lost:
            self._notices.warn(
                self.tr("%n photos can't be used with {0}.", "", lost).format(title),
                self.tr("Add other photos of these people: they show fewer in People."),
            )
        self._on_done(self.tr("{0} is in use now.").format(title), None)

    def _begin(self, words: str, *, can_cancel: bool) -> Progress:
        for row in self.rows.values():
            row.setEnabled(False)
        return self.job.begin(words, can_cancel=can_cancel)

    def _run(self, job: partial, words: str) -> None:
        run_in_background(job, partial(self._on_done, words), self._on_failed, self, lane=Lane.LONG)

    def _on_done(self, words: str, _: object) -> None:
        self._end()
        self._notices.notify(words, is_success=True)
        self.model_changed.emit()

    def _on_failed(self, error: FaceAccessError) -> None:
        self._end()
        self._notices.fail(error)

    def _end(self) -> None:
        self.job.end()
        for row in self.rows.values():
            row.setEnabled(True)
        self.load()
