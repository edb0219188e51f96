"""Sets up an access group: its name, its weekly windows, its doors."""

from dataclasses import replace
from datetime import time

from PySide6.QtCore import QLocale, QTime
from PySide6.QtWidgets import (
    QCheckBox,
    QLineEdit,
    QPushButton,
    QTimeEdit,
    QVBoxLayout,
    QWidget,
)

from faceaccess.gui import icons
from faceaccess.gui.layout import STRETCH, form, row, wrapped
from faceaccess.gui.plain import Label
from faceaccess.gui.widgets.month_chooser import chosen_time
from faceaccess.gui.widgets.save_dialog import SaveDialog
from faceaccess.store.access.types import AccessGroup, Window

_WORKDAYS = frozenset(range(5))


class WindowRow(QWidget):
    """One weekly window: the days it starts on, from when to when."""

    def __init__(self, window: Window, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        line = row(parent=self)
        self.days = []
        for day in range(7):
            # Qt counts weekdays from 1, Monday.
            box = QCheckBox(QLocale().dayName(day + 1, QLocale.FormatType.ShortFormat), self)
            box.setChecked(day in window.days)
            self.days.append(box)
            line.addWidget(box)
        self.start, self.end = QTimeEdit(self), QTimeEdit(self)
        for edit, at, name in (
            (self.start, window.start, self.tr("From")),
            (self.end, window.end, self.tr("To")),
        ):
            edit.setDisplayFormat("HH:mm")
            edit.setTime(QTime(at.hour, at.minute))
            edit.setAccessibleName(name)
            # The style sheet's padding doesn't reach the field inside.
            edit.lineEdit().setTextMargins(6, 0, 0, 0)
            line.addWidget(Label(name, self))
            line.addWidget(edit)
        self.remove_button = QPushButton(self)
        self.remove_button.setAccessibleName(self.tr("Remove these hours"))
        icons.set_icon(self.remove_button, "trash", 16)
        line.addWidget(self.remove_button)

    def window_set(self) -> Window:
        """Return the window as it is set."""
        days = frozenset(day for day, box in enumerate(self.days) if box.isChecked())
        return Window(days, chosen_time(self.start), chosen_time(self.end))


class GroupDialog(SaveDialog):
    """`group` is the answer."""

    def __init__(self, group: AccessGroup, doors: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setWindowTitle(self.tr("Access group"))
        self._group = group
        self.rows: list[WindowRow] = []
        self.name = QLineEdit(group.name, self)
        self.name.setMaxLength(100)
        self.on_holidays = QCheckBox(self.tr("On holidays too"), self)
        self.on_holidays.setChecked(group.on_holidays)
        self.doors = [QCheckBox(door, self) for door in doors]
        for box in self.doors:
            box.setChecked(box.text() in group.doors)
        self.add_button = QPushButton(self.tr("Add hours"), self)
        icons.set_icon(self.add_button, "plus", 16)
        self._arrange()
        for window in group.windows:
            self._add(window)
        self.add_button.clicked.connect(self._add_usual)

    def _arrange(self) -> None:
        fields = form()
        fields.addRow(self.tr("Name"), self.name)
        note = wrapped(
            self.tr(
                "Without hours, the group may pass at any time. Hours that end before they start run over "
                "midnight. Leaving never depends on them."
            ),
            self,
            "muted",
        )
        self._windows = QVBoxLayout()
        label = Label(self.tr("Only these doors (none: all):"), self)
        doors = row(label, *self.doors, STRETCH)
        self.arrange(fields, note, self._windows, self.add_button, doors, self.on_holidays)

    def group(self) -> AccessGroup:
        """Return the group as it is set."""
        return replace(
            self._group,
            name=self.name.text().strip(),
            windows=tuple(hours.window_set() for hours in self.rows),
            doors=tuple(box.text() for box in self.doors if box.isChecked()),
            on_holidays=self.on_holidays.isChecked(),
        )

    def _add_usual(self) -> None:
        self._add(Window(_WORKDAYS, time(8), time(18)))

    def _add(self, window: Window) -> None:
        hours = WindowRow(window, self)
        self.rows.append(hours)
        self._windows.addWidget(hours)
        hours.remove_button.clicked.connect(self._on_remove)

    def _on_remove(self) -> None:
        hours = self.sender().parent()
        assert isinstance(hours, WindowRow)
        self.rows.remove(hours)
        self._windows.removeWidget(hours)
        hours.deleteLater()

    def refusal(self) -> str:
        """Return what a group lacks."""
        group = self.group()
        if not group.name:
            return self.tr("Give the group a name.")
        if any(not window.days for window in group.windows):
            return self.tr("Each of the hours needs at least one weekday.")
        return ""
