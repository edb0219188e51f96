"""What the page Today is about: days, department, camera, door."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QPushButton, QWidget

from faceaccess.gui.layout import row
from faceaccess.gui.plain import shown
from faceaccess.gui.widgets.date_range import DateRange, Span
from faceaccess.store.journal.types import EventFilter

_BOX_PX = 170


class InsightFilter(QWidget):
    """Gives an `EventFilter`; begins at today."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.days = DateRange(self)
        self.department, self.camera, self.door = QComboBox(self), QComboBox(self), QComboBox(self)
        self.clear_button = QPushButton(self.tr("Clear"), self)
        self.clear_button.setProperty("role", "quiet")
        line = row(self.days, parent=self)
        for box, name, any_one in (
            (self.department, self.tr("Department"), self.tr("Any department")),
            (self.camera, self.tr("Camera"), self.tr("Any camera")),
            (self.door, self.tr("Door"), self.tr("Any door")),
        ):
            box.setAccessibleName(name)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(8)
            box.setMaximumWidth(_BOX_PX)
            box.addItem(any_one, None)
            box.currentIndexChanged.connect(self._on_changed)
            line.addWidget(box, 1)
        line.addWidget(self.clear_button)
        line.addStretch(1)
        self.days.span_box.setCurrentIndex(self.days.span_box.findData(Span.TODAY))
        self.days.changed.connect(self._on_changed)
        self.clear_button.clicked.connect(self.clear)
        self.clear_button.setEnabled(False)

    def event_filter(self) -> EventFilter:
        """Return the filter that the fields describe."""
        since, until = self.days.bounds()
        return EventFilter(
            since=since,
            until=until,
            department=self.department.currentData(),
            camera=self.camera.currentData(),
            door=self.door.currentData(),
        )

    def is_today(self) -> bool:
        """Tell whether the days are today alone."""
        return self.days.span_box.currentData() is Span.TODAY

    def offer(self, departments: list[str], cameras: list[str], doors: list[str]) -> None:
        """Add what can be chosen and isn't there yet."""
        pairs = ((self.department, departments), (self.camera, cameras), (self.door, doors))
        for box, values in pairs:
            known = {box.itemData(row) for row in range(box.count())}
            for value in values:
                if value not in known:
                    box.addItem(shown(value), value)

    def clear(self) -> None:
        """Go back to everything of today."""
        widgets = (self.days, self.department, self.camera, self.door)
        for widget in widgets:
            widget.blockSignals(True)
        self.days.span_box.setCurrentIndex(self.days.span_box.findData(Span.TODAY))
        for box in (self.department, self.camera, self.door):
            box.setCurrentIndex(0)
        for widget in widgets:
            widget.blockSignals(False)
        self._on_changed()

    def _on_changed(self) -> None:
        boxes = (self.department, self.camera, self.door)
        is_clear = self.is_today() and not any(box.currentData() for box in boxes)
        self.clear_button.setEnabled(not is_clear)
        self.changed.emit()
