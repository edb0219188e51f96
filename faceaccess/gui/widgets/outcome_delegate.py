"""The drawing of outcomes and entries in lists."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from faceaccess.codes import Outcome
from faceaccess.gui import icons, theme
from faceaccess.gui.models.event_model import CROP_PX, EVENT_ROLE
from faceaccess.gui.wording import amounts, codes
from faceaccess.store.journal.types import Event

_Index = QModelIndex | QPersistentModelIndex
_PILL_HEIGHT = 22
_ICON_PX = 14
_LEFT_PX, _RIGHT_PX = 11, 8


def pill_width(event: Event, font: QFont) -> int:
    """Return the width at which `paint_pill` draws an entry's outcome."""
    return QFontMetrics(font).horizontalAdvance(outcome_look(event)[1]) + _ICON_PX + 24


def outcome_column_px(font: QFont) -> int:
    """Return the width of a column in which no outcome is cut off."""
    labels = (codes.outcome(outcome).label for outcome in Outcome)
    widest = max(QFontMetrics(font).horizontalAdvance(label) for label in labels)
    return widest + _ICON_PX + 24 + _LEFT_PX + _RIGHT_PX


def outcome_look(event: Event) -> tuple[str, str, str]:
    """Return the colour, the label and the icon of an outcome: nobody is accepted by a voided entry."""
    wording = codes.outcome(event.entry.outcome)
    if event.voided_by is not None:
        return theme.outcome_colour(Outcome.LOW_QUALITY), codes.voided().capitalize(), "close"
    return theme.outcome_colour(event.entry.outcome), wording.label, wording.icon


def paint_pill(painter: QPainter, area: QRect, event: Event, font: QFont) -> None:
    """Draw the colour, icon and label of an entry's outcome, centred in height at the left of `area`."""
    colour, label, icon = outcome_look(event)
    width = min(pill_width(event, font), area.width())
    pill = QRect(area.left(), area.center().y() - _PILL_HEIGHT // 2, width, _PILL_HEIGHT)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(QRectF(pill), _PILL_HEIGHT / 2, _PILL_HEIGHT / 2)
    symbol = icons.pixmap(icon, theme.ON_OUTCOME, _ICON_PX, 2.0)
    painter.drawPixmap(pill.left() + 8, pill.center().y() - _ICON_PX // 2 + 1, symbol)
    painter.setPen(QColor(theme.ON_OUTCOME))
    painter.setFont(font)
    text_area = pill.adjusted(_ICON_PX + 13, 0, -6, 0)
    label = QFontMetrics(font).elidedText(label, Qt.TextElideMode.ElideRight, text_area.width())
    painter.drawText(text_area, Qt.AlignmentFlag.AlignVCenter, label)
    painter.restore()


class OutcomeDelegate(QStyledItemDelegate):
    """Draws the outcome column of the log as coloured labels."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw a cell."""
        event = index.data(EVENT_ROLE)
        blank = QStyleOptionViewItem(option)
        self.initStyleOption(blank, index)
        blank.text = ""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, blank, painter, option.widget)
        if isinstance(event, Event):
            paint_pill(painter, option.rect.adjusted(_LEFT_PX, 0, -_RIGHT_PX, 0), event, option.font)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return room for the label."""
        event = index.data(EVENT_ROLE)
        wide = pill_width(event, option.font) if isinstance(event, Event) else 0
        return QSize(wide + 24, CROP_PX + 12)


class EntryDelegate(QStyledItemDelegate):
    """Draws an entry in two lines beside its crop: who and when, then the outcome."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw a row."""
        event = index.data(EVENT_ROLE)
        if not isinstance(event, Event):
            return
        blank = QStyleOptionViewItem(option)
        style = option.widget.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, blank, painter, option.widget)
        area = option.rect.adjusted(10, 8, -10, -8)
        crop = index.data(Qt.ItemDataRole.DecorationRole)
        painter.drawPixmap(area.left(), area.center().y() - CROP_PX // 2, crop)
        text_area = area.adjusted(CROP_PX + 12, 0, 0, 0)
        half = text_area.height() // 2
        self._paint_first_line(
            painter, option, QRect(text_area.left(), text_area.top() - 1, text_area.width(), half), event
        )
        pill = QRect(text_area.left(), text_area.top() + half + 1, text_area.width(), half)
        mark = codes.why_not_counted(event.entry)
        room = option.fontMetrics.horizontalAdvance(mark) + 8 if mark else 0
        paint_pill(painter, pill.adjusted(0, 0, -room, 0), event, option.font)
        if mark:
            painter.save()
            painter.setFont(option.font)
            painter.setPen(QApplication.palette().color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(pill, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, mark)
            painter.restore()

    def _paint_first_line(
        self, painter: QPainter, option: QStyleOptionViewItem, line: QRect, event: Event
    ) -> None:
        moment = amounts.short_moment(event.entry.at)
        wide = option.fontMetrics.horizontalAdvance(moment)
        painter.save()
        painter.setFont(option.font)
        # The style sheet fades this role in the option's own palette.
        painter.setPen(QApplication.palette().color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, moment)
        bold = QFont(option.font)
        bold.setBold(True)
        bold.setStrikeOut(event.voided_by is not None)
        painter.setFont(bold)
        painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        room = line.adjusted(0, 0, -wide - 8, 0)
        name = QFontMetrics(bold).elidedText(
            codes.event_name(event), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return a row's height; the width is the list's."""
        return QSize(120, CROP_PX + 24)
