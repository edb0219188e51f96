"""How a table is read where it doesn't say it itself: its letters, and its days."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from faceaccess.codes import DateOrder
from faceaccess.gui.plain import Label
from faceaccess.gui.wording import arrivals as import_text
from faceaccess.people.arrivals.letters import USUAL


class ImportReading(QWidget):
    """Two choices, each of them left to the table at first."""

    encoding_changed = Signal()
    order_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.encodings, self.orders = QComboBox(self), QComboBox(self)
        self.encodings.addItem(self.tr("as the file tells"), None)
        for name in ("utf-8", "utf-16", *USUAL):
            self.encodings.addItem(name, name)
        self.orders.addItem(self.tr("as the column tells"), None)
        for order in DateOrder:
            self.orders.addItem(import_text.date_order(order), order.value)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for title, box in ((self.tr("Letters"), self.encodings), (self.tr("Days"), self.orders)):
            label = Label(title, self)
            label.setBuddy(box)
            box.setAccessibleName(title)
            row.addWidget(label)
            row.addWidget(box)
        row.addStretch()
        self.encodings.currentIndexChanged.connect(self._on_encoding)
        self.orders.currentIndexChanged.connect(self._on_order)

    @property
    def encoding(self) -> str | None:
        """The encoding that was chosen, None to find out."""
        chosen = self.encodings.currentData()
        return None if chosen is None else str(chosen)

    @property
    def order(self) -> DateOrder | None:
        """In which order days are written, None to find out."""
        chosen = self.orders.currentData()
        return None if chosen is None else DateOrder(chosen)

    def _on_encoding(self, _: int) -> None:
        self.encoding_changed.emit()

    def _on_order(self, _: int) -> None:
        self.order_changed.emit()
