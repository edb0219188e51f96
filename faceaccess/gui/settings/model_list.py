"""The recognition models: the one in use, the one on trial, and ways to get another."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from faceaccess.errors import FaceAccessError
from faceaccess.gui import icons
from faceaccess.gui.background import Lane, Progress, run_in_background
from faceaccess.gui.confirming import confirms
from faceaccess.gui.layout import column, row, wrapped
from faceaccess.gui.notices import Notices
from faceaccess.gui.plain import Label
from faceaccess.gui.settings.model_trial import ModelTrialView
from faceaccess.gui.settings.shadow_dialog import ShadowDialog
from faceaccess.gui.widgets.job_progress import JobProgress
from faceaccess.gui.wording import amounts

if TYPE_CHECKING:
    from faceaccess.models.catalogue import ModelInfo
    from faceaccess.models.models import Models
    from faceaccess.models.trial import TrialState
    from faceaccess.recognition.calibration import Accuracy
    from faceaccess.store.access.access import Access
    from faceaccess.store.journal.journal import Journal

_WORKING_MS = 500
_SETTLED_MS = 10_000
"""The pause between two looks at a trial, while people are made ready and after."""


class ModelRow(QWidget):
    """A model with the actions on it; `action_chosen` carries the action and the model."""

    action_chosen = Signal(str, str)

    def __init__(self, info: "ModelInfo", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.info = info
        self.buttons: dict[str, QPushButton] = {}
        title = Label(info.title, self)
        title.setProperty("role", "heading")
        details = wrapped(self._details(), self, "muted")
        self._labels = QVBoxLayout()
        self._labels.setSpacing(2)
        self._labels.addWidget(title)
        self._labels.addWidget(details)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 4, 0, 4)
        self._row.addLayout(self._labels, 1)
        if info.is_active:
            self._mark_active()
        elif not info.is_installed:
            self._offer("fetch", self.tr("Download"), "download")
            self._offer("import", self.tr("Import from file…"), "file")
        elif not info.is_candidate:
            if info.is_added and not info.is_former:
                self._offer("remove", self.tr("Remove…"), "trash")
            elif info.people:
                self._offer("forget", self.tr("Forget"), "trash").setToolTip(
                    self.tr("Remove this model's data about everybody; photos stay")
                )
            if info.is_former:
                self._offer("back", self.tr("Go back to it"), "")
            else:
                self._offer("try", self.tr("Try this model"), "")

    def _mark_active(self) -> None:
        state = Label(self.tr("In use"), self)
        state.setProperty("role", "good")
        symbol = Label(self)
        symbol.setProperty("role", "good")
        icons.set_icon(symbol, "accepted", 18)
        self._row.addWidget(symbol)
        self._row.addWidget(state)

    def _details(self) -> str:
        info = self.info
        where = self.tr("built in") if info.is_builtin else self.tr("installed")
        if not info.is_installed:
            where = self.tr("not installed")
        size = amounts.size(info.size_bytes) if info.size_bytes else ""
        licence = self.tr("licence: {0}").format(info.licence) if info.licence else ""
        accuracy = "" if info.accuracy is None else self._accuracy(info.accuracy)
        former = self.tr("in use before, kept ready") if info.is_former else ""
        return " · ".join(part for part in (where, size, accuracy, former, licence) if part)

    def _accuracy(self, accuracy: "Accuracy") -> str:
        text = self.tr("{0} % of LFW pairs right").format(f"{accuracy.accuracy * 100:.1f}")
        return text if accuracy.val_at_far_1e3 is not None else self.tr("{0} (published)").format(text)

    def _offer(self, key: str, label: str, icon: str) -> QPushButton:
        button = QPushButton(label, self)
        button.setAccessibleName(f"{label}: {self.info.title}")
        if icon:
            icons.set_icon(button, icon, 16)
        button.clicked.connect(partial(self.action_chosen.emit, key, self.info.name))
        self.buttons[key] = button
        self._row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return button

    def add_trial(self, trial: QWidget) -> None:
        """Show the progress of this model's trial."""
        self._labels.addWidget(trial)


class ModelList(QWidget):
    """Lists the models; downloads, imports, tries and switches in the background.

    `model_changed` says that another one is installed or decides, `door_changed` that a door which is
    open must be opened anew to decide by it.
    """

    model_changed = Signal()
    door_changed = Signal()

    def __init__(
        self,
        access: "Access",
        models: "Models",
        journal: "Journal",
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._access, self._models, self._journal = access, models, journal
        self._notices = notices
        self.rows: dict[str, ModelRow] = {}
        self.trial: ModelTrialView | None = None
        self._is_untold = False
        self.job = JobProgress(self)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._ask_state)
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, 0, 0)
        self.add_button = QPushButton(self.tr("Add a trained model…"), self)
        icons.set_icon(self.add_button, "plus", 16)
        self.add_button.clicked.connect(self._add)
        column(self._list, row(self.add_button, 1), self.job, parent=self)

    def load(self) -> None:
        """Read the models there are."""
        run_in_background(partial(_read, self._models), self._show, self._notices.fail, self)

    def _show(self, reading: "tuple[list[ModelInfo], TrialState]") -> None:
        models, state = reading
        for shown in self.rows.values():
            self._list.removeWidget(shown)
            shown.setParent(None)
            shown.deleteLater()
        self.rows, self.trial = {}, None
        for info in models:
            shown = ModelRow(info, self)
            shown.action_chosen.connect(self._do)
            self.rows[info.name] = shown
            self._list.addWidget(shown)
            if info.is_candidate:
                self.trial = ModelTrialView(shown)
                self.trial.action_chosen.connect(partial(self._do, name=info.name))
                shown.add_trial(self.trial)
        self._show_state(state)

    def _ask_state(self) -> None:
        if self.isVisible():
            run_in_background(self._models.trial.state, self._show_state, self._on_no_state, self)

    def _on_no_state(self, error: FaceAccessError) -> None:
        self._timer.stop()
        self._notices.fail(error)

    def _show_state(self, state: "TrialState") -> None:
        if self.trial is None or state.candidate not in self.rows:
            self._timer.stop()
            return
        self.trial.show_state(state)
        self._is_untold = state.is_untold
        self._timer.start(_SETTLED_MS if state.is_ready else _WORKING_MS)

    def _do(self, key: str, name: str) -> None:
        trial, actor = self._models.trial, self._access.actor
        title = self.rows[name].info.title
        if key == "fetch":
            self._fetch(name)
        elif key == "import":
            self._import(name)
        elif key == "compare":
            ShadowDialog(self._access, self._models, self._journal, self._notices, self.window()).exec()
        elif key == "try":
            message = self.tr("{0} is tried beside the model in use.").format(title)
            self._change(partial(trial.try_model, actor, name), message)
        elif key == "stop":
            self._change(partial(trial.stop, actor), self.tr("{0} is no longer tried.").format(title))
        elif key == "forget":
            message = self.tr("The data of {0} is removed.").format(title)
            self._change(partial(trial.forget, actor, name), message)
        elif key == "remove":
            if self._confirms_removal(title):
                remove = partial(self._models.catalogue.remove, actor, name)
                self._change(remove, self.tr("{0} is removed.").format(title))
        elif key == "back" or not self._is_untold or self._confirms_untold(title):
            self._change_model(key, title)

    def _confirms_removal(self, title: str) -> bool:
        return confirms(
            self,
            self.tr("Remove {0}?").format(title),
            self.tr("The model and what was prepared for it are deleted; people and photos stay."),
            verb=self.tr("Remove"),
            harmless=self.tr("Keep it"),
        )

    def _add(self) -> None:
        """Add a network that was trained, from the folder where it was written."""
        folder = QFileDialog.getExistingDirectory(self.window(), self.tr("Choose the trained model's folder"))
        if folder:
            self._begin(self.tr("Checking the model…"), can_cancel=False)
            job = partial(self._models.catalogue.add, self._access.actor, Path(folder))
            self._run(job, self.tr("The model is added. Choose “Try this model” to work with it."))

    def _confirms_untold(self, title: str) -> bool:
        explanation = self.tr(
            "Nothing was compared yet: nobody knows what it would decide at this door. Let the door run for "
            "some days, and look at the disagreements first.\n\nYou can go back to the model in use now."
        )
        return confirms(
            self,
            self.tr("Switch to {0} anyway?").format(title),
            explanation,
            verb=self.tr("Switch"),
            harmless=self.tr("Not yet"),
        )

    def _change_model(self, key: str, title: str) -> None:
        """Decide by another model: the candidate, or the former one."""
        trial, actor = self._models.trial, self._access.actor
        if key == "back":
            self._begin(self.tr("Making people ready for {0}…").format(title), can_cancel=False)
            job = partial(trial.go_back, actor)
        else:
            progress = self._begin(self.tr("Making people ready for {0}…").format(title), can_cancel=True)
            job = partial(trial.switch, actor, progress=progress.report, is_cancelled=progress.is_cancelled)
        done = partial(self._on_changed, self.tr("{0} is in use now.").format(title))
        run_in_background(job, done, self._on_failed, self, lane=Lane.LONG)

    def _on_changed(self, message: str, _: object) -> None:
        self._on_done(message, None)
        self.door_changed.emit()

    def _change(self, job: Callable[[], object], message: str) -> None:
        for shown in self.rows.values():
            shown.setEnabled(False)
        run_in_background(job, partial(self._on_done, message), self._on_failed, self)

    def _fetch(self, name: str) -> None:
        title = self.rows[name].info.title
        progress = self._begin(self.tr("Downloading {0}…").format(title), can_cancel=True)
        fetch = partial(
            self._models.catalogue.fetch,
            self._access.actor,
            name,
            progress=progress.report,
            is_cancelled=progress.is_cancelled,
        )
        self._run(fetch, self.tr("{0} is installed. Choose “Try this model” to work with it.").format(title))

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
            job = partial(self._models.catalogue.import_file, self._access.actor, name, Path(path))
            self._run(
                job, self.tr("{0} is installed. Choose “Try this model” to work with it.").format(title)
            )

    def _begin(self, message: str, *, can_cancel: bool) -> Progress:
        for shown in self.rows.values():
            shown.setEnabled(False)
        return self.job.begin(message, can_cancel=can_cancel)

    def _run(self, job: Callable[[], object], message: str) -> None:
        run_in_background(job, partial(self._on_done, message), self._on_failed, self, lane=Lane.LONG)

    def _on_done(self, message: str, _: object) -> None:
        self._end()
        self._notices.notify(message, is_success=True)
        self.model_changed.emit()

    def _on_failed(self, error: FaceAccessError) -> None:
        self._end()
        self._notices.fail(error)

    def _end(self) -> None:
        self.job.end()
        for shown in self.rows.values():
            shown.setEnabled(True)
        self.load()


def _read(models: "Models") -> "tuple[list[ModelInfo], TrialState]":
    return models.catalogue.infos(), models.trial.state()
