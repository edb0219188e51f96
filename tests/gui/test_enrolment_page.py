"""The enrolment page: photos with verdicts, the form, saving."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLabel

from faceaccess.codes import PhotoProblem
from faceaccess.errors import StoreError
from faceaccess.gui.enrolment.page import EnrolmentPage
from faceaccess.gui.wording import photos as photo_text
from faceaccess.people.enrolment.enrolment import Enrolment
from faceaccess.people.enrolment.photo_review import IN_SET, Reviewer
from faceaccess.people.enrolment.photo_set import judged
from faceaccess.recognition.types import EnrolmentLimits
from faceaccess.store.people.templates import Templates
from tests.gui.site import hold, judge_by_name, refuse


@pytest.fixture
def page(qtbot, space, live, notices, monkeypatch) -> EnrolmentPage:
    """The page, shown and loaded."""
    judge_by_name(monkeypatch)
    made = EnrolmentPage(space.access, space.people, space.reception, space.doors, live, notices)
    qtbot.addWidget(made)
    made.resize(1188, 760)
    made.show()
    made.load()
    qtbot.waitUntil(lambda: bool(made.form._people))
    return made


def _add(qtbot, page: EnrolmentPage, *names: str) -> None:
    page.intake.add_files([f"/photos/{name}.jpg" for name in names])
    qtbot.waitUntil(lambda: not page.intake.is_busy())


def test_enrol_from_files_and_then_another(qtbot, page, space) -> None:
    assert not page.save_button.isEnabled()
    assert "a name" in page.missing.text()
    assert "at least one good photo" in page.missing.text()
    _add(qtbot, page, "good-1", "no_face-1")
    qtbot.keyClicks(page.form.name, "  Somebody   New ")
    qtbot.keyClicks(page.form.staff_number, "N1")
    qtbot.keyClicks(page.form.department, "Office")
    qtbot.keyClicks(page.form.email, " one@example.org ")
    assert "the person's consent" in page.missing.text()
    page.form.consent.box.click()
    assert page.save_button.isEnabled()
    assert page.missing.text() == "One good photo. One is left out."
    with qtbot.waitSignal(page.person_enrolled):
        qtbot.mouseClick(page.save_button, Qt.MouseButton.LeftButton)
    (person,) = space.people.by_name("Somebody New")
    assert (person.staff_number, person.department, person.email) == ("N1", "Office", "one@example.org")
    assert len(space.reception.mending.photos.of(person.person_id)) == 1
    assert space.reception.consents.in_force(person.person_id).version == 1
    assert page.isVisible()
    assert "Somebody New is enrolled with one photo" in page.success_message.text()
    qtbot.mouseClick(page.again_button, Qt.MouseButton.LeftButton)
    assert page.form.name.text() == ""
    assert page.intake.cards == []


@pytest.mark.parametrize("problem", sorted(set(PhotoProblem) - IN_SET))
def test_refused_photo_says_what_is_wrong_and_what_to_do(qtbot, page, problem: PhotoProblem) -> None:
    _add(qtbot, page, f"{problem}-1")
    card = page.intake.cards[0]
    wording = photo_text.photo_problem(problem)
    assert card.verdict.text() == wording.label
    assert card.advice.text() == wording.advice
    assert wording.advice
    page.form.name.setText("Somebody New")
    assert not page.save_button.isEnabled()


def test_photo_can_be_removed(qtbot, page) -> None:
    _add(qtbot, page, "good-1", "good-2")
    page.intake.cards[0].removed.emit(page.intake.cards[0])
    assert [card.review.source for card in page.intake.cards] == ["good-2.jpg"]


def test_of_two_photos_of_two_people_neither_is_blamed(qtbot, page, monkeypatch) -> None:
    """The first was "Good", although it may as well have been the wrong one."""
    limits = EnrolmentLimits("fake:1", 0.01, 0.4, 0.0, 0.02, 0.3)
    none = np.zeros((0, 8), np.float32)
    monkeypatch.setattr(Enrolment, "judge", lambda _, reviews, __: judged(reviews, none, limits))
    _add(qtbot, page, "good-1", "good-22")
    first, second = page.intake.cards
    assert first.verdict.text() == "Good, if it is this person"
    assert second.verdict.text() == "Not the face of the other photo"
    page.form.name.setText("Somebody New")
    page.form.consent.box.click()
    assert not page.save_button.isEnabled(), "the first one alone was enrolled without a question"
    assert "which of the two photos" in page.missing.text()
    assert first.advice.text() == second.advice.text() == "Remove whichever of the two shows somebody else."
    first.removed.emit(first)
    qtbot.waitUntil(lambda: not page.intake.is_busy())
    assert second.verdict.text() == "Good"
    assert page.save_button.isEnabled()


def test_photos_can_be_dropped(qtbot, page) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/photos/good-1.jpg")])
    event = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    page.intake.drop_zone.dropEvent(event)
    qtbot.waitUntil(lambda: len(page.intake.cards) == 1)


def test_folder_stands_for_its_files(qtbot, page, tmp_path) -> None:
    for name in ("good-1.jpg", "good-2.jpg"):
        (tmp_path / name).touch()
    page.intake.add_files([str(tmp_path)])
    qtbot.waitUntil(lambda: len(page.intake.cards) == 2)


def test_a_folder_that_cannot_be_read_is_one_card(qtbot, page, tmp_path, monkeypatch) -> None:
    """It was a fault of the program."""

    def refuse(_: Path) -> None:
        raise PermissionError

    (tmp_path / "good-1").mkdir()
    monkeypatch.setattr(Path, "iterdir", refuse)
    page.intake.add_files([str(tmp_path / "good-1")])
    qtbot.waitUntil(lambda: len(page.intake.cards) == 1)


def test_reviewing_shows_progress_and_can_be_cancelled(qtbot, page, monkeypatch) -> None:
    flag = hold(monkeypatch, Reviewer, "review_file")
    page.intake.add_files([f"/photos/good-{number}.jpg" for number in range(20)])
    assert page.intake.job.isVisible()
    assert not page.save_button.isEnabled()
    page.intake.job.cancel_button.click()
    flag.set()
    qtbot.waitUntil(lambda: not page.intake.is_busy())
    assert page.intake.cards == []
    assert not page.intake.job.isVisible()


def test_photos_of_the_last_person_do_not_reach_the_next(qtbot, page, monkeypatch) -> None:
    flag = hold(monkeypatch, Reviewer, "review_file")
    page.intake.add_files(["/photos/good-1.jpg"])
    page.start_over()
    page.intake.add_files(["good-22.jpg"])
    flag.set()
    qtbot.waitUntil(lambda: not page.intake.is_busy())
    assert [card.review.source for card in page.intake.cards] == ["good-22.jpg"]


def test_same_name_asks_whether_it_is_the_same_person(qtbot, page, space) -> None:
    _add(qtbot, page, "good-1")
    page.form.name.setText("person 3")
    assert page.form.namesakes.isVisible()
    assert not page.save_button.isEnabled()
    assert "who is meant" in page.missing.text()
    same, other = (button for button, _ in page.form._choices)
    placeholder = same.icon().cacheKey()
    qtbot.waitUntil(lambda: same.icon().cacheKey() != placeholder)
    assert other.icon().isNull()
    same.click()
    page.form.consent.box.click()
    qtbot.waitUntil(page.save_button.isEnabled)
    assert page.save_button.text() == "Add the photos"
    assert not page.form.staff_number.isEnabled()
    other.click()
    assert page.save_button.text() == "Enrol this person"
    same.click()
    qtbot.waitUntil(lambda: not page.intake.is_busy())
    with qtbot.waitSignal(page.person_enrolled):
        page.save_button.click()
    assert len(space.reception.mending.photos.of(space.people.list()[2].person_id)) == 3
    assert "One photo added to Person 3" in page.success_message.text()


def test_staff_number_of_another_is_refused_before_saving(qtbot, page) -> None:
    _add(qtbot, page, "good-1")
    page.form.name.setText("Somebody New")
    page.form.staff_number.setText("S002")
    assert not page.save_button.isEnabled()
    assert "S002 belongs to Person 2" in page.missing.text()
    assert page.form.staff_number.property("problem")


def test_failed_saving_keeps_everything_and_says_why(qtbot, page, space, notices, monkeypatch) -> None:
    refuse(monkeypatch, Templates, "add", StoreError("The disk is full.", "Free some space."))
    _add(qtbot, page, "good-1")
    page.form.name.setText("Somebody New")
    page.form.consent.box.click()
    page.save_button.click()
    qtbot.waitUntil(lambda: bool(notices.messages()))
    assert notices.messages() == ["The disk is full. Free some space."]
    assert page.form.name.text() == "Somebody New"
    assert page.save_button.isEnabled()
    assert not page.job.isVisible()
    assert len(space.people.list()) == 5


def test_photos_from_the_webcam(qtbot, page, previews) -> None:
    page.intake.webcam_button.click()
    qtbot.waitUntil(page.intake.webcam.take_button.isEnabled)
    assert page.intake.webcam.camera_box.currentText() == "Integrated Camera"
    qtbot.mouseClick(page.intake.webcam.take_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(page.intake.cards) == 1)
    assert page.intake.cards[0].review.source == "Webcam photo 1"
    page.hide()
    qtbot.waitUntil(lambda: not previews.feeds[0].is_running)


def test_webcam_of_a_running_door_is_shared(qtbot, page, live, previews) -> None:
    live.start("0")
    qtbot.waitUntil(lambda: live.run_state.value == "running")
    page.intake.webcam_button.click()
    qtbot.waitUntil(page.intake.webcam.take_button.isEnabled)
    assert page.intake.webcam.camera_box.currentText() == "The door's camera: Door"
    assert previews.feeds == []


def test_no_webcam_says_so(qtbot, page, monkeypatch) -> None:
    monkeypatch.setattr("faceaccess.door.cameras.list_cameras", list)
    page.intake.webcam_button.click()
    qtbot.waitUntil(lambda: "No camera found" in page.intake.webcam.view.message)
    assert not page.intake.webcam.take_button.isEnabled()


def test_more_photos_for_an_existing_person(qtbot, page, space) -> None:
    person = space.people.list()[1]
    page.add_photos_to(person)
    qtbot.waitUntil(lambda: page.form.enrolee().add_to == person)
    _add(qtbot, page, "good-1")
    page.form.consent.box.click()
    assert page.save_button.isEnabled()


def test_a_table_or_a_folder_of_folders_is_many_people(qtbot, page, tmp_path) -> None:
    (tmp_path / "Person 1").mkdir()
    (tmp_path / "staff.csv").write_text("Name,Photo")
    seen = []
    page.intake.many_dropped.disconnect(page._import)
    page.intake.many_dropped.connect(seen.append)
    page.intake.add_files([str(tmp_path)])
    page.intake.add_files([str(tmp_path / "staff.csv")])
    assert seen == [tmp_path, tmp_path / "staff.csv"]
    assert not page.intake.is_busy()


def test_a_name_is_proposed_from_the_files_and_never_overwrites_what_was_typed(qtbot, page) -> None:
    page.intake.add_files(["/photos/good-1.jpg", "/staff/Ada_Lovelace/good-2.jpg"])
    assert page.form.name.text() == "Ada Lovelace"
    page.intake.add_files(["/staff/Grace_Hopper/good-3.jpg"])
    assert page.form.name.text() == "Ada Lovelace"
    page.start_over()
    page.form.name.setFocus()
    qtbot.keyClicks(page.form.name, "A")
    page.intake.add_files(["/staff/Grace_Hopper/good-3.jpg"])
    assert page.form.name.text() == "A"
    page.form.name.backspace()
    page.intake.add_files(["/staff/Grace_Hopper/good-4.jpg"])
    assert page.form.name.text() == "", "who took a proposal away isn't given it again"
    page.start_over()
    page.intake.add_files(["/staff/Grace_Hopper/good-3.jpg"])
    assert page.form.name.text() == "Grace Hopper"
    qtbot.waitUntil(lambda: not page.intake.is_busy())


def test_departments_in_use_are_offered(qtbot, page) -> None:
    field = page.form.department
    assert field.departments() == ["Office", "Workshop"]
    field.list_action.trigger()
    assert field.completer().completionCount() == 2
    field.completer().popup().hide()
    qtbot.keyClicks(field, "shop")
    assert field.completer().currentCompletion() == "Workshop"
    field.completer().popup().hide()


@pytest.mark.parametrize("width_px", [860, 1187])
def test_the_text_of_the_drop_zone_is_whole(qtbot, page, width_px) -> None:
    """In a small window, or with the large letters of some computers, its last line was cut off."""
    zone = page.intake.drop_zone
    note = max(zone.findChildren(QLabel), key=lambda label: len(label.text()))

    def is_whole() -> bool:
        is_inside = all(zone.rect().contains(part.geometry()) for part in (note, zone.button))
        return is_inside and note.height() >= note.heightForWidth(note.width()) > 0

    qtbot.waitUntil(is_whole)
    large = note.font()
    large.setPointSizeF(1.5 * large.pointSizeF())
    note.setFont(large)
    page.resize(width_px, 560)
    _add(qtbot, page, "good-1")
    qtbot.waitUntil(is_whole)
