"""Which column of a table says what: guessed, to be changed."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QWidget

from faceaccess.codes import ImportField
from faceaccess.gui import import_text
from faceaccess.people.import_columns import guessed
from faceaccess.people.table_reading import SourceTable

_A_ROW = 6
_NONE = -1
_EXAMPLE = 24
_NEEDED = (ImportField.NAME, ImportField.PHOTO)


class ImportMapping(QWidget):
    """A choice of a column for each field."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes = {field: QComboBox(self) for field in ImportField}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        for at, (field, box) in enumerate(self.boxes.items()):
            label = QLabel(import_text.field(field), self)
            label.setBuddy(box)
            box.setAccessibleName(import_text.field(field))
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(8)
            box.currentIndexChanged.connect(self._on_changed)
            row, column = divmod(at, _A_ROW)
            grid.addWidget(label, 2 * row, column)
            grid.addWidget(box, 2 * row + 1, column)
            grid.setColumnStretch(column, 1)

    def offer(self, table: SourceTable) -> None:
        """Offer the columns of a table, each with what it says first, the obvious ones chosen."""
        found = guessed(table.columns)
        for field, box in self.boxes.items():
            with QSignalBlocker(box):
                box.clear()
                box.addItem(self.tr("not in the table"), _NONE)
                for at, column in enumerate(table.columns):
                    example = next((row.cells[at] for row in table.rows if row.cells[at]), "")
                    words = column or self.tr("Column {0}").format(at + 1)
                    box.addItem(f"{words}: {example[:_EXAMPLE]}" if example else words, at)
                box.setCurrentIndex(box.findData(found.get(field, _NONE)))
        self.changed.emit()

    def lacking(self) -> list[str]:
        """Return what has to be in a table and in no column, in words."""
        chosen = self.columns()
        return [import_text.field(field) for field in _NEEDED if field not in chosen]

    def columns(self) -> dict[ImportField, int]:
        """Return which column says what."""
        chosen = {field: box.currentData() for field, box in self.boxes.items()}
        return {field: at for field, at in chosen.items() if at is not None and at != _NONE}

    def _on_changed(self, _: int) -> None:
        self.changed.emit()
