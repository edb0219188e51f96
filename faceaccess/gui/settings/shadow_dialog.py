"""The entries on which a model on trial disagrees with the one in use."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from faceaccess.codes import Outcome
from faceaccess.gui.background import run_in_background
from faceaccess.gui.dialog_buttons import DialogButtons
from faceaccess.gui.layout import column, wrapped
from faceaccess.gui.notices import Notices
from faceaccess.gui.pictures import face_pixmap, rounded
from faceaccess.gui.plain import Label
from faceaccess.gui.wording import amounts, codes
from faceaccess.store.journal.types import EntryCrop
from faceaccess.store.people.types import Disagreement

if TYPE_CHECKING:
    from faceaccess.models.models import Models
    from faceaccess.store.access.access import Access
    from faceaccess.store.journal.journal import Journal

SHOWN = 50
_FACE = QSize(64, 64)
_SIZE = QSize(720, 560)
_NAMED = (Outcome.ACCEPTED, Outcome.DENIED, Outcome.SUSPECTED)
"""A face that was not confirmed as live was recognised all the same."""

_Row = tuple[Disagreement, EntryCrop | None]


class ShadowDialog(QDialog):
    """Lists the disagreements, newest first, each with its picture."""

    def __init__(
        self,
        access: "Access",
        models: "Models",
        journal: "Journal",
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Where the two models disagree"))
        self.note = wrapped(
            self.tr(
                "The model that is tried saw one picture of each entry, the one in use the whole visit; "
                "entries that neither would have told from one picture are left out. Each model has a "
                "scale of distances of its own."
            ),
            self,
            "muted",
        )
        self.rows: list[QFrame] = []
        content = QWidget(self)
        content.setObjectName("page")
        self._list = QVBoxLayout(content)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.addStretch()
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(content)
        buttons = DialogButtons(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addWidget(self.note)
        column.addWidget(area, 1)
        column.addWidget(buttons)
        self.resize(_SIZE)
        run_in_background(partial(_read, access, models, journal), self._show, notices.fail, self)

    def _show(self, rows: list[_Row]) -> None:
        for row, crop in rows:
            card = self._card(row, crop)
            self.rows.append(card)
            self._list.insertWidget(self._list.count() - 1, card)

    def _card(self, row: Disagreement, crop: EntryCrop | None) -> QFrame:
        card = QFrame(self)
        card.setObjectName("card")
        face = Label(card)
        face.setFixedSize(_FACE)
        face.setAccessibleName(self.tr("Face at the door"))
        picture = face_pixmap(crop)
        if not picture.isNull():
            face.setPixmap(rounded(picture, _FACE))
        entry = row.event.entry
        when = Label(f"{amounts.moment(entry.at)} · {entry.camera}", card)
        when.setProperty("role", "muted")
        active = self._said(entry.outcome, row.event.person_name, entry.distance)
        candidate = self._said(row.outcome, row.person_name, row.distance)
        labels = column(
            when,
            Label(self.tr("In use: {0}").format(active), card),
            Label(self.tr("Tried: {0}").format(candidate), card),
            spacing=2,
        )
        line = QHBoxLayout(card)
        line.setContentsMargins(12, 10, 12, 10)
        line.setSpacing(12)
        line.addWidget(face)
        line.addLayout(labels, 1)
        return card

    def _said(self, outcome: Outcome, name: str | None, distance: float | None) -> str:
        who = name if outcome in _NAMED and name else codes.outcome(outcome).label
        return self.tr("{0} (distance {1})").format(who, amounts.distance(distance))


def _read(access: "Access", models: "Models", journal: "Journal") -> list[_Row]:
    disagreements = models.trial.disagreements(access.actor, SHOWN)
    return [(row, journal.events.entry_crop(row.event.seq)) for row in disagreements]
