"""Small pictures for lists, loaded in the background when a row comes into view."""

from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPixmap

from faceaccess.errors import FaceAccessError
from faceaccess.gui import icons
from faceaccess.gui.background import run_in_background
from faceaccess.gui.pictures import face_pixmap, rounded
from faceaccess.store.journal.types import EntryCrop

_Key = TypeVar("_Key", bound=int | str)

_MOST = 400


class Thumbnails(QObject, Generic[_Key]):
    """Keeps the pictures shown most recently.

    Args:
        load: returns the picture of a key, or None; called on a worker.
        size_px: width and height of the pictures.
    """

    loaded = Signal(object)

    def __init__(
        self, load: Callable[[_Key], EntryCrop | bytes | None], size_px: int, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._load = load
        self._size = QSize(size_px, size_px)
        self._kept: OrderedDict[_Key, QPixmap] = OrderedDict()
        self._asked: set[_Key] = set()

    def picture(self, key: _Key) -> QPixmap:
        """Return the picture of a key, or a placeholder until `loaded` announces it."""
        picture = self._kept.get(key)
        if picture is not None:
            self._kept.move_to_end(key)
            return picture
        if key not in self._asked:
            self._asked.add(key)
            run_in_background(
                partial(self._load, key), partial(self._keep, key), partial(self._fail, key), self
            )
        return self._placeholder()

    def forget(self) -> None:
        """Drop all pictures, because their sources have changed."""
        self._kept.clear()

    def _keep(self, key: _Key, data: EntryCrop | bytes | None) -> None:
        self._asked.discard(key)
        picture = face_pixmap(data)
        drawn = self._placeholder() if picture.isNull() else rounded(picture, self._size)
        self._kept[key] = drawn
        while len(self._kept) > _MOST:
            self._kept.popitem(last=False)
        self.loaded.emit(key)

    def _fail(self, key: _Key, _: FaceAccessError) -> None:
        # A list without one of its pictures is still of use: no notice for each.
        self._keep(key, None)

    def _placeholder(self) -> QPixmap:
        side = self._size.width()
        drawn = QPixmap(self._size * 2)
        drawn.setDevicePixelRatio(2.0)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        painter.drawPixmap(side // 4, side // 4, icons.pixmap("person", "#8b94a3", side // 2, 2.0))
        painter.end()
        return drawn
