"""Questions about a person at the door whom the desk may know: both faces, one tap, half a minute."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from faceaccess.codes import Right
from faceaccess.errors import FaceAccessError
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.live_bridge import LiveBridge
from faceaccess.gui.notices import Notices
from faceaccess.gui.pictures import face_pixmap, pixmap_from_jpeg, rounded
from faceaccess.gui.plain import Label, shown
from faceaccess.gui.wording import amounts
from faceaccess.steady import steady_s

if TYPE_CHECKING:
    from faceaccess.door.desk import Question
    from faceaccess.door.doors import Doors
    from faceaccess.store.access.access import Access
    from faceaccess.store.people.people import People

_FACE_PX = 112
_TICK_MS, _SETTLE_MS = 250, 600
_ANSWER_S = 30


class DeskQuestions(QFrame):
    """Shows the oldest open question to whoever may answer it; hidden while there is none.

    `counted` carries the number of open questions that the operator may answer.
    """

    counted = Signal(int)

    def __init__(
        self,
        access: "Access",
        people: "People",
        doors: "Doors",
        bridge: LiveBridge,
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._access, self._people, self._doors = access, people, doors
        self._notices = notices
        self._open: dict[int, Question] = {}
        self._shown: Question | None = None
        self._is_held = False
        self.title = Label(self)
        self.title.setProperty("role", "heading")
        self.face = Label(self)
        self.face.setFixedSize(_FACE_PX, _FACE_PX)
        self.buttons: dict[str | None, QPushButton] = {}
        self.remaining = QProgressBar(self)
        self.remaining.setTextVisible(False)
        self.remaining.setRange(0, _ANSWER_S * 1000)
        self.remaining.setFixedHeight(6)
        self.remaining.setAccessibleName(self.tr("Time left to answer"))
        self._choices = QHBoxLayout()
        self._choices.setSpacing(12)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.face, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._choices, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.addWidget(self.title)
        column.addLayout(row)
        column.addWidget(self.remaining)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        # A question comes under whatever somebody is about to click.
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLE_MS)
        self._settling.timeout.connect(partial(self._set_answerable, True))
        bridge.question_asked.connect(self.ask)
        bridge.question_closed.connect(self.close_question)
        self.hide()

    def ask(self, question: "Question") -> None:
        """Show a question, after those that are open."""
        self._open[question.question_id] = question
        self.show_next()

    def close_question(self, question_id: int) -> None:
        """Remove a question, because it was answered or is too old."""
        self._open.pop(question_id, None)
        self.show_next()

    def hold(self, is_held: bool) -> None:
        """Stay hidden while the page in front shows the questions itself, or come back."""
        self._is_held = is_held
        self.show_next()

    def show_next(self) -> None:
        """Show the oldest question, or none: also after somebody else has signed in."""
        may_answer = self._access.may(Right.ANSWER_DESK)
        question = next(iter(self._open.values()), None) if may_answer else None
        self.counted.emit(len(self._open) if may_answer else 0)
        self.setVisible(question is not None and not self._is_held)
        if question is None:
            self._shown = None
            self._timer.stop()
            return
        waiting = len(self._open) - 1
        title = self.tr("{0}: who is this?").format(question.camera)
        more = self.tr("%n more waiting", "", waiting)
        self.title.setText(f"{title} {more}" if waiting else title)
        if question is self._shown:
            return
        self._shown = question
        crop = question.check_in.crop
        picture = face_pixmap(crop)
        self.face.setPixmap(rounded(picture, QSize(_FACE_PX, _FACE_PX), 8) if crop is not None else picture)
        self._clear()
        self._add_choice(None, self.tr("Somebody else"), "", b"")
        job = partial(_candidates, self._people, question)
        run_in_background(job, partial(self._show_candidates, question), self._notices.fail, self)
        self._timer.start()
        self._tick()

    def _show_candidates(self, question: "Question", candidates: list[tuple[str, str, float, bytes]]) -> None:
        if question is not self._shown:
            return
        self._clear()
        for person_id, name, distance, photo in candidates:
            facts = self.tr("distance {0}").format(amounts.distance(distance))
            self._add_choice(person_id, name, facts, photo)
        self._add_choice(None, self.tr("Somebody else"), self.tr("is not let in"), b"")

    def _add_choice(self, person_id: str | None, title: str, details: str, photo: bytes) -> None:
        box, picture = QWidget(self), Label(self)
        picture.setFixedSize(_FACE_PX, _FACE_PX)
        if photo:
            picture.setPixmap(rounded(pixmap_from_jpeg(photo), QSize(_FACE_PX, _FACE_PX), 8))
        picture.setVisible(bool(photo))
        button = QPushButton(shown(title), box)
        button.setProperty("role", "primary" if person_id else "")
        button.setEnabled(not self._settling.isActive())
        button.clicked.connect(partial(self._answer, person_id))
        facts = Label(details, box)
        facts.setProperty("role", "muted")
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()
        column.addWidget(button)
        column.addWidget(facts, 0, Qt.AlignmentFlag.AlignHCenter)
        self._choices.addWidget(box)
        self.buttons[person_id] = button

    def _clear(self) -> None:
        self.buttons = {}
        self._settling.start()
        while (item := self._choices.takeAt(0)) is not None:
            if (choice := item.widget()) is not None:
                choice.deleteLater()

    def _tick(self) -> None:
        if self._shown is not None:
            left_s = _ANSWER_S - (steady_s() - self._shown.asked_s)
            self.remaining.setValue(max(0, round(left_s * 1000)))

    def _answer(self, person_id: str | None, _: bool = False) -> None:
        if self._shown is None:
            return
        self._set_answerable(False)
        doors, actor = self._doors, self._access.actor
        job = partial(doors.answer_question, actor, self._shown.question_id, person_id)
        run_in_background(job, self._on_answered, self._on_failed, self, lane=Lane.DOOR)

    def _on_answered(self, _: object) -> None:
        """Leave the question to be closed by the bridge."""

    def _on_failed(self, error: FaceAccessError) -> None:
        self._notices.fail(error)
        self._set_answerable(True)

    def _set_answerable(self, is_answerable: bool) -> None:
        for button in self.buttons.values():
            button.setEnabled(is_answerable)


def _candidates(people: "People", question: "Question") -> list[tuple[str, str, float, bytes]]:
    return [
        (who, people.get(who).name, far, people.thumbnail(who) or b"") for who, far in question.candidates
    ]
