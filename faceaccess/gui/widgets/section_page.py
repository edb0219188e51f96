"""A page of cards under one another, no wider than can be read, with a list of them and a search."""

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QButtonGroup,
    QComboBox,
    QFrame,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from faceaccess.gui.layout import column, row
from faceaccess.gui.plain import Label

_WIDTH_PX = 860
_LIST_PX = 224
_NARROW_PX = 1040
"""A narrower page has no room for the names: they drop down above the cards, beside the search."""


class SectionPage(QWidget):
    """A title, a search, the cards' names beside them, and the cards, which scroll."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: list[QFrame] = []
        self._offered: dict[QFrame, bool] = {}
        self._links: dict[QFrame, QPushButton] = {}
        self._group = QButtonGroup(self)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setAccessibleName(self.tr("Search in {0}").format(title))
        self.search.setClearButtonEnabled(True)
        self.nothing = Label(self.tr("Nothing here is called so."), self)
        self.nothing.setProperty("role", "empty")
        self.nothing.setVisible(False)
        inside = QWidget(self)
        inside.setObjectName("scrolled")
        inside.setMaximumWidth(_WIDTH_PX)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(16, 16, 16, 16)
        self._column.setSpacing(16)
        self._column.addWidget(self.nothing)
        self._column.addStretch()
        self.area = QScrollArea(self)
        self.area.setWidget(inside)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        heading = Label(title, self)
        heading.setProperty("role", "title")
        self.names = QWidget(self)
        self.names.setFixedWidth(_LIST_PX)
        self._names = column(parent=self.names, spacing=2)
        self._names.addStretch()
        self.jump = QComboBox(self)
        self.jump.setAccessibleName(self.tr("Go to"))
        self.jump.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._side = QVBoxLayout()
        self._side.setContentsMargins(16, 16, 0, 16)
        self._side.setSpacing(12)
        self._side.addWidget(heading)
        self._side.addWidget(self.jump)
        self._side.addWidget(self.search)
        self._side.addWidget(self.names, 1)
        self.search.setFixedWidth(_LIST_PX)
        self._row = row(self._side, parent=self, spacing=0)
        self._row.addWidget(self.area, 1)
        self.search.textChanged.connect(self._find)
        self.jump.activated.connect(self._jump)
        self.area.verticalScrollBar().valueChanged.connect(self._mark)

    def add(self, heading: str, *widgets: QWidget) -> QFrame:
        """Append a card and return it."""
        return self.insert(len(self._cards), heading, *widgets)

    def insert(self, number: int, heading: str, *widgets: QWidget) -> QFrame:
        """Insert a card at a place, counted from 0, and return it."""
        card = QFrame(self)
        card.setObjectName("card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(20, 16, 20, 16)
        inside.setSpacing(10)
        label = Label(heading, card)
        label.setProperty("role", "heading")
        inside.addWidget(label)
        for widget in widgets:
            inside.addWidget(widget)
        link = QPushButton(heading, self.names)
        link.setProperty("role", "link")
        link.setCheckable(True)
        link.clicked.connect(partial(self.go_to, card))
        self._group.addButton(link)
        self._cards.insert(number, card)
        self._offered[card], self._links[card] = True, link
        self._column.insertWidget(number, card)
        self._names.insertWidget(number, link)
        self._name_cards()
        return card

    def put_first(self, card: QFrame) -> None:
        """Move a card to the top, and show it."""
        self._cards.remove(card)
        self._cards.insert(0, card)
        self._column.insertWidget(0, card)
        self._names.insertWidget(0, self._links[card])
        self._name_cards()
        self.area.verticalScrollBar().setValue(0)
        self._mark()

    def offer(self, card: QFrame, is_offered: bool) -> None:
        """Offer a card, or keep it from whoever may not use it."""
        self._offered[card] = is_offered
        self._find(self.search.text())

    def showEvent(self, event: QShowEvent) -> None:
        """Mark the name of the card at the top, once the cards have their places."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self._mark)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give a narrow page's whole width to the cards."""
        super().resizeEvent(event)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        is_narrow = event.size().width() < _NARROW_PX
        self._row.setDirection(down if is_narrow else across)
        self._side.setDirection(across if is_narrow else down)
        self._side.setContentsMargins(16, 16, 16 if is_narrow else 0, 0 if is_narrow else 16)
        self.names.setVisible(not is_narrow)
        self.jump.setVisible(is_narrow)

    def _find(self, typed: str) -> None:
        """Show the cards that say every word typed."""
        terms = typed.casefold().split()
        for card in self._cards:
            said = _said(card) if terms else ""
            is_shown = self._offered[card] and all(term in said for term in terms)
            card.setVisible(is_shown)
            self._links[card].setVisible(is_shown)
        self._name_cards()
        self.nothing.setVisible(not self._shown())
        if terms:
            self.area.verticalScrollBar().setValue(0)
        QTimer.singleShot(0, self, self._mark)

    def go_to(self, card: QFrame, _: bool = False) -> None:
        """Scroll to a card."""
        self.area.verticalScrollBar().setValue(card.y() - self._column.spacing())
        self._check(card)

    def _shown(self) -> list[QFrame]:
        return [card for card in self._cards if card.isVisibleTo(self)]

    def _name_cards(self) -> None:
        """Let the names drop down of the cards that are shown."""
        self.jump.clear()
        self.jump.addItems([self._links[card].text() for card in self._shown()])

    def _jump(self, number: int) -> None:
        self.go_to(self._shown()[number])

    def _check(self, card: QFrame) -> None:
        """Mark a card's name, in the list and in what drops down."""
        self._links[card].setChecked(True)
        self.jump.setCurrentIndex(self._shown().index(card) if card in self._shown() else -1)

    def _mark(self, _: int = 0) -> None:
        """Mark the name of the card at the top."""
        shown = self._shown()
        if shown and self.area.verticalScrollBar().value() == 0:
            self._check(shown[0])
            return
        top = self.area.verticalScrollBar().value() + self.area.viewport().height() // 3
        above = [card for card in shown if card.y() <= top]
        if shown:
            self._check(above[-1] if above else shown[0])


def _said(card: QFrame) -> str:
    """Return all that a card says, folded."""
    return " ".join(_texts(card)).casefold()


def _texts(card: QFrame) -> Iterator[str]:
    for widget in card.findChildren(QWidget):
        if isinstance(widget, QLabel | QAbstractButton):
            yield widget.text()
        yield widget.accessibleName()
