"""Two photos compared: their distance on the line from 0 to 4, the verdict, and how usual it is."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from faceaccess.gui import theme
from faceaccess.gui.insights.photo_slot import PhotoSlot
from faceaccess.gui.layout import STRETCH, column, row, wrapped
from faceaccess.gui.wording import amounts
from faceaccess.models.evidence import GalleryEvidence

if TYPE_CHECKING:
    from faceaccess.people.reception import Reception

_FARTHEST = 4.0
_LINE_HEIGHT_PX, _MARGIN_PX = 64, 24


class DistanceLine(QWidget):
    """The line from 0 to 4, with the threshold and a distance on it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._distance: float | None = None
        self._threshold = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the room for the line and what stands on both sides of it."""
        return QSize(320, _LINE_HEIGHT_PX)

    def show_numbers(self, distance: float | None, threshold: float) -> None:
        """Mark a distance, or none, and the threshold; squared L2."""
        self._distance, self._threshold = distance, threshold
        said = self.tr("threshold {0}").format(amounts.distance(threshold))
        self.setAccessibleName(said if distance is None else f"{amounts.distance(distance)}, {said}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line, its ends, the threshold and the distance."""
        tokens = theme.tokens_in_use()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, limit = self.height() / 2, self._at(self._threshold)
        for begin, end, colour in (
            (self._at(0), limit, tokens.good),
            (limit, self._at(_FARTHEST), tokens.border_strong),
        ):
            painter.setPen(QPen(QColor(colour), 4))
            painter.drawLine(int(begin), int(middle), int(end), int(middle))
        painter.setPen(QColor(tokens.muted))
        for value, text in (
            (0.0, self.tr("0 the same picture")),
            (_FARTHEST, self.tr("4 opposite")),
        ):
            self._write(painter, self._at(value), middle + 10, text)
        painter.setPen(QPen(QColor(tokens.text), 2, Qt.PenStyle.DashLine))
        painter.drawLine(int(limit), int(middle - 12), int(limit), int(middle + 12))
        if self._distance is not None:
            is_same = self._distance <= self._threshold
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.good if is_same else tokens.bad))
            at = self._at(self._distance)
            painter.drawEllipse(QRectF(at - 8, middle - 8, 16, 16))
            painter.setPen(QColor(tokens.text))
            self._write(painter, at, middle - 30, amounts.distance(self._distance))
        painter.end()

    def _at(self, value: float) -> float:
        return _MARGIN_PX + (self.width() - 2 * _MARGIN_PX) * min(value, _FARTHEST) / _FARTHEST

    def _write(self, painter: QPainter, at: float, top: float, text: str) -> None:
        """Write text centred under a place, but inside."""
        width = painter.fontMetrics().horizontalAdvance(text)
        left = min(max(at - width / 2, 2), self.width() - width - 2)
        painter.drawText(QRectF(left, top, width + 2, 20), Qt.AlignmentFlag.AlignLeft, text)


class VerifyCard(QWidget):
    """Two places for photos, and what the model says of them. Nothing of it is kept."""

    def __init__(self, reception: "Reception", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gallery: GalleryEvidence | None = None
        self._threshold: float | None = None
        self.first = PhotoSlot(self.tr("First photo…"), reception, self)
        self.second = PhotoSlot(self.tr("Second photo…"), reception, self)
        self.line = DistanceLine(self)
        self.verdict = wrapped("", self, "heading")
        self.usual = wrapped("", self, "muted")
        explanation = wrapped(
            self.tr("Does the model take two photos for one person? They are compared and not kept."),
            self,
            "muted",
        )
        answer = column(self.line, self.verdict, self.usual, STRETCH, spacing=8)
        slots = row(self.first, self.second, spacing=12)
        slots.addLayout(answer, 1)
        column(explanation, slots, parent=self, spacing=10)
        for slot in (self.first, self.second):
            slot.changed.connect(self._compare)
        self._compare()

    def show_evidence(self, gallery: GalleryEvidence | None, threshold: float | None) -> None:
        """Take the people enrolled, to say how usual a distance is, and the threshold in force."""
        self._gallery, self._threshold = gallery, threshold
        self._compare()

    def _compare(self) -> None:
        embeddings = [
            None if slot.review is None else slot.review.embedding for slot in (self.first, self.second)
        ]
        first, second = embeddings
        threshold = self._threshold or 0.0
        if first is None or second is None:
            self.line.show_numbers(None, threshold)
            self.verdict.setText("")
            self.usual.setText(self.tr("Choose two photos, each with one face."))
            return
        distance = float(np.sum((first - second) ** 2))
        self.line.show_numbers(distance, threshold)
        if self._threshold is None:
            self.verdict.setText(self.tr("{0}: no threshold is set.").format(amounts.distance(distance)))
        elif distance <= threshold:
            self.verdict.setText(
                self.tr("{0}: taken for the same person, at the threshold {1}.").format(
                    amounts.distance(distance), amounts.distance(threshold)
                )
            )
        else:
            self.verdict.setText(
                self.tr("{0}: taken for two people, at the threshold {1}.").format(
                    amounts.distance(distance), amounts.distance(threshold)
                )
            )
        self.usual.setText(self._usual(distance))

    def _usual(self, distance: float) -> str:
        """Return how many pairs of enrolled photos lie nearer."""
        if self._gallery is None:
            return ""
        searches, step = self._gallery.searches, round(distance * len(self._gallery.searches.same_pairs) / 4)
        said = []
        for sentence, counts in (
            (self.tr("Nearer pairs of enrolled photos of one person: {0} of {1}."), searches.same_pairs),
            (self.tr("Nearer pairs of two people: {0} of {1}."), searches.other_pairs),
        ):
            total = int(counts.sum()) // 2
            if total:
                said.append(sentence.format(_share(int(counts[:step].sum()) // 2, total), _grouped(total)))
        return " ".join(said) or self.tr("Too few photos are enrolled to compare with.")


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f")


def _share(part: int, whole: int) -> str:
    """Return a part with its per cent."""
    return f"{_grouped(part)} ({100 * part / whole:.2f} %)" if part else "0"
