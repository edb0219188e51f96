"""A card with a list of people and their faces: who is in, who came when, who is late, who is missing."""

from collections.abc import Callable
from datetime import date, datetime

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from faceaccess.attendance.reports import Table
from faceaccess.gui import icons
from faceaccess.gui.layout import plain_table
from faceaccess.gui.models.report_model import ReportModel
from faceaccess.gui.models.thumbnails import Thumbnails
from faceaccess.gui.plain import Label

_FACE_PX = 32
_ROW_PX, _LINE_PX = 42, 16
_NAME_PX = 190
"""A face, and two lines for all but the longest of names."""

_LEAST_PX = 250
_ROWS_LOOKED_AT = 20
_HIDDEN = ("staff_number", "department", "door")
"""Columns without room here; the printed list has them."""


class PeopleCard(QFrame):
    """Shows a table, or why it is empty; `opened` carries the person whose row was double-clicked."""

    opened = Signal(str, object)
    print_wanted = Signal()
    pdf_wanted = Signal()

    def __init__(self, load_face: Callable[[str], bytes | None], parent: QWidget | None = None) -> None:
        """Make an empty card.

        Args:
            load_face: returns the JPEG bytes of a person id, or None; called on a worker.
            parent: the page.
        """
        super().__init__(parent)
        self.setObjectName("card")
        self.setMinimumHeight(_LEAST_PX)
        self._faces = Thumbnails(load_face, _FACE_PX, self)
        self.heading, self.note = Label(self), Label(self)
        self.heading.setProperty("role", "heading")
        self.note.setProperty("role", "muted")
        self.note.setWordWrap(True)
        self.print_button = QPushButton(self.tr("Print…"), self)
        self.pdf_button = QPushButton(self.tr("PDF…"), self)
        for button, label in (
            (self.print_button, self.tr("Print everybody who is in, for an evacuation")),
            (self.pdf_button, self.tr("Save everybody who is in as PDF, for an evacuation")),
        ):
            button.setToolTip(label)
            button.setAccessibleName(label)
        icons.set_icon(self.pdf_button, "export", 16)
        self.model = ReportModel(self, self._faces)
        self.table = plain_table(self.model, "", self, row_px=_ROW_PX)
        self.table.setWordWrap(True)
        self.table.setIconSize(QSize(_FACE_PX, _FACE_PX))
        self._set_up_table()
        self.nothing = Label(self)
        self.nothing.setProperty("role", "empty")
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.nothing)
        top = QHBoxLayout()
        top.addWidget(self.heading, 1)
        top.addWidget(self.print_button)
        top.addWidget(self.pdf_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 10, 10)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self.note)
        column.addWidget(self.stack, 1)
        self.print_button.clicked.connect(self.print_wanted)
        self.pdf_button.clicked.connect(self.pdf_wanted)
        self.table.activated.connect(self._on_activated)

    def show_table(self, heading: str, note: str, nothing: str, table: Table, *, is_roll: bool) -> None:
        """Show a list.

        Args:
            heading: the title of the list.
            note: a remark below the heading; may be empty.
            nothing: the message while the list is empty.
            table: the list.
            is_roll: whether it is the list of the people in, which can be printed.
        """
        self.heading.setText(heading)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        for button in (self.print_button, self.pdf_button):
            button.setVisible(is_roll)
        self.table.setAccessibleName(heading)
        self.model.show_table(table)
        self.nothing.setText(nothing)
        self.stack.setCurrentWidget(self.table if table.rows else self.nothing)
        self._fit(table)

    def forget_faces(self) -> None:
        """Read the faces again: photos may have changed while another page was shown."""
        self._faces.forget()

    def _set_up_table(self) -> None:
        self.table.horizontalHeader().setResizeContentsPrecision(_ROWS_LOOKED_AT)
        self.table.setToolTip(self.tr("Double-click a person to see their entries in the log"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the names whole in another width."""
        super().resizeEvent(event)
        if self.model.table is not None:
            self._fit(self.model.table)

    def _fit(self, table: Table) -> None:
        """Give the name what the other columns leave; where that is too little, they stand below it.

        A day that all rows share goes without saying.
        """
        days = {row[0] for row in table.rows if isinstance(row[0], date) and not isinstance(row[0], datetime)}
        header, others = self.table.horizontalHeader(), dict[str, int]()
        for column in range(self.model.columnCount()):
            name = self.model.column_name(column)
            is_hidden = name in _HIDDEN or (name == "day" and len(days) <= 1)
            self.table.setColumnHidden(column, is_hidden)
            way = header.ResizeMode.Stretch if name == "name" else header.ResizeMode.ResizeToContents
            header.setSectionResizeMode(column, QHeaderView.ResizeMode(way))
            if not is_hidden and name != "name":
                others[name] = column
        room_px = self.table.viewport().width() - sum(map(header.sectionSize, others.values()))
        is_folded = room_px < _NAME_PX
        for column in others.values():
            self.table.setColumnHidden(column, is_folded)
        self.model.show_below(tuple(others) if is_folded else ())
        below_px = len(others) * _LINE_PX if is_folded else 0
        self.table.verticalHeader().setDefaultSectionSize(_ROW_PX + below_px)

    def _on_activated(self, index: QModelIndex) -> None:
        name = self.model.cell_at(index.row(), "name")
        if isinstance(name, str):
            self.opened.emit(name, self.model.cell_at(index.row(), "day"))
