"""Messages to the operator in a bar that never blocks the window."""

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollBar,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from faceaccess.errors import Cancelled, FaceAccessError
from faceaccess.gui import icons
from faceaccess.gui.free_place import lowest_place, seen_part
from faceaccess.gui.plain import Label, shown
from faceaccess.gui.wording import failures

_SHOWN_MS, _OFFERED_MS, _FOLDED_MS = 6000, 15_000, 20_000
_READ_MS = 70
"""Of a letter, for somebody who reads slowly: a long message stays longer."""

_STAYING = ("warn", "fail")
_LOOK_MS = 250
_USED = (QAbstractButton, QComboBox, QLineEdit, QAbstractSpinBox, QAbstractSlider)
_MOST = 3
_WIDTH_PX, _GAP_PX = 620, 16
_ICONS = {"info": "info", "good": "accepted", "warn": "warning", "fail": "error"}


class Notices(QWidget):
    """The newest messages, one row each; failures stay until they are closed.

    They stand in a layout, or over a page that they never move: see `float_over`. They take no focus.
    `folded` carries how many are put away, not closed, so that they cover nothing any longer.
    """

    folded = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page: QWidget | None = None
        self._free_px: Callable[[], int] = int
        self._carried: QWidget | None = None
        self._look: QTimer | None = None
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(16, 12, 16, 0)
        self._rows.setSpacing(6)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setVisible(False)

    def float_over(self, page: QWidget, free_px: Callable[[], int]) -> None:
        """Stand over a page, as low as there is room beside what can be pressed or typed into.

        Args:
            page: whose size is followed.
            free_px: returns how much of its lower edge is never covered, pixels.
        """
        self._page, self._free_px = page, free_px
        self.setParent(page)
        self._rows.setContentsMargins(0, 0, 0, 0)
        page.installEventFilter(self)
        # Buttons come, are enabled and are scrolled without a word to anybody.
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self._give_way)

    def carry(self, widget: QWidget) -> None:
        """Show a widget above the messages, whenever it isn't hidden."""
        self._carried = widget
        self._rows.insertWidget(0, widget)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the page's size, and what is carried as it comes and goes."""
        if watched is self._carried:
            if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
                self._show_or_hide()
        elif event.type() == QEvent.Type.Resize:
            self.place()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Follow the messages' size, and look out for what they cover while they are seen."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.place()
        elif self._look is not None and event.type() == QEvent.Type.Show:
            self._look.start()
        elif self._look is not None and event.type() == QEvent.Type.Hide:
            self._look.stop()
        return super().event(event)

    def place(self) -> None:
        """Take the place that the messages need, over the page."""
        if self._page is None:
            return
        width = min(_WIDTH_PX, self._page.width() - 2 * _GAP_PX)
        self.resize(width, self.height())
        self._rows.activate()
        height = self._rows.totalSizeHint().height()
        free_px = self._page.height() - self._free_px()
        area = self._page.rect().adjusted(_GAP_PX, _GAP_PX, -_GAP_PX, 0)
        area.setBottom(free_px - _GAP_PX - 1)
        self.setGeometry(lowest_place(QSize(width, height), area, self._obstacles()))
        self.raise_()

    def _give_way(self) -> None:
        """Move off what can be used; where there is no room for several, put the oldest that stays away."""
        if not self._covers():
            return
        self.place()
        rows = [row for row in self._shown() if not row.is_folded]
        staying = [row for row in rows if row.kind in _STAYING]
        if len(rows) > 1 and staying and self._covers():
            staying[0].fold()

    def _covers(self) -> bool:
        return any(self.geometry().intersects(obstacle) for obstacle in self._obstacles())

    def _obstacles(self) -> list[QRect]:
        """Return the parts of the page that must not be covered."""
        assert self._page is not None
        return [
            area
            for widget in self._seen(self._page)
            if isinstance(widget, _USED)
            and not isinstance(widget, QScrollBar)
            and widget.isEnabled()
            and not (area := seen_part(widget, self._page)).isEmpty()
        ]

    def _seen(self, parent: QWidget) -> Iterator[QWidget]:
        """Yield the visible widgets below one: those of the pages that aren't shown are many."""
        for child in parent.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if child.isVisible() and child is not self:
                yield child
                yield from self._seen(child)

    def notify(
        self,
        message: str,
        *,
        is_success: bool = False,
        action: tuple[str, Callable[[], None]] | None = None,
        actions: Sequence[tuple[str, Callable[[], None]]] = (),
    ) -> None:
        """Show that something happened; the message goes away by itself.

        Args:
            message: the news.
            is_success: whether it went as intended.
            action: a button's label and its action, done once; the message stays longer then.
            actions: the same, of several buttons.
        """
        row = self._add("good" if is_success else "info", message)
        offers = (*actions, *(() if action is None else (action,)))
        for offer in offers:
            row.offer(*offer)
        shown_ms = max(_SHOWN_MS, _READ_MS * len(message))
        QTimer.singleShot(max(_OFFERED_MS, shown_ms) if offers else shown_ms, row, row.close)

    def warn(self, message: str, hint: str = "") -> None:
        """Show that something deserves attention; the message stays until closed."""
        self._stay(self._add("warn", _joined(message, hint)))

    def fail(self, error: FaceAccessError) -> None:
        """Show a failure and what to do about it; the message stays until closed."""
        if isinstance(error, Cancelled):
            self.notify(failures.message(error))
            return
        self._stay(self._add("fail", failures.whole(error)))

    def fold(self, is_folded: bool = True) -> None:
        """Put the messages that stay away, or show them again."""
        for row in self._shown():
            row.fold(is_folded)

    def _stay(self, row: "_Row") -> None:
        """Fold a message over a page after a while: it covers a line of it."""
        if self._page is not None:
            QTimer.singleShot(_FOLDED_MS, row, row.fold)

    def messages(self) -> list[str]:
        """Return the messages that aren't closed, oldest first."""
        return [row.message for row in self._shown()]

    def withdraw(self, error: FaceAccessError) -> None:
        """Close the message of a failure that is over."""
        for row in self._shown():
            if row.message == failures.whole(error):
                row.close()

    def clear(self) -> None:
        """Close all messages."""
        for row in self._shown():
            row.close()

    def _shown(self) -> list["_Row"]:
        items = [self._rows.itemAt(at) for at in range(self._rows.count())]
        return [row for item in items if item is not None and isinstance(row := item.widget(), _Row)]

    def _add(self, kind: str, message: str) -> "_Row":
        shown = self._shown()
        for row in shown:
            if row.message == message:
                row.close()
        shown = self._shown()
        if len(shown) >= _MOST:
            passing = [row for row in shown if row.kind in ("info", "good")]
            (passing or shown)[0].close()
        row = _Row(kind, message, self)
        row.closed.connect(self._forget)
        row.folded.connect(self._show_or_hide)
        self._rows.addWidget(row)
        self._show_or_hide()
        return row

    def _forget(self, row: "_Row") -> None:
        """Remove a closed row; the bar hides with its last one."""
        self._rows.removeWidget(row)
        row.deleteLater()
        self._show_or_hide()

    def _show_or_hide(self) -> None:
        is_carrying = self._carried is not None and not self._carried.isHidden()
        rows = self._shown()
        self.setVisible(is_carrying or any(not row.is_folded for row in rows))
        self.folded.emit(sum(row.is_folded for row in rows))
        self.place()


class _Row(QFrame):
    closed = Signal(object)
    folded = Signal()

    def __init__(self, kind: str, message: str, notices: Notices) -> None:
        super().__init__(notices)
        self.kind, self.message, self.is_folded = kind, message, False
        self.setObjectName("notice")
        self.setProperty("kind", kind)
        self.setAccessibleName(message)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        symbol = Label(self)
        icons.set_icon(symbol, _ICONS[kind])
        label = _Message(message, self)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        close = QToolButton(self)
        close.setProperty("role", "plain")
        close.setAccessibleName(self.tr("Close this message"))
        close.setToolTip(self.tr("Close this message"))
        icons.set_icon(close, "close", 16)
        close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        close.clicked.connect(self.close)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 8, 8, 8)
        self._row.setSpacing(10)
        self._row.addWidget(symbol)
        self._row.addWidget(label, 1)
        self._row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)

    def offer(self, label: str, do: Callable[[], None]) -> None:
        """Add a button that does something and closes the message."""
        button = QPushButton(shown(label), self)
        button.setProperty("role", "quiet")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(self.close)
        button.clicked.connect(lambda: do())
        self._row.insertWidget(self._row.count() - 1, button, 0, Qt.AlignmentFlag.AlignTop)

    def fold(self, is_folded: bool = True) -> None:
        """Hide without being closed, unless it goes away by itself; or show again."""
        if self.kind in _STAYING:
            self.is_folded = is_folded
            self.setVisible(not is_folded)
            self.folded.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave the bar."""
        super().closeEvent(event)
        self.closed.emit(self)


class _Message(Label):
    """A label as high as its text needs at its width; a layout would guess from a narrower one."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setFixedHeight(max(20, self.heightForWidth(self.width())))


def _joined(message: str, hint: str) -> str:
    return f"{message} {hint}".strip()
