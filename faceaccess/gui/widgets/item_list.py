"""A list of items that are set up, each with a title, facts and buttons."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from faceaccess.gui import icons
from faceaccess.gui.layout import column, wrapped
from faceaccess.gui.plain import Label
from faceaccess.gui.widgets.elided_label import ElidedLabel


@dataclass(frozen=True)
class ItemRow:
    """The widgets of an item."""

    box: QWidget
    facts: QLabel
    edit_button: QPushButton
    remove_button: QPushButton


class ItemList(QWidget):
    """Shows items; signals carry an item's place in the list.

    Nothing can be added before the items are shown: such lists are stored as a whole.

    Args:
        add_label: of the button that adds an item; "" for a fixed list.
        empty_text: shown while there are none.
    """

    add_wanted = Signal()
    edit_wanted = Signal(int)
    remove_wanted = Signal(int)

    def __init__(self, add_label: str, parent: QWidget | None = None, *, empty_text: str = "") -> None:
        super().__init__(parent)
        self.rows: list[ItemRow] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        self._empty = wrapped(empty_text, self, "muted")
        stack = column(self._list, self._empty, parent=self)
        self._can_add = bool(add_label)
        if self._can_add:
            self.add_button = QPushButton(add_label, self)
            self.add_button.setEnabled(False)
            icons.set_icon(self.add_button, "plus", 16)
            self.add_button.clicked.connect(self.add_wanted)
            stack.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)

    def show_items(self, items: Sequence[tuple[str, str]], *, can_remove: bool = True) -> None:
        """Show these titles and facts and no others."""
        for row in self.rows:
            self._list.removeWidget(row.box)
            row.box.deleteLater()
        self.rows = [self._make_row(number, *item) for number, item in enumerate(items)]
        for row in self.rows:
            row.remove_button.setVisible(can_remove)
        self._empty.setVisible(not items and bool(self._empty.text()))
        if self._can_add:
            self.add_button.setEnabled(True)

    def _make_row(self, number: int, title: str, facts: str) -> ItemRow:
        box = QWidget(self)
        name, details = ElidedLabel(title, box), Label(facts, box)
        name.setProperty("role", "strong")
        details.setProperty("role", "muted")
        details.setWordWrap(True)
        labels = column(name, details, spacing=0)
        edit, remove = QPushButton(self.tr("Set up…"), box), QPushButton(self.tr("Remove"), box)
        icons.set_icon(edit, "settings", 16)
        icons.set_icon(remove, "trash", 16)
        edit.setAccessibleName(self.tr("Set up {0}").format(title))
        remove.setAccessibleName(self.tr("Remove {0}").format(title))
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.addLayout(labels, 1)
        row.addWidget(edit)
        row.addWidget(remove)
        self._list.addWidget(box)
        edit.clicked.connect(partial(self.edit_wanted.emit, number))
        remove.clicked.connect(partial(self.remove_wanted.emit, number))
        return ItemRow(box, details, edit, remove)
