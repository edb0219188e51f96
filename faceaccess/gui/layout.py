"""Layouts of widgets beside and under one another, without the scaffolding."""

from typing import TypeVar

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QBoxLayout,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from faceaccess.gui.plain import Label

STRETCH = 1
"""Between the items of a row or column: takes the room that is left."""

_Box = TypeVar("_Box", QHBoxLayout, QVBoxLayout)


def column(
    *items: QWidget | QLayout | int, parent: QWidget | None = None, spacing: int = 10, margin: int = 0
) -> QVBoxLayout:
    """Return a layout of items from top to bottom; a number is a stretch of that weight.

    Args:
        *items: widgets, layouts and stretches.
        parent: the widget it lays out; None for a layout inside another.
        spacing: between the items, pixels.
        margin: around them, pixels.
    """
    return _fill(QVBoxLayout() if parent is None else QVBoxLayout(parent), items, spacing, margin)


def row(
    *items: QWidget | QLayout | int, parent: QWidget | None = None, spacing: int = 8, margin: int = 0
) -> QHBoxLayout:
    """Return a layout of items from left to right; see `column`."""
    return _fill(QHBoxLayout() if parent is None else QHBoxLayout(parent), items, spacing, margin)


def form(parent: QWidget | None = None) -> QFormLayout:
    """Return a layout of labels and fields without margins of its own."""
    layout = QFormLayout() if parent is None else QFormLayout(parent)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setHorizontalSpacing(24)
    return layout


def wrapped(text: str, parent: QWidget, role: str = "") -> Label:
    """Return a label whose text wraps.

    Args:
        text: the label's text.
        parent: the widget it stands in.
        role: of the style sheet, such as "muted", "bad", "caution"; "" for plain text.
    """
    label = Label(text, parent)
    label.setWordWrap(True)
    if role:
        label.setProperty("role", role)
    return label


def side_card(inside: QWidget, width_px: int, parent: QWidget) -> QFrame:
    """Return a card of fixed width that holds what stands beside a list."""
    card = QFrame(parent)
    card.setObjectName("card")
    card.setFixedWidth(width_px)
    column(inside, parent=card, margin=2)
    return card


def plain_table(model: QAbstractItemModel, name: str, parent: QWidget, *, row_px: int) -> QTableView:
    """Return a table of whole rows to choose from, without a grid or row numbers.

    Args:
        model: the rows to show.
        name: the name a screen reader speaks.
        parent: the widget it stands in.
        row_px: height of a row, pixels.
    """
    table = QTableView(parent)
    table.setModel(model)
    table.setAccessibleName(name)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(row_px)
    table.horizontalHeader().setHighlightSections(False)
    return table


def hidden_titles(table: QTableView) -> str:
    """Return the titles of a table's hidden columns, one after the other; "" where all are shown."""
    model = table.model()
    titles = (
        str(model.headerData(column, Qt.Orientation.Horizontal))
        for column in range(model.columnCount())
        if table.isColumnHidden(column)
    )
    return ", ".join(titles)


def _fill(box: _Box, items: tuple[QWidget | QLayout | int, ...], spacing: int, margin: int) -> _Box:
    box.setContentsMargins(margin, margin, margin, margin)
    box.setSpacing(spacing)
    _add(box, items)
    return box


def _add(box: QBoxLayout, items: tuple[QWidget | QLayout | int, ...]) -> None:
    for item in items:
        if isinstance(item, int):
            box.addStretch(item)
        elif isinstance(item, QLayout):
            box.addLayout(item)
        else:
            box.addWidget(item)


def scrolling_down(inside: QWidget, parent: QWidget) -> QScrollArea:
    """Return an area that shows a widget as wide as itself, and scrolls where it is higher."""
    inside.setObjectName("scrolled")
    area = QScrollArea(parent)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    return area
