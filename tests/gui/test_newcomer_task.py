"""A receptionist's first people, through the real window on the real models: a bad photo, a double."""

import os
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from faceaccess.codes import JournalKind, Outcome, PhotoProblem
from faceaccess.door import simulation
from faceaccess.gui.enrolment import double_dialog
from faceaccess.recognition.pipeline import Pipeline
from faceaccess.store import clock
from faceaccess.vision.portrait import main_face
from faceaccess.vision.sources.images import read_photo
from faceaccess.vision.types import Frame
from tests.gui.test_user_tasks import LONG_MS, open_window, workspace  # noqa: F401 - fixtures

pytestmark = [pytest.mark.models, pytest.mark.filterwarnings("ignore")]


@dataclass(frozen=True)
class Newcomer:
    """Somebody to be enrolled with photos, and another photo as the door may see them."""

    name: str
    photos: tuple[Path, ...]
    at_the_door: Path


@pytest.fixture
def newcomers(tmp_path) -> list[Newcomer]:
    """Three people of LFW where it is there, else the two public-domain portraits."""
    folder = os.environ.get("FACEACCESS_LFW")
    if folder and Path(folder).is_dir():
        people = sorted(Path(folder, "images").iterdir())
        rich = [found for found in people if len(list(found.iterdir())) > 7]
        return [_newcomer(number, sorted(found.glob("*.jpg"))) for number, found in enumerate(rich[:3], 1)]
    return [
        _portrait(number, portrait, tmp_path) for number, portrait in enumerate(simulation.portraits(), 1)
    ]


def _newcomer(number: int, photos: list[Path]) -> Newcomer:
    return Newcomer(f"Person {number}", tuple(photos[:4]), photos[5])


def _portrait(number: int, portrait, folder: Path) -> Newcomer:
    image = cv2.imread(str(portrait.path))
    seen = folder / f"seen {number}.png"
    cv2.imwrite(str(seen), cv2.convertScaleAbs(image[:, ::-1], alpha=0.8, beta=12))
    return Newcomer(f"Person {number}", (portrait.path,), seen)


def blurred(photo: Path, folder: Path) -> Path:
    path = folder / "blurred.png"
    cv2.imwrite(str(path), cv2.GaussianBlur(cv2.imread(str(photo)), (0, 0), 4))
    return path


class Door:
    """A door that runs while people are enrolled."""

    def __init__(self, space) -> None:
        self._pipeline = Pipeline(
            space.models.recogniser, space.models.thresholds.in_force, smallest_face_px=40
        )
        self._count = 0

    def sees(self, photo: Path):
        """Return what is decided about the face whose portrait a frame is."""
        self._count += 10
        image = np.ascontiguousarray(read_photo(photo).image)
        frame = Frame(image, clock.utc_now(), self._count, float(self._count))
        faces = self._pipeline.process(frame).faces
        main = main_face([face.detection for face in faces], image)
        return next(face.decision for face in faces if face.detection is main)


def fill_in(qtbot, page, newcomer: Newcomer, number: str) -> None:
    page.intake.add_files([str(path) for path in newcomer.photos])
    count = len(newcomer.photos)
    qtbot.waitUntil(lambda: len(page.intake.cards) == count and not page.intake.is_busy(), timeout=LONG_MS)
    qtbot.mouseClick(page.form.name, Qt.MouseButton.LeftButton)
    # A name proposed from the photos' folder is selected, so that typing replaces it.
    qtbot.waitUntil(lambda: page.form.name.selectedText() == page.form.name.text())
    qtbot.keyClicks(page.form.name, newcomer.name)
    qtbot.keyClicks(page.form.staff_number, number)
    qtbot.mouseClick(page.form.consent.box, Qt.MouseButton.LeftButton)


def save(qtbot, page) -> None:
    qtbot.waitUntil(page.save_button.isEnabled, timeout=LONG_MS)
    with qtbot.waitSignal(page.person_enrolled, timeout=LONG_MS):
        qtbot.mouseClick(page.save_button, Qt.MouseButton.LeftButton)


def test_a_receptionist_enrols_people_and_gets_it_right(
    qtbot,
    open_window,  # noqa: F811
    workspace,  # noqa: F811
    newcomers,
    tmp_path,
    monkeypatch,
) -> None:
    window = open_window()
    page = window.enrolment
    qtbot.waitUntil(lambda: bool(page.form.consent._texts))
    workspace.reception.load_models()
    door = Door(workspace)
    for number, newcomer in enumerate(newcomers, 1):
        assert door.sees(newcomer.at_the_door).outcome is Outcome.UNKNOWN
        fill_in(qtbot, page, newcomer, f"{1000 + number}")
        if number == 1:
            _refuse_a_bad_photo(qtbot, page, newcomer, tmp_path)
        save(qtbot, page)
        assert newcomer.name in page.success_message.text()
        (person,) = workspace.people.by_name(newcomer.name)
        decision = door.sees(newcomer.at_the_door)
        assert (decision.outcome, decision.person_id) == (Outcome.ACCEPTED, person.person_id)
        assert workspace.reception.consent_records.newest(person.person_id).version == 1
        qtbot.mouseClick(page.again_button, Qt.MouseButton.LeftButton)
    assert "Person 1" in page.colleagues.text()
    _catch_a_double(qtbot, page, newcomers[0], monkeypatch)
    assert len(workspace.people.list()) == len(newcomers)
    (ada,) = workspace.people.by_name(newcomers[0].name)
    kinds = [row.kind for row in workspace.journal.rows.about(ada.person_id)]
    # The portraits come back as near copies of themselves, which add nothing.
    assert (JournalKind.PHOTOS_ADDED in kinds) is (len(newcomers) == 3)


def _refuse_a_bad_photo(qtbot, page, newcomer: Newcomer, folder: Path) -> None:
    good = len(page.intake.good_reviews())
    page.intake.add_files([str(blurred(newcomer.photos[0], folder))])
    qtbot.waitUntil(
        lambda: len(page.intake.cards) == len(newcomer.photos) + 1 and not page.intake.is_busy(),
        timeout=LONG_MS,
    )
    card = page.intake.cards[-1]
    assert card.review.problem is PhotoProblem.FACE_BLURRED
    assert "at least" in card.measured.text()
    assert card.advice.text()
    assert len(page.intake.good_reviews()) == good


def _catch_a_double(qtbot, page, known: Newcomer, monkeypatch) -> None:
    """The same person comes again under another name: the photos go to who is there already."""
    asked = []

    def same_person(dialog) -> int:
        asked.append(dialog._pairs[0].likeness)
        dialog._choices.button(0).click()
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(double_dialog.DoubleDialog, "exec", same_person)
    fill_in(qtbot, page, Newcomer("Somebody Else", (known.at_the_door,), known.at_the_door), "2001")
    save(qtbot, page)
    assert [one.person.name for one in asked] == [known.name]
    assert asked[0].distance < asked[0].limit
