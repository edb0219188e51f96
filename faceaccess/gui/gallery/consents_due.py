"""Whose consent is to be looked after, each with the way to record it."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from faceaccess.gui.background import run_in_background
from faceaccess.gui.notices import Notices
from faceaccess.gui.people.person_consent import RecordDialog
from faceaccess.gui.plain import Label
from faceaccess.gui.wording import consent as text_consent
from faceaccess.store.people.types import ConsentText, DueConsent, NewConsent

if TYPE_CHECKING:
    from faceaccess.people.reception import Reception
    from faceaccess.store.access.access import Access

_MOST_ROWS = 50


@dataclass(frozen=True)
class _Due:
    rows: list[DueConsent]
    texts: list[ConsentText]


class ConsentsDue(QWidget):
    """A row for each person; `counted` says how many there are."""

    counted = Signal(int)

    def __init__(
        self, access: "Access", reception: "Reception", notices: Notices, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._access, self._reception = access, reception
        self._notices = notices
        self._texts: list[ConsentText] = []
        self.rows: list[QFrame] = []
        self.message = Label(self)
        self.message.setProperty("role", "muted")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        self._column.addWidget(self.message)
        self._column.addStretch()

    def load(self) -> None:
        """Read what is due."""
        run_in_background(partial(_read, self._reception), self._show, self._notices.fail, self)

    def _show(self, due: _Due) -> None:
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._texts = due.texts
        self.rows = [self._row(consent) for consent in due.rows[:_MOST_ROWS]]
        for number, row in enumerate(self.rows):
            self._column.insertWidget(number, row)
        left = len(due.rows) - len(self.rows)
        self.message.setText(
            self.tr("%n more, after these.", "", left) if due.rows else self.tr("Nothing is due.")
        )
        self.message.setVisible(left > 0 or not due.rows)
        self.counted.emit(len(due.rows))

    def _row(self, due: DueConsent) -> QFrame:
        box = QFrame(self)
        box.setObjectName("card")
        label = Label(text_consent.due(due), box)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        record = QPushButton(self.tr("Record consent…"), box)
        record.setAccessibleName(self.tr("Record the consent of {0}").format(due.name))
        record.clicked.connect(partial(self._record, due))
        row = QHBoxLayout(box)
        row.setContentsMargins(12, 10, 12, 10)
        row.addWidget(label, 1)
        row.addWidget(record)
        return box

    def _record(self, due: DueConsent, _: bool = False) -> None:
        dialog = RecordDialog(due.name, self._texts, self.window())
        consent = dialog.section.new_consent() if dialog.exec() == QDialog.DialogCode.Accepted else None
        dialog.deleteLater()
        if consent is not None:
            record = partial(_record, self._access, self._reception, due.person_id, consent)
            run_in_background(record, self._show, self._notices.fail, self)


def _read(reception: "Reception") -> _Due:
    return _Due(reception.consents.due(), reception.consents.current_texts())


def _record(access: "Access", reception: "Reception", person_id: str, consent: NewConsent) -> _Due:
    reception.consents.record(access.actor, person_id, consent)
    return _read(reception)
