"""One unknown visitor: faces, how often and when, and what can be done."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QPixmap
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from faceaccess.codes import VisitorMark
from faceaccess.gui import icons
from faceaccess.gui.layout import STRETCH, row
from faceaccess.gui.plain import Label
from faceaccess.gui.widgets.elided_label import ElidedLabel
from faceaccess.gui.wording import amounts, codes
from faceaccess.people.visitors import MOST_SHOWN, VisitorGroup

FACE_PX = 72
_GAP_PX = 6
_EDGE_PX = 14


class VisitorCard(QFrame):
    """Shows a group; each signal names it."""

    selected = Signal()
    enrol_wanted = Signal(object)
    ignore_wanted = Signal(object, object)
    delete_wanted = Signal(object)

    def __init__(
        self, group: VisitorGroup, name: str, *, may_delete: bool, parent: QWidget | None = None
    ) -> None:
        """Show a group.

        Args:
            group: who it is.
            name: of the enrolled person whom it matches by now, or "".
            may_delete: whether deleting is offered.
            parent: of the widget.
        """
        super().__init__(parent)
        self.setObjectName("card")
        self.group = group
        self.faces = {seq: Label(self) for seq in group.best}
        self.check = QCheckBox(self._title(), self)
        self.when = ElidedLabel(self._when(), self)
        self.known = ElidedLabel(self._known(name), self)
        self.enrol_button = QPushButton(self.tr("Enrol…"), self)
        self.ignore_button = QPushButton(self.tr("Ignore"), self)
        self.delete_button = QPushButton(self.tr("Delete"), self)
        self.delete_button.setVisible(may_delete)
        self._arrange()
        self.check.toggled.connect(self.selected)
        self.enrol_button.clicked.connect(self._enrol)
        self.delete_button.clicked.connect(self._delete)

    def show_face(self, seq: int, picture: QPixmap) -> None:
        """Show the picture of an entry, if it is one of this group's."""
        if seq in self.faces:
            self.faces[seq].setPixmap(picture)

    def _arrange(self) -> None:
        self.check.setToolTip(self.tr("Select it to merge it with others"))
        self.check.setAccessibleDescription(self.when.text())
        font = self.check.font()
        font.setBold(True)
        self.check.setFont(font)
        self.when.setProperty("role", "muted")
        self.known.setProperty("role", "caution")
        pictures = QHBoxLayout()
        pictures.setSpacing(_GAP_PX)
        for label in self.faces.values():
            label.setFixedSize(QSize(FACE_PX, FACE_PX))
            label.setAccessibleName(self.tr("Face at the door"))
            pictures.addWidget(label)
        pictures.addStretch()
        icons.set_icon(self.enrol_button, "enrol", 16)
        icons.set_icon(self.delete_button, "trash", 16)
        self.delete_button.setProperty("role", "danger")
        self._add_menu()
        buttons = row(self.enrol_button, self.ignore_button, STRETCH, self.delete_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(_EDGE_PX, 12, _EDGE_PX, 12)
        column.setSpacing(8)
        column.addWidget(self.check)
        column.addLayout(pictures)
        column.addWidget(self.when)
        column.addWidget(self.known)
        column.addStretch()
        column.addLayout(buttons)
        self.setFixedWidth(2 * _EDGE_PX + MOST_SHOWN * FACE_PX + (MOST_SHOWN - 1) * _GAP_PX + 2)

    def _add_menu(self) -> None:
        menu = QMenu(self.ignore_button)
        for mark in VisitorMark:
            action = menu.addAction(codes.visitor_mark(mark))
            action.setData(mark)
        menu.triggered.connect(self._ignore)
        self.ignore_button.setMenu(menu)

    def _title(self) -> str:
        return self.tr("The same unknown person, %n visits", "", len(self.group.seqs))

    def _when(self) -> str:
        first, last = self.group.first_at.astimezone(), self.group.last_at.astimezone()
        ends = last.strftime("%H:%M" if last.date() == first.date() else "%Y-%m-%d %H:%M")
        span = first.strftime("%Y-%m-%d %H:%M")
        if len(self.group.seqs) > 1:
            span = self.tr("{0} to {1}").format(span, ends)
        return f"{span} · {', '.join(self.group.doors)}"

    def _known(self, name: str) -> str:
        if not name or self.group.distance is None:
            return ""
        sentence = self.tr("Looks like {0}, who is enrolled by now (distance {1}).")
        return sentence.format(name, amounts.distance(self.group.distance))

    def _enrol(self) -> None:
        self.enrol_wanted.emit(self.group)

    def _ignore(self, action: QAction) -> None:
        self.ignore_wanted.emit(self.group, VisitorMark(action.data()))

    def _delete(self) -> None:
        self.delete_wanted.emit(self.group)

    def is_selected(self) -> bool:
        """Return whether it is to be merged with others."""
        return self.check.checkState() is Qt.CheckState.Checked
