"""The page Enrol: photos of a person, checked one by one, and the person's details."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from faceaccess.errors import FaceAccessError
from faceaccess.gui import icons
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.confirming import confirms
from faceaccess.gui.enrolment.case import EnrolmentCase, SavedCase, read_faces, save_case
from faceaccess.gui.enrolment.double_dialog import DoubleDialog, Pair
from faceaccess.gui.enrolment.form import EnrolmentForm
from faceaccess.gui.enrolment.import_dialog import ImportDialog
from faceaccess.gui.enrolment.photo_card import PhotoCard
from faceaccess.gui.enrolment.photo_intake import PhotoIntake
from faceaccess.gui.layout import STRETCH, column, scrolling_down
from faceaccess.gui.live_bridge import LiveBridge
from faceaccess.gui.notices import Notices
from faceaccess.gui.page import Page
from faceaccess.gui.pictures import image_from_rgb, pixmap_from_jpeg
from faceaccess.gui.plain import Label
from faceaccess.gui.widgets.job_progress import JobProgress
from faceaccess.gui.window import entries
from faceaccess.people.arrivals.proposed_name import proposed_name
from faceaccess.store.people.types import ConsentText, Person

if TYPE_CHECKING:
    from faceaccess.door.doors import Doors
    from faceaccess.people.enrolment.doubles import Likeness
    from faceaccess.people.reception import Reception
    from faceaccess.store.access.access import Access
    from faceaccess.store.people.people import People

_SUCCESS = 1


class EnrolmentPage(Page):
    """Photos on the left, the person on the right; stays open for the next person."""

    entry = entries.ENROLMENT

    person_enrolled = Signal()
    people_wanted = Signal(str)
    visitor_enrolled = Signal(object, str)

    def __init__(
        self,
        access: "Access",
        people: "People",
        reception: "Reception",
        doors: "Doors",
        bridge: LiveBridge,
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._access, self._people, self._reception = access, people, reception
        self._doors = doors
        self._notices = notices
        self._enrolled_id = ""
        self._case: EnrolmentCase | None = None
        self._failure: FaceAccessError | None = None
        self._saving: list[PhotoCard] = []
        self._awaited: Person | None = None
        self._visitor: tuple[int, ...] = ()
        self.intake = PhotoIntake(reception, doors, bridge, self)
        self.form = EnrolmentForm(people.thumbnail, self)
        self.job = JobProgress(self)
        self.missing = Label(self)
        self.save_button = QPushButton(self.tr("Enrol this person"), self)
        self.success_message = Label(self)
        self.colleagues = Label(self)
        self.again_button = QPushButton(self.tr("Enrol another"), self)
        self.people_button = QPushButton(self.tr("Show in People"), self)
        self._arrange()
        self.intake.changed.connect(self._check)
        self.intake.failed.connect(notices.fail)
        self.intake.many_dropped.connect(self._import)
        self.intake.files_added.connect(self._propose_name)
        self.form.changed.connect(self._check)
        self.save_button.clicked.connect(self._on_save)
        self.again_button.clicked.connect(self._begin_next)
        self.people_button.clicked.connect(self._show_person)
        self._check()

    def has_begun(self) -> bool:
        """Return whether somebody was begun to be enrolled and not saved."""
        return self.stack.currentIndex() != _SUCCESS and bool(self.intake.cards or self.form.name.text())

    def load(self) -> None:
        """Read the people enrolled, to find equal names and staff numbers, and the consent texts."""
        run_in_background(
            partial(_read_known, self._people, self._reception), self._take_known, self._notices.fail, self
        )

    def start_over(self) -> None:
        """Make the page ready for the next person; a save in progress goes on."""
        self._visitor, self._awaited, self._case = (), None, None
        self.job.end()
        self.intake.clear()
        self.form.clear()
        self._begin_next()

    def _begin_next(self) -> None:
        """Show the form for the next person, with the photos that were chosen for them already."""
        self.stack.setCurrentIndex(0)
        self.form.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _may_start_over(self) -> bool:
        """Ask before an enrolment that was begun gives way to another; one that is being saved goes on."""
        return self._case is not None or not self.has_begun() or confirms(
            self,
            self.tr("Discard the enrolment that was begun?"),
            self.tr("Its photos, and what was typed, are lost: nothing is saved yet."),
            verb=self.tr("Discard"),
            harmless=self.tr("Go on with it"),
        )  # fmt: skip

    def start_with(self, pictures: list[NDArray[np.uint8]], visitor: tuple[int, ...]) -> None:
        """Prepare the page for an unknown visitor; `visitor_enrolled` says as whom.

        Args:
            pictures: (H, W, 3) uint8 RGB, of the face at the door.
            visitor: the entries that the face made.
        """
        if not self._may_start_over():
            return
        self.start_over()
        self._visitor = visitor
        for number, rgb in enumerate(pictures, 1):
            self.intake.add_picture(rgb, self.tr("Door {0}").format(number))

    def add_photos_to(self, person: Person) -> None:
        """Prepare the page for more photos of an existing person."""
        if not self._may_start_over():
            return
        self.start_over()
        self._awaited = person
        self.load()

    def _import(self, source: Path) -> None:
        """Import a table or a folder of folders that was dropped."""
        dialog = ImportDialog(self._access, self._reception, self._doors, source, self.window())
        dialog.imported.connect(self.load)
        dialog.imported.connect(self.person_enrolled)
        dialog.exec()
        dialog.deleteLater()

    def _propose_name(self, files: list[Path]) -> None:
        """Fill in the name that the photos' files or their folder bear, unless one was typed."""
        if self._awaited is None:
            self.form.propose_name(next(filter(None, map(proposed_name, files)), ""))

    def _take_known(self, known: "_Known") -> None:
        self.form.set_people(known.people)
        self.form.consent.set_texts(known.texts)
        self.form.set_consenting(known.consenting)
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
        title = Label(self.tr("Enrol a person"), self)
        title.setProperty("role", "title")
        left = column(title, spacing=12)
        left.addWidget(self.intake, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 16, 16, 16)
        row.setSpacing(16)
        row.addLayout(left, 1)
        row.addWidget(card)

    def _entry_side(self) -> QWidget:
        heading = Label(self.tr("Who is it?"), self)
        heading.setProperty("role", "heading")
        self.missing.setWordWrap(True)
        self.missing.setProperty("role", "muted")
        self.save_button.setProperty("role", "primary")
        icons.set_icon(self.save_button, "enrol", 18)
        inside = QWidget(self)
        column(self.form, STRETCH, parent=inside)
        side = QWidget(self)
        stack = column(heading, parent=side, spacing=12)
        # A low window has no room for all fields.
        stack.addWidget(scrolling_down(inside, self), 1)
        for widget in (self.missing, self.job, self.save_button):
            stack.addWidget(widget)
        return side

    def _success_side(self) -> QWidget:
        symbol = Label(self)
        symbol.setProperty("role", "good")
        symbol.setAlignment(Qt.AlignmentFlag.AlignCenter)
        icons.set_icon(symbol, "accepted", 64)
        for label in (self.success_message, self.colleagues):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.success_message.setWordWrap(True)
        self.success_message.setProperty("role", "heading")
        self.success_message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.colleagues.setWordWrap(True)
        self.colleagues.setProperty("role", "muted")
        self.colleagues.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.again_button.setProperty("role", "primary")
        icons.set_icon(self.again_button, "enrol", 18)
        side = QWidget(self)
        stack = column(STRETCH, parent=side, spacing=14)
        widgets = (symbol, self.success_message, self.colleagues, self.again_button, self.people_button)
        for widget in widgets:
            stack.addWidget(widget)
        stack.addStretch()
        return side

    def _check(self) -> None:
        """Enable saving when everything is there, otherwise show what is missing."""
        if self.stack.currentIndex() == _SUCCESS and (self.intake.cards or self.intake.is_busy()):
            self._begin_next()
        if not self.intake.cards and not self.intake.is_busy():
            self.form.withdraw_name()
        enrolee = self.form.enrolee()
        self.intake.set_person(enrolee.add_to.person_id if enrolee.add_to else None)
        self.intake.setEnabled(enrolee.pin is None)
        lacking = self.form.missing()
        if enrolee.pin is None:
            lacking += self.intake.lacking()
        message = self._photo_message() if enrolee.pin is None else self.tr("No photos are kept.")
        if lacking:
            message = self.tr("Still missing: {0}.").format("; ".join(lacking))
        self.missing.setText(message.strip())
        adds = enrolee.add_to is not None
        self.save_button.setText(self.tr("Add the photos") if adds else self.tr("Enrol this person"))
        self.save_button.setEnabled(not lacking and self._case is None)

    def _photo_message(self) -> str:
        good = len(self.intake.good_reviews())
        refused = len(self.intake.cards) - good
        message = self.tr("%n good photos.", "", good)
        if refused:
            left = self.tr("%n are left out.", "", refused)
            message = f"{message} {left}"
        return message

    def _on_save(self) -> None:
        consent = self.form.consent.new_consent() if self.form.needs_consent() else None
        reviews = self.intake.good_reviews()
        self._save(EnrolmentCase(self.form.enrolee(), reviews, consent, self._visitor))

    def _save(self, case: EnrolmentCase) -> None:
        self._case, self._saving = case, list(self.intake.cards)
        if self._failure is not None:
            self._notices.withdraw(self._failure)
        self._check()
        self.job.begin(self.tr("Saving…"), can_cancel=False)
        job = partial(save_case, self._access, self._reception, case)
        done, failed = partial(self._on_saved, case), partial(self._on_failed, case)
        run_in_background(job, done, failed, self, lane=Lane.FACES)

    def _on_saved(self, case: EnrolmentCase, saved: SavedCase) -> None:
        message = self._success_message(case, saved)
        if case is self._case:
            self._show_success(saved, message)
        else:
            # The page was made ready for somebody else meanwhile: leave it to them.
            self._notices.notify(message, is_success=True)
        self.person_enrolled.emit()
        if case.visitor:
            self.visitor_enrolled.emit(case.visitor, saved.person.person_id)
        self.load()

    def _success_message(self, case: EnrolmentCase, saved: SavedCase) -> str:
        name, count = saved.person.name, saved.photos
        if case.enrolee.pin is not None:
            return self.tr("{0} is enrolled and uses staff number and PIN. No face is kept.").format(name)
        if case.enrolee.add_to is None:
            message = self.tr(
                "{0} is enrolled with %n photos and is recognised at the door from now on.", "", count
            )
            return message.format(name)
        if not count:
            return self.tr("{0} has photos like these already; nothing was added.").format(name)
        return self.tr("%n photos added to {0}.", "", count).format(name)

    def _show_success(self, saved: SavedCase, message: str) -> None:
        self._case = None
        self._enrolled_id = saved.person.person_id
        self.job.end()
        self._visitor = ()
        self.form.clear()
        self.success_message.setText(message)
        self.colleagues.setText(self._colleague_note(saved))
        self.intake.clear(self._saving)
        if self.intake.cards or self.intake.is_busy():
            # Photos of the next person were chosen while this one was saved.
            self._notices.notify(message, is_success=True)
            self._begin_next()
            self._check()
            return
        self.stack.setCurrentIndex(_SUCCESS)
        self.again_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _colleague_note(self, saved: SavedCase) -> str:
        """Return the people who look most like a new person, with the distances."""
        if not saved.alike:
            return ""
        rows = ", ".join(f"{colleague.person.name} {colleague.distance:.3f}" for colleague in saved.alike)
        return self.tr("Most similar: {0} (distance; 0 the same, 4 opposite).").format(rows)

    def _on_failed(self, case: EnrolmentCase, error: FaceAccessError) -> None:
        is_shown = case is self._case
        if is_shown:
            self._case = None
            self.job.end()
            self._check()
        alike, hashes = getattr(error, "likenesses", ()), getattr(error, "hashes", ())
        if not alike or not is_shown:
            self._notices.fail(error)
            self._failure = error
            return
        read = partial(read_faces, self._people, alike)
        run_in_background(read, partial(self._ask_if_same, case, hashes), self._notices.fail, self)

    def _ask_if_same(
        self, case: EnrolmentCase, hashes: Sequence[str], faces: "list[tuple[Likeness, bytes | None]]"
    ) -> None:
        """Show the newcomer beside the people it may be, and do what the operator says."""
        crops = {review.sha256: review.crop for review in case.reviews if review.crop is not None}
        pairs = [
            Pair(likeness, pixmap_from_jpeg(jpeg), QPixmap.fromImage(image_from_rgb(crops[sha256])), sha256)
            for (likeness, jpeg), sha256 in zip(faces, hashes, strict=False)
        ]
        dialog = DoubleDialog(case.enrolee.name, pairs, self)
        is_answered = dialog.exec() == QDialog.DialogCode.Accepted
        dialog.deleteLater()
        if not is_answered:
            return
        person, left_out = dialog.add_to(), dialog.leaves_out()
        if left_out:
            self.intake.leave_out(left_out)
            reviews = [review for review in case.reviews if review.sha256 != left_out]
            if reviews:
                self._save(replace(case, reviews=reviews))
        elif person is not None:
            self._save(replace(case, enrolee=replace(case.enrolee, add_to=person)))
        else:
            ids = tuple(pair.likeness.person.person_id for pair in pairs)
            self._save(replace(case, different_from=(*case.different_from, *ids), why=dialog.why()))

    def _show_person(self) -> None:
        self.people_wanted.emit(self._enrolled_id)


@dataclass(frozen=True)
class _Known:
    """The form's data: the people enrolled, the consent texts, and the people who have agreed."""

    people: list[Person]
    texts: list[ConsentText]
    consenting: set[str]


def _read_known(people: "People", reception: "Reception") -> _Known:
    return _Known(
        people.list(),
        reception.consents.current_texts(),
        reception.consents.consenting(),
    )
