"""A list of items that are set up one by one, each in a dialog of its own."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QWidget

from faceaccess.gui.background import Lane
from faceaccess.gui.layout import column
from faceaccess.gui.notices import Notices
from faceaccess.gui.widgets.item_list import ItemList
from faceaccess.gui.work import Work

if TYPE_CHECKING:
    from faceaccess.store.access.access import Access

_Item = TypeVar("_Item")
_Dialog = TypeVar("_Dialog", bound=QDialog)


@dataclass(frozen=True)
class SetupTexts:
    """The texts of a list.

    Attributes:
        saved: shown after each change.
        add: of the button that adds an item; "" for a fixed list.
        empty: shown while there are none.
    """

    saved: str
    add: str = ""
    empty: str = ""


class SetupList(QWidget, Generic[_Item, _Dialog]):
    """Reads, shows, adds, changes and removes; `changed` says that something is different now.

    A subclass defines its items by `wording`, `read`, `facts`, `dialog`, `put`, and, where items
    come and go, `new` and `remove`.
    """

    changed = Signal()

    def __init__(
        self,
        access: "Access",
        notices: Notices,
        parent: QWidget | None = None,
        *,
        lane: Lane = Lane.SHORT,
    ) -> None:
        """Make an empty list, which `load` fills.

        Args:
            access: knows the operator.
            notices: where failures are told.
            parent: the parent widget.
            lane: the worker that reads and keeps.
        """
        super().__init__(parent)
        self.items: tuple[_Item, ...] = ()
        self.notices = notices
        self._wording = self.wording()
        self.list = ItemList(self._wording.add, self, empty_text=self._wording.empty)
        self.column = column(self.list, parent=self, spacing=12)
        self.work = Work(self, access, notices, reload=self.load, lane=lane)
        self.list.add_wanted.connect(self._add)
        self.list.edit_wanted.connect(self._edit_number)
        self.list.remove_wanted.connect(self._remove_number)

    # The items

    @abstractmethod
    def read(self) -> Sequence[_Item]:
        """Return the items. Called on a worker."""

    @abstractmethod
    def facts(self, item: _Item) -> tuple[str, str]:
        """Return an item's title and its facts."""

    @abstractmethod
    def dialog(self, item: _Item) -> _Dialog:
        """Return the dialog that changes an item."""

    @abstractmethod
    def put(self, item: _Item, dialog: _Dialog) -> None:
        """Store a dialog's answer about an item: call `keep`."""

    @abstractmethod
    def wording(self) -> SetupTexts:
        """Return the list's texts."""

    def new(self) -> _Item | None:
        """Return an item to be added; None where the list offers none."""
        return None

    def remove(self, item: _Item) -> None:
        """Remove an item, after asking where that matters: call `keep`. By default, nothing goes."""

    def can_remove(self) -> bool:
        """Return whether the items on show can be removed."""
        return True

    # The actions on them

    def load(self) -> None:
        """Show what is in force."""
        self.work.read(self.read, self.show_items)

    def show_items(self, items: Sequence[_Item]) -> None:
        """Show these and no others."""
        self.items = tuple(items)
        self.list.show_items([self.facts(item) for item in self.items], can_remove=self.can_remove())

    def keep(self, job: Callable[[], object]) -> None:
        """Carry out a change, and show what is in force after it."""
        self.work.carry_out(partial(self._changed, job), self._on_saved, said=self._wording.saved)

    def edit(self, item: _Item) -> None:
        """Open the dialog over an item."""
        dialog = self.dialog(item)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.put(item, dialog)
        dialog.deleteLater()

    def _add(self) -> None:
        item = self.new()
        if item is not None:
            self.edit(item)

    def _edit_number(self, number: int) -> None:
        self.edit(self.items[number])

    def _remove_number(self, number: int) -> None:
        self.remove(self.items[number])

    def _changed(self, job: Callable[[], object]) -> Sequence[_Item]:
        """Carry out a change and return the items after it. Called on a worker."""
        job()
        return self.read()

    def _on_saved(self, items: Sequence[_Item]) -> None:
        self.show_items(items)
        self.changed.emit()
