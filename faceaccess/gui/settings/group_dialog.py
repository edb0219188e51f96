"""Sets up an access group: its name, its weekly windows, its doors."""

from dataclasses import replace
from datetime import time

from PySide6.QtCore import QLocale, QTime
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QTimeEdit,
    QVBoxLayout,
    QWidget,
)

from faceaccess.gui import icons
from faceaccess.gui.plain import Label
from faceaccess.gui.widgets.month_chooser import chosen_time
from faceaccess.store.access.types import AccessGroup, Window

_WORKDAYS = frozenset(range(5))


class WindowRow(QWidget):
    """One weekly window: the days it starts on, from when to when."""

    def __init__(self, window: Window, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.days = []
        for day in range(7):
            # Qt counts weekdays from 1, Monday.
            box = QCheckBox(QLocale().dayName(day + 1, QLocale.FormatType.ShortFormat), self)
            box.setChecked(day in window.days)
            self.days.append(box)
            row.addWidget(box)
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
            row.addWidget(Label(name, self))
            row.addWidget(edit)
        self.remove_button = QPushButton(self)
        self.remove_button.setAccessibleName(self.tr("Remove these hours"))
        icons.set_icon(self.remove_button, "trash", 16)
        row.addWidget(self.remove_button)

    def window_set(self) -> Window:
        """Return the window as it is set."""
        days = frozenset(day for day, box in enumerate(self.days) if box.isChecked())
        return Window(days, chosen_time(self.start), chosen_time(self.end))


class GroupDialog(QDialog):
    """`group` is the answer."""

    def __init__(self, group: AccessGroup, doors: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
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
        self.words = Label(self)
        self.words.setProperty("role", "bad")
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._arrange()
        for window in group.windows:
            self._add(window)
        self.add_button.clicked.connect(self._add_usual)
        self.buttons.accepted.connect(self._accept)
        self.buttons.rejected.connect(self.reject)

    def _arrange(self) -> None:
        form = QFormLayout()
        form.addRow(self.tr("Name"), self.name)
        note = Label(
            self.tr(
                "Without hours, the group may pass at any time. Hours that end before they start run over "
                "midnight. Leaving never depends on them."
            ),
            self,
        )
        note.setWordWrap(True)
        note.setProperty("role", "muted")
        self._windows = QVBoxLayout()
        doors = QHBoxLayout()
        doors.addWidget(Label(self.tr("Only these doors (none: all):"), self))
        for box in self.doors:
            doors.addWidget(box)
        doors.addStretch()
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addLayout(form)
        column.addWidget(note)
        column.addLayout(self._windows)
        column.addWidget(self.add_button)
        column.addLayout(doors)
        column.addWidget(self.on_holidays)
        column.addWidget(self.words)
        column.addWidget(self.buttons)

    def group(self) -> AccessGroup:
        """Return the group as it is set."""
        return replace(
            self._group,
            name=self.name.text().strip(),
            windows=tuple(row.window_set() for row in self.rows),
            doors=tuple(box.text() for box in self.doors if box.isChecked()),
            on_holidays=self.on_holidays.isChecked(),
        )

    def _add_usual(self) -> None:
        self._add(Window(_WORKDAYS, time(8), time(18)))

    def _add(self, window: Window) -> None:
        row = WindowRow(window, self)
        self.rows.append(row)
        self._windows.addWidget(row)
        row.remove_button.clicked.connect(self._on_remove)

    def _on_remove(self) -> None:
        row = self.sender().parent()
        assert isinstance(row, WindowRow)
        self.rows.remove(row)
        self._windows.removeWidget(row)
        row.deleteLater()

    def _accept(self) -> None:
        group = self.group()
        if not group.name:
            self.words.setText(self.tr("Give the group a name."))
        elif any(not window.days for window in group.windows):
            self.words.setText(self.tr("Each of the hours needs at least one weekday."))
        else:
            self.accept()
