"""The dialog that shows who did what: every action of operators and the program."""

from collections.abc import Callable
from enum import IntEnum
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QHeaderView, QLineEdit, QWidget

from faceaccess.attendance.zones import Zones
from faceaccess.errors import FaceAccessError
from faceaccess.gui.dialog_buttons import DialogButtons
from faceaccess.gui.layout import column, plain_table, wrapped
from faceaccess.gui.models.flat_model import Index
from faceaccess.gui.models.paged_model import PagedModel
from faceaccess.gui.plain import plain, shown
from faceaccess.gui.wording import actions as action_text
from faceaccess.gui.wording import amounts, failures

if TYPE_CHECKING:
    from faceaccess.upkeep.actions import Action, Actions

_PAGE, _READ_AT_ONCE = 100, 500
_SEARCH_MS = 250
_WIDTH, _HEIGHT, _ROW_PX = 880, 520, 30


class Column(IntEnum):
    """The columns of the table."""

    TIME = 0
    BY = 1
    ACTION = 2
    ABOUT = 3
    DETAILS = 4


class ActionModel(PagedModel["Action"]):
    """Actions that have a text in them, newest first, read page after page."""

    def __init__(
        self, actions: "Actions", zones: Zones, *, page_size: int = _PAGE, parent: QObject | None = None
    ) -> None:
        super().__init__(page_size, parent)
        self._titles = (
            self.tr("Time"), self.tr("By"), self.tr("Action"), self.tr("About"), self.tr("Details")
        )  # fmt: skip
        self._actions, self._zones = actions, zones
        self._text, self._is_of_operators = "", True

    def search(self, text: str, *, is_of_operators: bool = True) -> None:
        """Show the actions in which a text stands; "" shows all.

        Args:
            text: in any of the cells.
            is_of_operators: leave out what the program does by itself.
        """
        self._begin_again(partial(self._ask, " ".join(text.casefold().split()), is_of_operators))

    def page_reader(self, last: "Action | None") -> Callable[[], list["Action"]]:
        """Return what reads the actions before one."""
        before = None if last is None else last.row.seq
        read = partial(self._actions.newest, is_of_operators=self._is_of_operators)
        return partial(_read, read, self._zones, self._text, before, self._page_size)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the content of a cell."""
        action = self.row_at(index.row()) if index.isValid() else None
        if action is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return shown(_cells(action, self._zones)[index.column()])
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain(_cells(action, self._zones)[index.column()])
        return None

    def _ask(self, text: str, is_of_operators: bool) -> None:
        self._text, self._is_of_operators = text, is_of_operators


class ActionsDialog(QDialog):
    """A table of actions with a search, and the one selected in full."""

    def __init__(self, actions: "Actions", zones: Zones, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Who did what"))
        self.model = ActionModel(actions, zones, parent=self)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search: an operator, an action, a person"))
        self.search.setAccessibleName(self.tr("Search"))
        self.search.setClearButtonEnabled(True)
        self.table = plain_table(self.model, self.tr("Actions"), self, row_px=_ROW_PX)
        self.detail = wrapped("", self, "muted")
        self.detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        buttons = DialogButtons(QDialogButtonBox.StandardButton.Close, self)
        note = wrapped(
            self.tr(
                "Times in {0}. The record can't be edited; what is erased with a person stays erased."
            ).format(zones.names),
            self,
            "muted",
        )
        self.of_program = QCheckBox(self.tr("What the program did by itself, too"), self)
        column(
            self.search,
            self.of_program,
            self.table,
            self.detail,
            note,
            buttons,
            parent=self,
            spacing=10,
            margin=14,
        )
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for at, width in ((Column.TIME, 150), (Column.BY, 110), (Column.ACTION, 190), (Column.ABOUT, 170)):
            header.resizeSection(at, width)
        header.setSectionResizeMode(Column.DETAILS, QHeaderView.ResizeMode.Stretch)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_SEARCH_MS)
        self._pause.timeout.connect(self._search)
        self.search.textChanged.connect(self._pause.start)
        self.of_program.toggled.connect(self._search)
        self.model.loaded.connect(self._show_selected)
        self.model.failed.connect(self._on_failed)
        self.table.selectionModel().currentRowChanged.connect(self._show_selected)
        buttons.rejected.connect(self.reject)
        self.resize(_WIDTH, _HEIGHT)
        self._search()

    def _search(self) -> None:
        self.model.search(self.search.text(), is_of_operators=not self.of_program.isChecked())

    def _show_selected(self) -> None:
        action = self.model.row_at(self.table.currentIndex().row())
        if action is None:
            nothing = self.tr("No action matches.") if self.model.is_empty else ""
            self.detail.setText(nothing or self.tr("Select an action to read it in full."))
            return
        lines = [
            self.tr("Row {0} of the journal: {1}").format(
                action.row.seq, action_text.facts(action.facts) or self.tr("no details")
            )
        ]
        lines += [self.tr("Why: {0}").format(action.why)] if action.why else []
        self.detail.setText("\n".join(lines))

    def _on_failed(self, error: FaceAccessError) -> None:
        self.detail.setText(failures.whole(error))


def _read(
    newest: "Callable[..., list[Action]]", zones: Zones, text: str, before: int | None, limit: int
) -> "list[Action]":
    """Return the next actions that have a text in them, newest first."""
    matching: list[Action] = []
    while page := newest(limit=_READ_AT_ONCE if text else limit, before_seq=before):
        matching += [action for action in page if text in " ".join(_cells(action, zones)).casefold()]
        before = page[-1].row.seq
        if len(matching) >= limit:
            break
    return matching[:limit]


def _cells(action: "Action", zones: Zones) -> tuple[str, ...]:
    row = action.row
    return (
        amounts.moment(row.at, zones),
        row.actor or "–",
        action_text.action(row.kind),
        action.whose,
        action.why or action_text.facts(action.facts),
    )
