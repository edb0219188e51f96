"""The base of tables that read page after page in the background."""

from abc import abstractmethod
from collections.abc import Callable
from functools import partial
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QModelIndex, QObject, Signal

from faceaccess.errors import FaceAccessError
from faceaccess.gui.background import run_in_background
from faceaccess.gui.models.flat_model import FlatModel, Index

_Row = TypeVar("_Row")


class PagedModel(FlatModel, Generic[_Row]):
    """Rows of one question, fewer than a page at its end; another question forgets them.

    `loaded` says that a page came, `failed` carries why none did.
    """

    failed = Signal(object)
    loaded = Signal()

    def __init__(self, page_size: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page_size = page_size
        self._rows: list[_Row] = []
        self._generation = 0
        self._is_fetching = self._is_at_end = False

    @abstractmethod
    def page_reader(self, last: _Row | None) -> Callable[[], list[_Row]]:
        """Return what reads the page after a row, on a worker; after None it reads the first."""

    @property
    def is_empty(self) -> bool:
        """Whether everything was read and nothing was found."""
        return self._is_at_end and not self._rows

    def row_at(self, row: int) -> _Row | None:
        """Return what stands in a row, or None."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def canFetchMore(self, parent: Index) -> bool:
        """Return whether there may be more."""
        return not parent.isValid() and not self._is_at_end and not self._is_fetching

    def fetchMore(self, parent: Index) -> None:
        """Read the next page in the background."""
        if not self.canFetchMore(parent):
            return
        self._is_fetching = True
        run_in_background(
            self.page_reader(self._rows[-1] if self._rows else None),
            partial(self._append, self._generation),
            partial(self._fail, self._generation),
            self,
        )

    def _begin_again(self, ask: Callable[[], Any]) -> None:
        """Forget all rows, ask another question and read its first page."""
        self.beginResetModel()
        ask()
        self._rows = []
        self._generation += 1
        self._is_fetching = self._is_at_end = False
        self.endResetModel()
        self.fetchMore(QModelIndex())

    def _append(self, generation: int, page: list[_Row]) -> None:
        if generation != self._generation:
            return
        self._is_fetching = False
        self._is_at_end = len(page) < self._page_size
        if page:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(page) - 1)
            self._rows.extend(page)
            self.endInsertRows()
        self.loaded.emit()

    def _fail(self, generation: int, error: FaceAccessError) -> None:
        if generation == self._generation:
            self._is_fetching, self._is_at_end = False, True
            self.failed.emit(error)
