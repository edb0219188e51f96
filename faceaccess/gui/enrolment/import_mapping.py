"""Which column of a table says what: guessed, to be changed."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from faceaccess.codes import ImportField
from faceaccess.gui.plain import Label
from faceaccess.gui.wording import arrivals as import_text
from faceaccess.people.arrivals.columns import Columns, guessed
from faceaccess.people.arrivals.table_file import SourceTable

_A_ROW = 6
_NOT_CHOSEN = -1
_EXAMPLE = 24
_NEEDED = (ImportField.NAME, ImportField.PHOTO)


class ImportMapping(QWidget):
    """A choice of a column, or of several that belong together, for each field."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes = {field: QComboBox(self) for field in ImportField}
        self._choices: dict[ImportField, list[tuple[int, ...]]] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        for at, (field, box) in enumerate(self.boxes.items()):
            label = Label(import_text.field(field), self)
            label.setBuddy(box)
            box.setAccessibleName(import_text.field(field))
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(8)
            box.setPlaceholderText(self.tr("Which column?"))
            box.currentIndexChanged.connect(self._on_changed)
            row, column = divmod(at, _A_ROW)
            grid.addWidget(label, 2 * row, column)
            grid.addWidget(box, 2 * row + 1, column)
            grid.setColumnStretch(column, 1)

    def offer(self, table: SourceTable) -> None:
        """Offer the columns of a table, each with what it says first, the obvious ones chosen."""
        guess = guessed(table)
        for field, box in self.boxes.items():
            choices: list[tuple[int, ...]] = [(), *((at,) for at in range(len(table.columns)))]
            places = guess.columns.get(field, ())
            if len(places) > 1:
                choices.insert(1, places)
            self._choices[field] = choices
            with QSignalBlocker(box):
                box.clear()
                box.addItems([self._label(table, choice) for choice in choices])
                is_unclear = field in guess.unclear
                box.setCurrentIndex(_NOT_CHOSEN if is_unclear else choices.index(places))
        self.changed.emit()

    def lacking(self) -> list[str]:
        """Return what has to be said yet, in words: what a table must have, and what isn't clear."""
        chosen = self.columns()
        return [
            import_text.field(field)
            for field, box in self.boxes.items()
            if box.currentIndex() == _NOT_CHOSEN or (field in _NEEDED and field not in chosen)
        ]

    def columns(self) -> Columns:
        """Return which columns say what."""
        chosen = {
            field: choices[max(0, self.boxes[field].currentIndex())]
            for field, choices in self._choices.items()
        }
        return {field: places for field, places in chosen.items() if places}

    def _label(self, table: SourceTable, places: tuple[int, ...]) -> str:
        if not places:
            return self.tr("not in the table")
        headings = [table.columns[at] or self.tr("Column {0}").format(at + 1) for at in places]
        rows = (" ".join(row.cells[at] for at in places).strip() for row in table.rows)
        example = next((value for value in rows if value), "")
        heading = " + ".join(headings)
        return f"{heading}: {example[:_EXAMPLE]}" if example else heading

    def _on_changed(self, _: int) -> None:
        self.changed.emit()
