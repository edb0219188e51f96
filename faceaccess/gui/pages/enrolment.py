"""Enrolment: photos of a person, checked one by one, and who it is."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from faceaccess.errors import FaceAccessError
from faceaccess.gui import icons
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.live_bridge import LiveBridge
from faceaccess.gui.notices import Notices
from faceaccess.gui.widgets.enrolment_form import Enrolee, EnrolmentForm
from faceaccess.gui.widgets.job_progress import JobProgress
from faceaccess.gui.widgets.photo_intake import PhotoIntake
from faceaccess.store.types import Person

if TYPE_CHECKING:
    from faceaccess.people.photo_review import PhotoReview
    from faceaccess.workspace import Workspace


class EnrolmentPage(QWidget):
    """Photos on the left, the person on the right; stays open for the next one."""

    person_enrolled = Signal()
    people_wanted = Signal(str)

    def __init__(
        self, workspace: "Workspace", bridge: LiveBridge, notices: Notices, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._workspace, self._notices = workspace, notices
        self._enrolled_id = ""
        self._is_saving = False
        self._awaited: Person | None = None
        self.intake = PhotoIntake(workspace, bridge, self)
        self.form = EnrolmentForm(self)
        self.job = JobProgress(self)
        self.missing = QLabel(self)
        self.save_button = QPushButton(self.tr("Enrol this person"), self)
        self.success_words = QLabel(self)
        self.again_button = QPushButton(self.tr("Enrol another"), self)
        self.people_button = QPushButton(self.tr("Show in People"), self)
        self._arrange()
        self.intake.changed.connect(self._check)
        self.intake.failed.connect(notices.fail)
        self.form.changed.connect(self._check)
        self.save_button.clicked.connect(self._save)
        self.again_button.clicked.connect(self.start_over)
        self.people_button.clicked.connect(self._show_person)
        self._check()

    def load(self) -> None:
        """Read who is enrolled, to find equal names and staff numbers."""
        people = partial(self._workspace.people.list)
        run_in_background(people, self._take_people, self._notices.fail, self)

    def start_over(self) -> None:
        """Make the page ready for the next person."""
        self.intake.clear()
        self.form.clear()
        self.stack.setCurrentIndex(0)
        self.form.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def add_photos_to(self, person: Person) -> None:
        """Prepare the page for more photos of an existing person."""
        self.start_over()
        self._awaited = person
        self.load()

    def _take_people(self, people: list[Person]) -> None:
        self.form.set_people(people)
        if self._awaited is not None:
            self.form.add_photos_to(self._awaited)
            self._awaited = None

    def _arrange(self) -> None:
        card = QFrame(self)
        card.setObjectName("card")
        card.setFixedWidth(340)
        self.stack = QStackedWidget(card)
        self.stack.addWidget(self._entry_side())
        self.stack.addWidget(self._success_side())
        inner = QVBoxLayout(card)
        inner.setContentsMargins(18, 16, 18, 16)
        inner.addWidget(self.stack)
        title = QLabel(self.tr("Enrol a person"), self)
        title.setProperty("role", "title")
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(title)
        left.addWidget(self.intake, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 16, 16, 16)
        row.setSpacing(16)
        row.addLayout(left, 1)
        row.addWidget(card)

    def _entry_side(self) -> QWidget:
        heading = QLabel(self.tr("Who is it?"), self)
        heading.setProperty("role", "heading")
        self.missing.setWordWrap(True)
        self.missing.setProperty("role", "muted")
        self.save_button.setProperty("role", "primary")
        icons.set_icon(self.save_button, "enrol", 18)
        side = QWidget(self)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(heading)
        column.addWidget(self.form)
        column.addStretch()
        column.addWidget(self.missing)
        column.addWidget(self.job)
        column.addWidget(self.save_button)
        return side

    def _success_side(self) -> QWidget:
        symbol = QLabel(self)
        symbol.setProperty("role", "good")
        symbol.setAlignment(Qt.AlignmentFlag.AlignCenter)
        icons.set_icon(symbol, "accepted", 64)
        self.success_words.setWordWrap(True)
        self.success_words.setProperty("role", "heading")
        self.success_words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.again_button.setProperty("role", "primary")
        icons.set_icon(self.again_button, "enrol", 18)
        side = QWidget(self)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addStretch()
        for widget in (symbol, self.success_words, self.again_button, self.people_button):
            column.addWidget(widget)
        column.addStretch()
        return side

    def _check(self) -> None:
        """Enable saving when all is there, else say what is missing."""
        good = len(self.intake.good_reviews())
        lacking = self.form.missing()
        if self.intake.is_busy():
            lacking.append(self.tr("the verdict on the photos, in a moment"))
        elif not good:
            lacking.append(self.tr("at least one good photo"))
        refused = len(self.intake.cards) - good
        words = self.tr("One good photo.") if good == 1 else self.tr("%n good photos.", "", good)
        if refused:
            left = self.tr("One is left out.") if refused == 1 else self.tr("%n are left out.", "", refused)
            words = f"{words} {left}"
        if lacking:
            words = self.tr("Still missing: {0}.").format("; ".join(lacking))
        self.missing.setText(words.strip())
        adds = self.form.enrolee().add_to is not None
        self.save_button.setText(self.tr("Add the photos") if adds else self.tr("Enrol this person"))
        self.save_button.setEnabled(not lacking and not self._is_saving)

    def _save(self) -> None:
        self._is_saving = True
        self._check()
        self.job.begin(self.tr("Saving…"), can_cancel=False)
        enrolee, reviews = self.form.enrolee(), self.intake.good_reviews()
        if enrolee.add_to is None:
            job = partial(_enrol, self._workspace, enrolee, reviews)
            done = partial(self._on_enrolled, reviews)
        else:
            person = enrolee.add_to
            job = partial(_add_photos, self._workspace, person.person_id, reviews)
            done = partial(self._on_added, person)
        run_in_background(job, done, self._on_failed, self, lane=Lane.FACES)

    def _on_enrolled(self, reviews: "list[PhotoReview]", person: Person) -> None:
        count = len(reviews)
        photos = self.tr("one photo") if count == 1 else self.tr("%n photos", "", count)
        words = self.tr("{0} is enrolled with {1} and is recognised at the door from now on.")
        self._show_success(person, words.format(person.name, photos))

    def _on_added(self, person: Person, added: int) -> None:
        words = (
            self.tr("One photo added to {0}.")
            if added == 1
            else self.tr("%n photos added to {0}.", "", added)
        )
        words = words.format(person.name)
        if not added:
            words = self.tr("{0} has these photos already; nothing was added.").format(person.name)
        self._show_success(person, words)

    def _show_success(self, person: Person, words: str) -> None:
        self._is_saving = False
        self._enrolled_id = person.person_id
        self.job.end()
        self.intake.clear()
        self.form.clear()
        self.success_words.setText(words)
        self.stack.setCurrentIndex(1)
        self.again_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.person_enrolled.emit()
        self.load()

    def _on_failed(self, error: FaceAccessError) -> None:
        self._is_saving = False
        self.job.end()
        self._check()
        self._notices.fail(error)

    def _show_person(self) -> None:
        self.people_wanted.emit(self._enrolled_id)


def _enrol(workspace: "Workspace", enrolee: Enrolee, reviews: "list[PhotoReview]") -> Person:
    return workspace.enrolment.enrol(
        workspace.actor,
        name=enrolee.name,
        staff_number=enrolee.staff_number,
        department=enrolee.department,
        reviews=reviews,
    )


def _add_photos(workspace: "Workspace", person_id: str, reviews: "list[PhotoReview]") -> int:
    return workspace.enrolment.add_photos(workspace.actor, person_id, reviews)
