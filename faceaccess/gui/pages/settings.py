"""Settings: what decides at the door, what this computer uses, and where the data lies."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from faceaccess.errors import FaceAccessError
from faceaccess.gui import icons, text
from faceaccess.gui.background import run_in_background
from faceaccess.gui.notices import Notices
from faceaccess.gui.widgets.model_list import ModelList
from faceaccess.gui.widgets.settings_form import SettingsForm, StillDoubleSpinBox


if TYPE_CHECKING:
    from faceaccess.settings import DoorSettings, MachineSettings
    from faceaccess.workspace import Workspace

_WIDTH = 860


class SettingsPage(QWidget):
    """Generated forms in sections; every change takes effect at once."""

    appearance_changed = Signal(str)
    door_changed = Signal()
    model_changed = Signal()

    def __init__(self, workspace: "Workspace", notices: Notices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._workspace, self._notices = workspace, notices
        self.door_form = SettingsForm(workspace.policies.door(), parent=self)
        self.machine_form = SettingsForm(workspace.settings, parent=self)
        self.models = ModelList(workspace, notices, self)
        self.threshold = self._distance_box(self.tr("Threshold"))
        self.margin = self._distance_box(self.tr("Margin"))
        self.match_note = QLabel(self)
        self.match_reset = QPushButton(self.tr("Back to defaults"), self)
        self.device_note = QLabel(self)
        self.folder = QLabel(str(workspace.data_dir), self)
        self.folder_button = QPushButton(self.tr("Open in the file manager"), self)
        self._arrange()
        self.door_form.edited.connect(self._save_door)
        self.machine_form.edited.connect(self._save_machine)
        self.threshold.editingFinished.connect(self._save_match)
        self.margin.editingFinished.connect(self._save_match)
        self.match_reset.clicked.connect(self._reset_match)
        self.folder_button.clicked.connect(self._open_folder)
        self.models.model_changed.connect(self._on_model_changed)

    def load(self) -> None:
        """Show what is in force."""
        self.models.load()
        self._show_match()
        self._show_device()
        self.machine_form.set_settings(self._workspace.settings)
        run_in_background(
            self._workspace.policies.door, self.door_form.set_settings, self._notices.fail, self
        )

    def _distance_box(self, name: str) -> QDoubleSpinBox:
        box = StillDoubleSpinBox(self)
        box.setRange(0.0, 4.0)
        box.setDecimals(3)
        box.setSingleStep(0.005)
        box.setKeyboardTracking(False)
        box.setMinimumWidth(220)
        box.setAccessibleName(name)
        return box

    def _arrange(self) -> None:
        inside = QWidget(self)
        inside.setObjectName("scrolled")
        inside.setMaximumWidth(_WIDTH)
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(16)
        title = QLabel(self.tr("Settings"), self)
        title.setProperty("role", "title")
        column.addWidget(title)
        self.device_note.setWordWrap(True)
        column.addWidget(self._card(self.tr("Door"), self.door_form))
        column.addWidget(self._card(self.tr("Matching"), self._match_section()))
        column.addWidget(self._card(self.tr("Model"), self.models))
        column.addWidget(self._card(self.tr("This computer"), self.machine_form, self.device_note))
        column.addWidget(self._card(self.tr("Data folder"), self._folder_section()))
        column.addStretch()
        scroll = QScrollArea(self)
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _card(self, heading: str, *widgets: QWidget) -> QFrame:
        card = QFrame(self)
        card.setObjectName("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        label = QLabel(heading, card)
        label.setProperty("role", "heading")
        column.addWidget(label)
        for widget in widgets:
            column.addWidget(widget)
        return card

    def _match_section(self) -> QWidget:
        section = QWidget(self)
        form = QFormLayout(section)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(24)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        self.match_note.setWordWrap(True)
        self.match_note.setProperty("role", "muted")
        self.match_reset.setProperty("role", "quiet")
        form.addRow(self.tr("Threshold"), self.threshold)
        form.addRow("", self._words(self.tr("Greatest distance at which a face is accepted.")))
        form.addRow(self.tr("Margin"), self.margin)
        form.addRow("", self._words(self.tr("Least lead over the next person; guards against look-alikes.")))
        form.addRow("", self.match_note)
        form.addRow("", self.match_reset)
        return section

    def _words(self, words: str) -> QLabel:
        label = QLabel(words, self)
        label.setWordWrap(True)
        label.setProperty("role", "muted")
        return label

    def _folder_section(self) -> QWidget:
        section = QWidget(self)
        self.folder.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.folder.setWordWrap(True)
        self.folder.setAccessibleName(self.tr("Data folder"))
        icons.set_icon(self.folder_button, "folder", 18)
        row = QHBoxLayout(section)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.folder, 1)
        row.addWidget(self.folder_button)
        return section

    def _show_match(self) -> None:
        policy, default = self._workspace.match_policy, self._workspace.default_match
        for box in (self.threshold, self.margin):
            box.setEnabled(policy is not None)
            box.blockSignals(True)
        if policy is not None:
            self.threshold.setValue(policy.threshold)
            self.margin.setValue(policy.margin)
        for box in (self.threshold, self.margin):
            box.blockSignals(False)
        self.match_reset.setEnabled(default is not None and policy is not None)
        note = self.tr("Nothing has been measured for this model yet.")
        if default is not None:
            note = self.tr("Measured for this model: threshold {0}, margin {1}. {2}").format(
                text.distance(default.threshold), text.distance(default.margin), default.source
            )
        self.match_note.setText(note)

    def _show_device(self) -> None:
        words = self.tr("In use now: {0}.").format(self._workspace.device_in_use)
        note = self._workspace.device_note
        self.device_note.setText(f"{words} {note}".strip())
        self.device_note.setProperty("role", "caution" if note else "muted")
        self.device_note.style().unpolish(self.device_note)
        self.device_note.style().polish(self.device_note)

    def _save_match(self) -> None:
        policy = self._workspace.match_policy
        wanted = round(self.threshold.value(), 3), round(self.margin.value(), 3)
        if policy is None or wanted == (round(policy.threshold, 3), round(policy.margin, 3)):
            return
        save = partial(self._workspace.save_match, *wanted)
        run_in_background(save, self._on_match_saved, self._on_failed, self)

    def _reset_match(self) -> None:
        default = self._workspace.default_match
        if default is not None:
            self.threshold.setValue(default.threshold)
            self.margin.setValue(default.margin)
            self._save_match()

    def _on_match_saved(self, _: object) -> None:
        self._notices.notify(self.tr("Threshold and margin are saved."), is_success=True)
        self._show_match()

    def _save_door(self, settings: "DoorSettings") -> None:
        save = partial(self._workspace.policies.set_door, self._workspace.actor, settings)
        run_in_background(save, self._on_door_saved, self._on_failed, self)

    def _on_door_saved(self, _: object) -> None:
        self._notices.notify(self.tr("The door's settings are saved."), is_success=True)
        self.door_changed.emit()

    def _save_machine(self, settings: "MachineSettings") -> None:
        save = partial(self._workspace.save_settings, settings)
        run_in_background(save, partial(self._on_machine_saved, settings), self._on_failed, self)

    def _on_machine_saved(self, settings: "MachineSettings", _: object) -> None:
        self.appearance_changed.emit(str(settings.appearance))
        self._show_device()

    def _on_model_changed(self) -> None:
        self._show_match()
        self._show_device()
        self.model_changed.emit()

    def _on_failed(self, error: FaceAccessError) -> None:
        self._notices.fail(error)
        self.load()

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._workspace.data_dir)))
