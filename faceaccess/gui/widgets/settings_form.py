"""A form generated from a settings dataclass and the metadata of its fields."""

from collections.abc import Sequence
from dataclasses import Field, fields, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from faceaccess.errors import SettingsError
from faceaccess.gui import icons
from faceaccess.gui.layout import row
from faceaccess.gui.plain import Label
from faceaccess.gui.wording import codes
from faceaccess.gui.wording.counts import Counts
from faceaccess.gui.wording.noop import translate

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Settings = TypeVar("Settings", bound="DataclassInstance")
Editor = QCheckBox | QComboBox | QSpinBox | QDoubleSpinBox | QLineEdit

_LABEL_PX = 170
_EDITOR_PX = 220
_TEXT_MARGIN_PX = 6
_HELP_PX = 520


class StillSpinBox(QSpinBox):
    """Leaves the mouse wheel to the page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # The style sheet's padding doesn't reach the field inside.
        self.lineEdit().setTextMargins(_TEXT_MARGIN_PX, 0, 0, 0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ignore the wheel: a setting must not change because someone scrolled."""
        event.ignore()


class StillDoubleSpinBox(QDoubleSpinBox):
    """Leaves the mouse wheel to the page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lineEdit().setTextMargins(_TEXT_MARGIN_PX, 0, 0, 0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ignore the wheel: a setting must not change because someone scrolled."""
        event.ignore()


class StillComboBox(QComboBox):
    """Leaves the mouse wheel to the page."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ignore the wheel: a setting must not change because someone scrolled."""
        event.ignore()


class SettingsForm(QWidget, Generic[Settings]):
    """One row per field with its label and help.

    `edited` carries the changed dataclass, `refused` the reason why a value can't be used.

    Args:
        settings: an instance of a frozen dataclass whose fields have `label`, `help`, `kind`
            and, where they apply, `range`, `unit` and `choices` in their metadata.
        only: names of the fields to show; empty means all.
        help_px: width of each setting's explanation.
        offered: names of text fields whose values are chosen from those given to `offer`.
    """

    edited = Signal(object)
    refused = Signal(object)

    def __init__(
        self,
        settings: Settings,
        *,
        only: tuple[str, ...] = (),
        help_px: int = _HELP_PX,
        offered: tuple[str, ...] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings, self._help_px, self._offered = settings, help_px, offered
        self.editors: dict[str, Editor] = {}
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(24)
        form.setVerticalSpacing(4)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        for field in fields(settings):
            if field.metadata.get("label") and (not only or field.name in only):
                self._add(form, field)
        self.set_settings(settings)

    def settings(self) -> Settings:
        """Return the settings on show."""
        return self._settings

    def set_settings(self, settings: Settings) -> None:
        """Show these settings without announcing them."""
        self._settings = settings
        for name, editor in self.editors.items():
            editor.blockSignals(True)
            if name in self._offered and isinstance(editor, QComboBox):
                self._show_offered(editor, getattr(settings, name))
            else:
                _show_value(editor, getattr(settings, name))
            editor.blockSignals(False)

    def offer(self, name: str, values: Sequence[str]) -> None:
        """Let a field be chosen from these values, or left to the first of them."""
        editor = self.editors[name]
        assert isinstance(editor, QComboBox)
        editor.blockSignals(True)
        editor.clear()
        editor.addItem(self.tr("The first one"), "")
        for value in values:
            editor.addItem(value, value)
        self._show_offered(editor, getattr(self._settings, name))
        editor.blockSignals(False)

    def _show_offered(self, editor: QComboBox, value: str) -> None:
        """Show a value; one that isn't there now is kept, and marked as missing."""
        if editor.findData(value) < 0:
            editor.addItem(
                self.tr("{0} (not there)").format(value) if value else self.tr("The first one"), value
            )
        editor.setCurrentIndex(editor.findData(value))

    def _add(self, form: QFormLayout, field: Field[object]) -> None:
        label, help_text = _translated(field.metadata["label"]), _translated(field.metadata.get("help", ""))
        if field.metadata.get("needs_restart"):
            restart = self.tr("Takes effect at the next start.")
            help_text = f"{help_text} {restart}"
        editor = StillComboBox() if field.name in self._offered else _make_editor(field)
        editor.setObjectName(field.name)
        self.editors[field.name] = editor
        if field.metadata.get("is_folder"):
            add_setting(form, editor, label, help_text, help_px=self._help_px, beside=self._browse(editor))
        else:
            add_setting(form, editor, label, help_text, help_px=self._help_px)
        if isinstance(editor, QCheckBox):
            editor.toggled.connect(self._on_edited)
        elif isinstance(editor, QComboBox):
            editor.activated.connect(self._on_edited)
        else:
            editor.editingFinished.connect(self._on_edited)

    def _browse(self, editor: Editor) -> QPushButton:
        """Return the button that lets a folder be chosen instead of typed."""
        button = QPushButton(self.tr("Choose…"))
        icons.set_icon(button, "folder", 16)
        button.clicked.connect(partial(self._choose_folder, editor))
        return button

    def _choose_folder(self, editor: Editor, _: bool = False) -> None:
        assert isinstance(editor, QLineEdit)
        folder = QFileDialog.getExistingDirectory(self.window(), editor.accessibleName(), editor.text())
        if folder:
            editor.setText(folder)
            self._on_edited()

    def _on_edited(self) -> None:
        changed = {
            name: _value_of(editor, getattr(self._settings, name)) for name, editor in self.editors.items()
        }
        try:
            edited = replace(self._settings, **changed)
        except SettingsError as error:
            self.set_settings(self._settings)
            self.refused.emit(error)
            return
        if edited != self._settings:
            self._settings = edited
            self.edited.emit(edited)


def add_setting(
    form: QFormLayout,
    editor: QWidget,
    label: str,
    help_text: str,
    *,
    help_px: int = _HELP_PX,
    beside: QWidget | None = None,
) -> None:
    """Append a row: the label, the editor with what stands beside it, and the explanation below."""
    editor.setMinimumWidth(_EDITOR_PX)
    editor.setAccessibleName(label)
    editor.setAccessibleDescription(help_text)
    title = Label(label)
    title.setBuddy(editor)
    title.setMinimumSize(_LABEL_PX, editor.sizeHint().height())
    if beside is None:
        form.addRow(title, editor)
    else:
        form.addRow(title, row(editor, beside))
    if help_text:
        explanation = Label(help_text)
        explanation.setWordWrap(True)
        explanation.setMinimumWidth(help_px)
        if help_px != _HELP_PX:
            # A dialog takes its height before it knows how words wrap.
            explanation.setMinimumHeight(explanation.heightForWidth(help_px))
        explanation.setProperty("role", "muted")
        explanation.setContentsMargins(0, 0, 0, 8)
        form.addRow("", explanation)


def _translated(text: str) -> str:
    return translate("settings", text) if text else ""


def _make_editor(field: Field[object]) -> Editor:
    if field.metadata["kind"] == "choice":
        return _combo_box(field)
    if field.metadata["kind"] == "flag":
        return QCheckBox(translate("settings", "On"))
    least, most = field.metadata["range"]
    if field.metadata["kind"] == "text":
        line = QLineEdit()
        line.setMaxLength(most)
        return line
    spin = StillSpinBox() if field.metadata["kind"] == "int" else StillDoubleSpinBox()
    if isinstance(spin, QDoubleSpinBox):
        # A range below 1 is one of distances, up to 1 one of parts.
        decimals, step = (3, 0.005) if most < 1 else (2, 0.05) if most == 1 else (1, 1.0)
        spin.setDecimals(decimals)
        spin.setSingleStep(step)
    spin.setRange(least, most)
    unit = field.metadata.get("unit")
    spin.setSuffix(f" {_translated(unit)}" if unit else "")
    if unit == "months" and isinstance(spin, QSpinBox):
        spin.valueChanged.connect(partial(_show_months, spin))
    if field.metadata["zero"]:
        spin.setSpecialValueText(_translated(field.metadata["zero"]))
    spin.setKeyboardTracking(False)
    return spin


def _show_months(spin: QSpinBox, number: int) -> None:
    """Say "1 month", not "1 months"; other units are signs, which have no plural."""
    spin.setSuffix(Counts().months(number).removeprefix(str(number)))


def _combo_box(field: Field[object]) -> QComboBox:
    box = StillComboBox()
    for choice in field.metadata["choices"]:
        box.addItem(codes.choice(field.name, choice), choice)
    return box


def _show_value(editor: Editor, value: Any) -> None:  # noqa: ANN401 - whatever the field holds
    if isinstance(editor, QCheckBox):
        editor.setChecked(value)
    elif isinstance(editor, QComboBox):
        editor.setCurrentIndex(editor.findData(value))
    elif isinstance(editor, QSpinBox | QDoubleSpinBox):
        editor.setValue(value)
    else:
        editor.setText(value or "")


def _value_of(editor: Editor, before: object) -> object:
    if isinstance(editor, QCheckBox):
        return editor.isChecked()
    if isinstance(editor, QComboBox):
        chosen = editor.currentData()
        # Qt turns a StrEnum into a plain string on the way through the box.
        return type(before)(chosen) if isinstance(before, str) else chosen
    if isinstance(editor, QSpinBox | QDoubleSpinBox):
        return editor.value()
    return editor.text().strip()
