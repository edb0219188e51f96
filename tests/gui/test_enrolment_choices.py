"""What the enrolment page asks: consent, doubles, which face, why all the same, and guided photos."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QDialog, QLabel

from faceaccess.codes import JournalKind, PhotoProblem
from faceaccess.gui.enrolment import double_dialog, photo_intake
from faceaccess.gui.enrolment.double_dialog import DoubleDialog, Pair
from faceaccess.gui.enrolment.guidance import GuidancePanel
from faceaccess.gui.enrolment.page import EnrolmentPage
from faceaccess.gui.safety import consent_card
from faceaccess.gui.safety.consent_card import ConsentCard
from faceaccess.gui.widgets import consent_section
from faceaccess.gui.widgets.consent_section import ConsentDialog
from faceaccess.gui.widgets.signature_pad import SignaturePad
from faceaccess.gui.wording import photos as photo_text
from faceaccess.people.enrolment import enrolling
from faceaccess.people.enrolment.capture import Pose
from faceaccess.people.enrolment.doubles import Likeness
from faceaccess.people.enrolment.enrolment import Enrolment
from faceaccess.people.enrolment.photo_review import PhotoReview, Reviewer
from faceaccess.recognition.types import EnrolmentLimits
from faceaccess.store.people.consent_texts import covers_learning
from faceaccess.store.people.look_alikes import LookAlikes
from faceaccess.store.people.types import NewConsent
from faceaccess.vision.types import Fault
from tests.builders import make_detection, make_embedding
from tests.gui.answers import press
from tests.gui.drawn import NOW, face_rgb
from tests.gui.site import MODEL_ID, hold, judge_by_name
from tests.people.test_capture import LOOK_S, seen


@pytest.fixture
def page(qtbot, space, live, notices, monkeypatch) -> EnrolmentPage:
    """The page, shown and loaded."""
    judge_by_name(monkeypatch)
    made = EnrolmentPage(space.access, space.people, space.reception, space.doors, live, notices)
    qtbot.addWidget(made)
    made.resize(1188, 760)
    made.show()
    made.load()
    qtbot.waitUntil(lambda: bool(made.form.consent._texts))
    return made


def add(qtbot, page: EnrolmentPage, *names: str) -> None:
    page.intake.add_files([f"/photos/{name}.jpg" for name in names])
    qtbot.waitUntil(lambda: not page.intake.is_busy())


def ready(qtbot, page: EnrolmentPage, *photos: str) -> None:
    """Fill in all that a new person needs."""
    add(qtbot, page, *photos or ["good-1"])
    page.form.name.setText("Somebody New")
    page.form.consent.box.click()
    assert page.save_button.isEnabled()


def answer(monkeypatch, module, name: str, what) -> list:
    """Let a dialog be answered by a function that is given it; return the dialogs shown."""
    shown = []

    def exec_(dialog) -> int:
        shown.append(dialog)
        return what(dialog)

    monkeypatch.setattr(getattr(module, name), "exec", exec_)
    return shown


def test_consent_is_given_for_the_text_of_the_language_chosen(qtbot, page, space) -> None:
    ready(qtbot, page)
    page.form.consent.language.setCurrentIndex(1)
    assert not page.save_button.isEnabled(), "another text was not agreed to"
    page.form.consent.box.click()
    with qtbot.waitSignal(page.person_enrolled):
        page.save_button.click()
    (person,) = space.people.by_name("Somebody New")
    consent = space.reception.consents.in_force(person.person_id)
    assert (consent.version, consent.has_signature) == (2, False)


def test_a_text_is_read_and_signed(qtbot, page, monkeypatch) -> None:
    def sign(dialog: ConsentDialog) -> int:
        assert dialog.text.toPlainText().startswith("I agree that my employer")
        qtbot.mousePress(dialog.pad, Qt.MouseButton.LeftButton, pos=QPoint(20, 40))
        qtbot.mouseMove(dialog.pad, QPoint(90, 60))
        return QDialog.DialogCode.Accepted

    answer(monkeypatch, consent_section, "ConsentDialog", sign)
    page.form.consent.read_button.click()
    given = page.form.consent.new_consent()
    assert given.signature.startswith(b"\x89PNG")
    assert "Signed here" in page.form.consent.state.text()
    page.form.consent.box.click()
    assert page.form.consent.new_consent() is None


def test_a_cancelled_text_is_not_agreed_to(page, monkeypatch) -> None:
    answer(monkeypatch, consent_section, "ConsentDialog", lambda _: QDialog.DialogCode.Rejected)
    page.form.consent.read_button.click()
    assert page.form.consent.new_consent() is None


def test_an_empty_pad_is_no_signature(qtbot) -> None:
    pad = SignaturePad()
    qtbot.addWidget(pad)
    assert pad.png() is None
    qtbot.mouseClick(pad, Qt.MouseButton.LeftButton, pos=QPoint(20, 40))
    assert pad.png() is not None
    pad.clear()
    assert pad.png() is None


def test_who_has_agreed_is_not_asked_again(qtbot, page, space) -> None:
    person = space.people.list()[2]
    space.reception.consents.record(space.access.actor, person.person_id, NewConsent(1, NOW.date()))
    consent = space.reception.consents.newest(person.person_id)
    page.add_photos_to(person)
    qtbot.waitUntil(lambda: page.form.enrolee().add_to == person)
    assert not page.form.consent.isVisible()
    add(qtbot, page, "good-1")
    with qtbot.waitSignal(page.person_enrolled):
        page.save_button.click()
    assert len(space.reception.mending.photos.of(person.person_id)) == 3
    assert space.reception.consents.newest(person.person_id) == consent


def test_a_person_with_a_pin_needs_no_photo_and_no_consent(qtbot, page, space) -> None:
    page.form.name.setText("Pin User")
    page.form.by_pin.click()
    assert not page.intake.isEnabled()
    assert "a staff number, typed before the PIN; a PIN" in page.missing.text()
    page.form.staff_number.setText("77")
    page.form.pin.setText("4711")
    with qtbot.waitSignal(page.person_enrolled):
        page.save_button.click()
    (person,) = space.people.by_name("Pin User")
    assert (person.staff_number, person.has_pin, person.template_count) == ("77", True, 0)
    assert "No face is kept" in page.success_message.text()
    assert page.form.pin.text() == ""


def alike(space) -> Likeness:
    return Likeness(space.people.list()[1], 0.07, 0.12)


def test_the_same_person_gets_the_photos(qtbot, page, space, monkeypatch) -> None:
    def same(dialog: DoubleDialog) -> int:
        assert not dialog.save_button.isEnabled()
        dialog._choices.button(0).click()
        assert dialog.save_button.isEnabled()
        return QDialog.DialogCode.Accepted

    answer(monkeypatch, double_dialog, "DoubleDialog", same)
    ready(qtbot, page, "like-2")
    with qtbot.waitSignal(page.person_enrolled):
        page.save_button.click()
    assert len(space.reception.mending.photos.of(space.people.list()[1].person_id)) == 3
    assert len(space.people.list()) == 5


def test_two_people_are_kept_for_a_reason(qtbot, page, space, monkeypatch) -> None:
    def differ(dialog: DoubleDialog) -> int:
        dialog.keep_both.click()
        assert not dialog.save_button.isEnabled()
        qtbot.keyClicks(dialog.reason, "They are twins")
        assert dialog.save_button.isEnabled()
        return QDialog.DialogCode.Accepted

    answer(monkeypatch, double_dialog, "DoubleDialog", differ)
    ready(qtbot, page, "like-2", "like-3")
    with qtbot.waitSignal(page.person_enrolled):
        page.save_button.click()
    (person,) = space.people.by_name("Somebody New")
    twins = {other.person_id for other in space.people.list()[1:3]}
    assert LookAlikes(space.database).of(person.person_id) == twins
    (row,) = space.journal.rows.about(person.person_id, [JournalKind.PERSON_ENROLLED])
    assert space.journal.rows.note(row.seq) == "They are twins"


def test_cancelling_the_question_keeps_everything_and_saves_nothing(qtbot, page, space, monkeypatch) -> None:
    shown = answer(monkeypatch, double_dialog, "DoubleDialog", lambda _: QDialog.DialogCode.Rejected)
    ready(qtbot, page, "like-2")
    page.save_button.click()
    qtbot.waitUntil(lambda: bool(shown))
    assert len(space.people.list()) == 5
    assert page.form.name.text() == "Somebody New"
    assert page.save_button.isEnabled()


def test_the_photo_that_looks_like_somebody_is_shown_and_left_out(qtbot, page, space, monkeypatch) -> None:
    seen = []

    def leave_out(dialog: DoubleDialog) -> int:
        dialog.leave_out.click()
        seen.append(dialog.leaves_out())
        assert dialog.save_button.isEnabled()
        return QDialog.DialogCode.Accepted

    answer(monkeypatch, double_dialog, "DoubleDialog", leave_out)
    ready(qtbot, page, "good-1", "like-2")
    by_source = {card.review.source: card.review.sha256 for card in page.intake.cards}
    with qtbot.waitSignal(page.person_enrolled):
        page.save_button.click()
    assert seen == [next(sha for source, sha in by_source.items() if "like-2" in source)]
    (person,) = space.people.by_name("Somebody New")
    assert len(space.reception.mending.photos.of(person.person_id)) == 1


def test_the_only_photo_left_out_saves_nothing(qtbot, page, space, monkeypatch) -> None:
    def leave_out(dialog: DoubleDialog) -> int:
        dialog.leave_out.click()
        return QDialog.DialogCode.Accepted

    answer(monkeypatch, double_dialog, "DoubleDialog", leave_out)
    ready(qtbot, page, "like-2")
    page.save_button.click()
    qtbot.waitUntil(lambda: not page.intake.cards)
    assert page.form.name.text() == "Somebody New"
    assert "at least one good photo" in page.missing.text()
    assert len(space.people.list()) == 5


def test_photos_chosen_after_a_success_begin_the_next_person(qtbot, page, space) -> None:
    ready(qtbot, page, "good-1")
    with qtbot.waitSignal(page.person_enrolled):
        page.save_button.click()
    assert page.stack.currentIndex() == 1
    add(qtbot, page, "good-2")
    assert page.stack.currentIndex() == 0
    assert len(page.intake.cards) == 1
    assert page.form.name.text() == ""


def test_photos_chosen_while_somebody_is_saved_stay(qtbot, page, space, monkeypatch) -> None:
    ready(qtbot, page, "good-1")
    flag = hold(monkeypatch, Enrolment, "enrol")
    page.save_button.click()
    page.intake.add_files(["/photos/good-2.jpg"])
    flag.set()
    qtbot.waitUntil(lambda: len(space.people.by_name("Somebody New")) == 1)
    qtbot.waitUntil(lambda: len(page.intake.cards) == 1 and not page.intake.is_busy())
    assert page.stack.currentIndex() == 0
    assert "good-2" in page.intake.cards[0].review.source


def test_the_double_dialog_names_distances(qtbot, space) -> None:
    dialog = DoubleDialog("New", [Pair(alike(space), QPixmap(), QPixmap(), "a")])
    qtbot.addWidget(dialog)
    words = [label.text() for label in dialog.findChildren(QLabel)]
    assert "distance 0.070, asked below 0.120" in words
    assert dialog.add_to() is None


def test_the_closest_colleagues_are_named_with_their_distances(qtbot, page, space) -> None:
    ready(qtbot, page)
    nearest = space.reception.enrolment.likenesses(page.intake.good_reviews())
    with qtbot.waitSignal(page.person_enrolled):
        page.save_button.click()
    assert f"{nearest[0].person.name} {nearest[0].distance:.3f}, " in page.colleagues.text()


def refused(problem: PhotoProblem, **values) -> PhotoReview:
    return PhotoReview("refused.jpg", problem, crop=face_rgb(3), embedding=make_embedding(1), **values)


def test_a_refused_photo_says_what_was_measured_and_is_taken_for_a_reason(qtbot, page, monkeypatch) -> None:
    fault = Fault(PhotoProblem.FACE_BLURRED, 2.24, 3.4)
    review = refused(PhotoProblem.FACE_BLURRED, faults=(fault,))
    monkeypatch.setattr(Reviewer, "review_file", lambda *_: review)
    add(qtbot, page, "any-1")
    (card,) = page.intake.cards
    assert card.measured.text() == "sharpness 2.2, at least 3.4"
    assert page.intake.good_reviews() == []

    def why(dialog) -> int:
        dialog.reason.setText("The only photo there is")
        return QDialog.DialogCode.Accepted

    answer(monkeypatch, photo_intake, "ReasonDialog", why)
    card.override_button.click()
    qtbot.waitUntil(lambda: not page.intake.is_busy())
    (taken,) = page.intake.good_reviews()
    assert taken.override == "The only photo there is"
    assert "Accepted anyway" in card.verdict.text()
    assert not card.override_button.isVisible()


def test_one_of_several_faces_is_picked(qtbot, page, monkeypatch) -> None:
    image = np.full((120, 160, 3), 120, np.uint8)
    faces = (make_detection(20, 30), make_detection(85, 30))
    review = refused(PhotoProblem.SEVERAL_FACES, image=image, faces=faces)
    monkeypatch.setattr(Reviewer, "review_file", lambda *_: review)
    add(qtbot, page, "any-1")
    (card,) = page.intake.cards
    assert not card.override_button.isVisible()
    card.faces_row.itemAt(1).widget().click()
    qtbot.waitUntil(lambda: not page.intake.is_busy())
    (review,) = page.intake.good_reviews()
    assert review.detection is faces[1]
    assert not card.faces.isVisible()


def test_photos_are_judged_beside_those_of_whom_they_are_added_to(qtbot, page, space, monkeypatch) -> None:
    limits = EnrolmentLimits(MODEL_ID, 0.01, 0.3, 0.1, 0.02, 0.3)
    monkeypatch.setattr(enrolling, "enrolment_limits", lambda _: limits)
    page.add_photos_to(space.people.list()[1])
    add(qtbot, page, "like-2")
    qtbot.waitUntil(lambda: page.intake.cards[0].review.problem is PhotoProblem.MUCH_LIKE_ANOTHER)
    assert (
        page.intake.cards[0].verdict.text() == photo_text.photo_problem(PhotoProblem.MUCH_LIKE_ANOTHER).label
    )


@pytest.mark.parametrize("pose", Pose)
def test_every_pose_has_a_name(pose: Pose) -> None:
    assert photo_text.pose(pose)


def test_guided_photos_are_taken_shown_and_taken_again(qtbot) -> None:
    panel = GuidancePanel()
    qtbot.addWidget(panel)
    shots, again = [], []
    panel.taken.connect(lambda _, pose: shots.append(pose))
    panel.retaken.connect(again.append)
    for number in range(8):
        panel.observe(seen(Pose.FRONT), number * LOOK_S)
    assert shots == [Pose.FRONT]
    assert panel.advice.text() == "Look to your left a little."
    panel.show_shots({Pose.FRONT: False})
    assert panel.chips[Pose.FRONT].isEnabled()
    assert not panel.chips[Pose.LEFT].isEnabled()
    panel.chips[Pose.FRONT].click()
    assert again == [Pose.FRONT]
    panel.pause_button.click()
    for number in range(20, 40):
        panel.observe(seen(Pose.FRONT), number * LOOK_S)
    assert shots == [Pose.FRONT]
    assert panel.pause_button.text() == "Go on"


def test_the_webcam_guides_by_itself_and_its_photos_are_reviewed(qtbot, page, monkeypatch) -> None:
    page.intake.webcam.guidance.capture.hold_s = 0.05
    monkeypatch.setattr(Reviewer, "observe", lambda *_: seen(Pose.FRONT))
    page.intake.webcam_button.click()
    qtbot.waitUntil(lambda: bool(page.intake.cards), timeout=8000)
    assert page.intake.cards[0].review.source == "Front"
    qtbot.waitUntil(page.intake.webcam.guidance.chips[Pose.FRONT].isEnabled)
    page.intake.webcam.guidance.chips[Pose.FRONT].click()
    assert all(card.review.source != "Front" for card in page.intake.cards)


def test_an_admin_edits_a_text_and_sees_what_is_due(qtbot, space, notices, monkeypatch) -> None:
    person_id = space.people.list()[1].person_id
    consent = NewConsent(1, date(2026, 2, 1), expires_on=date(2026, 3, 1))
    space.reception.consents.record(space.access.actor, person_id, consent)
    card = ConsentCard(space.access, space.reception, space.policies, notices)
    qtbot.addWidget(card)
    card.load()
    qtbot.waitUntil(lambda: "Person 1: no consent is recorded" in card.due.text())
    assert "Person 2: the consent expired on" in card.due.text()
    assert card.texts.text() == "People agree to: English (version 1), Deutsch (version 2)."

    def edit(dialog) -> int:
        dialog.language_box.setCurrentIndex(dialog.language_box.findData("en"))
        save = dialog.buttons.button(dialog.buttons.StandardButton.Save)
        assert not save.isEnabled(), "nothing has been changed"
        dialog.edit.setPlainText("I agree to more.")
        assert save.isEnabled()
        dialog.learning_button.click()
        assert dialog.text().startswith("I agree to more.\n\nMy photos")
        assert covers_learning(dialog.text())
        assert not dialog.learning_button.isEnabled()
        return QDialog.DialogCode.Accepted

    answer(monkeypatch, consent_card, "TextDialog", edit)
    card.write_button.click()
    qtbot.waitUntil(lambda: "English (version 3)" in card.texts.text())


def test_who_is_begun_while_another_is_saved_is_not_mixed_up_with_them(
    qtbot, page, space, notices, monkeypatch
) -> None:
    """A visitor's faces were linked to whoever happened to be saved just then."""
    person = space.people.list()[1]
    space.reception.consents.record(space.access.actor, person.person_id, NewConsent(1, NOW.date()))
    page.add_photos_to(person)
    qtbot.waitUntil(lambda: page.form.enrolee().add_to == person)
    add(qtbot, page, "good-1")
    flag = hold(monkeypatch, Enrolment, "add_photos")
    linked = []
    page.visitor_enrolled.connect(lambda *what: linked.append(what))
    page.save_button.click()
    page.start_with([], (41, 42))
    page.form.name.setText("The Visitor")
    flag.set()
    qtbot.waitUntil(lambda: any("added to" in words for words in notices.messages()))
    assert linked == []
    assert page._visitor == (41, 42)
    assert page.form.name.text() == "The Visitor"
    assert page.stack.currentIndex() == 0


def test_names_are_shown_as_they_are(qtbot, page, space) -> None:
    add(qtbot, page, "good-1")
    page.form.name.setText("Ann <b>&amp; Co")
    page.form.consent.box.click()
    with qtbot.waitSignal(page.person_enrolled):
        page.save_button.click()
    assert page.success_message.textFormat() is Qt.TextFormat.PlainText
    person = replace(space.people.list()[0], name="Ann & Co")
    dialog = DoubleDialog("New", [Pair(Likeness(person, 0.07, 0.12), QPixmap(), QPixmap(), "a")])
    qtbot.addWidget(dialog)
    assert "Ann && Co" in dialog._choices.button(0).text()


def test_what_was_agreed_to_under_one_name_is_nobody_elses(qtbot, page, monkeypatch) -> None:
    """A signature went on to whoever was typed next."""

    def sign(_: ConsentDialog) -> int:
        return QDialog.DialogCode.Accepted

    answer(monkeypatch, consent_section, "ConsentDialog", sign)
    page.form.name.setText("Anna Alpha")
    page.form.consent.read_button.click()
    assert page.form.consent.new_consent() is not None
    page.form.name.setText("Somebody Else")
    assert page.form.consent.new_consent() is None
    assert "agreed to again" in page.form.consent.state.text()
    page.form.consent.box.click()
    page.form.name.setText("Somebody Else's Name")
    assert page.form.consent.new_consent() is not None, "ticked without a sheet that bears a name"


def test_a_proposed_name_goes_with_its_photos(qtbot, page) -> None:
    add(qtbot, page, "good-1")
    page.form.propose_name("Ada Byron")
    page.intake.cards[0].removed.emit(page.intake.cards[0])
    assert page.form.name.text() == ""
    add(qtbot, page, "good-2")
    page.form.name.setText("Typed Name")
    page.form.name.textEdited.emit("Typed Name")
    page.intake.cards[0].removed.emit(page.intake.cards[0])
    assert page.form.name.text() == "Typed Name"


def test_an_enrolment_that_was_begun_is_not_thrown_away(qtbot, page, space, monkeypatch) -> None:
    add(qtbot, page, "good-1")
    page.form.name.setText("Half Done")
    press(monkeypatch, "Go on with it")
    page.add_photos_to(space.people.list()[0])
    page.start_with([], (1, 2))
    assert (page.form.name.text(), len(page.intake.cards)) == ("Half Done", 1)
    press(monkeypatch, "Discard")
    page.start_with([], (1, 2))
    assert (page.form.name.text(), len(page.intake.cards)) == ("", 0)


def test_a_note_beside_photos_is_no_table(qtbot, page, tmp_path) -> None:
    """The photos dropped with it disappeared."""
    for name in ("good-1.jpg", "unreadable-1.txt"):
        (tmp_path / name).touch()
    tables = []
    page.intake.many_dropped.disconnect()
    page.intake.many_dropped.connect(tables.append)
    page.intake.add_files([str(tmp_path / "good-1.jpg"), str(tmp_path / "unreadable-1.txt")])
    qtbot.waitUntil(lambda: len(page.intake.cards) == 2)
    assert tables == []
    page.intake.add_files([str(tmp_path / "unreadable-1.txt")])
    assert tables == [tmp_path / "unreadable-1.txt"]


def test_a_refusal_goes_once_it_was_saved(qtbot, page, notices, monkeypatch) -> None:
    """It stood there, red, over the success and through the next person."""
    add(qtbot, page, "good-1")
    page.form.name.setText("Somebody New")
    page.form.email.setText("nonsense")
    page.form.consent.box.click()
    page.save_button.click()
    qtbot.waitUntil(lambda: any("nonsense" in message for message in notices.messages()))
    page.form.email.setText("one@example.org")
    with qtbot.waitSignal(page.person_enrolled):
        page.save_button.click()
    assert not any("nonsense" in message for message in notices.messages())
