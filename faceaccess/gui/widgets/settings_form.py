"""A form generated from a settings dataclass and the metadata of its fields."""

from dataclasses import Field, fields, replace
from enum import Enum
from typing import Any

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QFormLayout, QLabel, QLineEdit, QSpinBox, QWidget


class StillSpinBox(QSpinBox):
    """Leaves the mouse wheel to the page."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ignore the wheel: a setting must not change because someone scrolled."""
        event.ignore()


class StillDoubleSpinBox(QDoubleSpinBox):
    """Leaves the mouse wheel to the page."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ignore the wheel: a setting must not change because someone scrolled."""
        event.ignore()


class StillComboBox(QComboBox):
    """Leaves the mouse wheel to the page."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ignore the wheel: a setting must not change because someone scrolled."""
        event.ignore()


class SettingsForm(QWidget):
    """One row per field with its label and help; `edited` carries the changed dataclass.

    Args:
        settings: an instance of a frozen dataclass whose fields have `label`, `help`, `kind`
            and, where they apply, `range`, `unit` and `choices` in their metadata.
        only: names of the fields to show; empty means all.
    """

    edited = Signal(object)

    def __init__(self, settings: object, *, only: tuple[str, ...] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.editors: dict[str, QWidget] = {}
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(24)
        form.setVerticalSpacing(4)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        for each in fields(settings):  # type: ignore[arg-type]
            if each.metadata.get("label") and (not only or each.name in only):
                self._add(form, each)
        self.set_settings(settings)

    def settings(self) -> object:
        """Return the settings on show."""
        return self._settings

    def set_settings(self, settings: object) -> None:
        """Show these settings without announcing them."""
        self._settings = settings
        for name, editor in self.editors.items():
            editor.blockSignals(True)
            _show_value(editor, getattr(settings, name))
            editor.blockSignals(False)

    def _add(self, form: QFormLayout, each: Field) -> None:
        label, words = _translated(each.metadata["label"]), _translated(each.metadata.get("help", ""))
        editor = _make_editor(each, getattr(self._settings, each.name))
        editor.setParent(self)
        editor.setMinimumWidth(220)
        editor.setObjectName(each.name)
        editor.setAccessibleName(label)
        editor.setAccessibleDescription(words)
        self.editors[each.name] = editor
        title = QLabel(label, self)
        title.setBuddy(editor)
        form.addRow(title, editor)
        if words:
            explanation = QLabel(words, self)
            explanation.setWordWrap(True)
            explanation.setMinimumWidth(320)
            explanation.setProperty("role", "muted")
            explanation.setContentsMargins(0, 0, 0, 8)
            form.addRow("", explanation)
        if isinstance(editor, QCheckBox):
            editor.toggled.connect(self._on_edited)
        elif isinstance(editor, QComboBox):
            editor.activated.connect(self._on_edited)
        else:
            editor.editingFinished.connect(self._on_edited)

    def _on_edited(self) -> None:
        changed = {name: _value_of(editor) for name, editor in self.editors.items()}
        wanted = replace(self._settings, **changed)  # type: ignore[type-var]
        if wanted != self._settings:
            self._settings = wanted
            self.edited.emit(wanted)


def _translated(words: str) -> str:
    return QCoreApplication.translate("settings", words) if words else ""


def _make_editor(each: Field, value: object) -> QWidget:
    least, most = each.metadata.get("range") or (0, 1_000_000)
    unit = each.metadata.get("unit") or ""
    if isinstance(value, Enum) or each.metadata.get("choices"):
        return _combo_box(each, value)
    if isinstance(value, bool):
        return QCheckBox()
    if isinstance(value, int):
        spin: Any = StillSpinBox()
    elif isinstance(value, float):
        spin = StillDoubleSpinBox()
        spin.setDecimals(3 if most <= 10 else 1)
        spin.setSingleStep(0.005 if most <= 10 else 0.5)
    else:
        return QLineEdit()
    spin.setRange(least, most)
    spin.setSuffix(f" {unit}" if unit else "")
    spin.setKeyboardTracking(False)
    return spin


def _combo_box(each: Field, value: object) -> QComboBox:
    box = StillComboBox()
    choices = each.metadata.get("choices") or tuple(type(value))  # type: ignore[arg-type]
    pairs = choices.items() if isinstance(choices, dict) else ((choice, choice) for choice in choices)
    for choice, label in pairs:
        shown = str(label.value if isinstance(label, Enum) else label)
        box.addItem(_translated(shown[:1].upper() + shown[1:] if shown == str(choice) else shown), choice)
    return box


def _show_value(editor: QWidget, value: Any) -> None:
    if isinstance(editor, QCheckBox):
        editor.setChecked(value)
    elif isinstance(editor, QComboBox):
        editor.setCurrentIndex(editor.findData(value))
    elif isinstance(editor, QSpinBox | QDoubleSpinBox):
        editor.setValue(value)
    elif isinstance(editor, QLineEdit):
        editor.setText(value or "")


def _value_of(editor: QWidget) -> object:
    if isinstance(editor, QCheckBox):
        return editor.isChecked()
    if isinstance(editor, QComboBox):
        return editor.currentData()
    if isinstance(editor, QSpinBox | QDoubleSpinBox):
        return editor.value()
    return editor.text().strip() if isinstance(editor, QLineEdit) else None
