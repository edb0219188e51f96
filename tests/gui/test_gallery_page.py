"""The gallery page on a real data folder: each finding is shown with its photos and mended by one click."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QMessageBox, QPushButton

from faceaccess.codes import FindingKind, JournalKind
from faceaccess.gui.gallery.finding_card import Mend
from faceaccess.gui.gallery.page import GalleryPage
from faceaccess.gui.people.person_chooser import PersonChooser
from faceaccess.models.recognisers import Recognisers
from faceaccess.models.thresholds import Thresholds
from faceaccess.people.enrolment.enrolling import Enrolling
from faceaccess.people.enrolment.photo_review import PhotoReview
from faceaccess.recognition.types import EnrolmentLimits, MatchPolicy
from faceaccess.store import clock
from faceaccess.store.journal.types import EventFilter
from faceaccess.workspace import Workspace
from tests.gui.drawn import face_jpeg
from tests.store.builders import MODEL, make_embedding, make_entry, make_template

LIMITS = EnrolmentLimits(MODEL, 0.01, 0.19, 0.02, 0.0235, 0.3, 0.18, wrong_person=0.15, same_picture=0.004)

LANDMARKS = np.array([[95, 105], [145, 105], [120, 130], [100, 155], [140, 155]], np.float32)


class Folder:
    """A real data folder whose faces are numbers."""

    def __init__(self, space: Workspace) -> None:
        self.space = space
        self._photo = 0

    def enrol(self, name: str, *faces: np.ndarray) -> str:
        person_id = self.space.people.create(name=name).person_id
        for face in faces:
            self._photo += 1
            new = make_template(self._photo, crop=face_jpeg(self._photo, 120))
            self.space.models.templates.add(person_id, [replace(new, embedding=face)])
        return person_id

    def photos(self, person_id: str) -> int:
        return len(self.space.reception.mending.photos.of(person_id))


def near(face: np.ndarray, distance: float, seed: int = 0) -> np.ndarray:
    """Return an embedding at a squared distance of another."""
    away = make_embedding(900 + seed, len(face))
    away -= away @ face * face
    cosine = 1 - distance / 2
    return (cosine * face + (1 - cosine**2) ** 0.5 * away / np.linalg.norm(away)).astype(np.float32)


ADA, BEA = make_embedding(1), make_embedding(2)


@pytest.fixture
def folder(tmp_path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folder]:
    monkeypatch.setattr(Thresholds, "in_force", property(lambda _: MatchPolicy(MODEL, 0.106, 0.02)))
    monkeypatch.setattr(Recognisers, "model_id", MODEL)
    monkeypatch.setattr("faceaccess.people.reception.enrolment_limits", lambda _: LIMITS)
    with Workspace.open(tmp_path / "data") as space:
        yield Folder(space)


@pytest.fixture
def page(qtbot, folder: Folder, notices) -> GalleryPage:
    """The page, shown; a test enrols first and then looks."""
    made = GalleryPage(
        folder.space.access,
        folder.space.people,
        folder.space.reception,
        folder.space.journal,
        folder.space.policies,
        notices,
    )
    qtbot.addWidget(made)
    made.resize(1172, 760)
    made.show()
    return made


def look(qtbot, page: GalleryPage, kind: FindingKind, count: int = 1) -> None:
    """Look through the photos and wait for the cards of a kind."""
    page.load()
    qtbot.waitUntil(lambda: page.look_button.isEnabled())
    page.kinds.setCurrentRow(list(FindingKind).index(kind))
    qtbot.waitUntil(lambda: [card.shown.finding.kind for card in page.cards] == [kind] * count)


def told(page: GalleryPage) -> list[bool]:
    """Return a list that grows with each change; `waitSignal` twice on a signal can crash PySide 6.11."""
    changes: list[bool] = []
    page.people_changed.connect(partial(changes.append, True))
    return changes


def click(qtbot, page: GalleryPage, mend: Mend) -> None:
    changes = told(page)
    page.cards[0].buttons[mend].click()
    qtbot.waitUntil(lambda: bool(changes))
    qtbot.waitUntil(lambda: page.look_button.isEnabled())


def undo(qtbot, page: GalleryPage, notices) -> None:
    button = [each for each in notices.findChildren(QPushButton) if each.text() == "Undo"][-1]
    changes = told(page)
    button.click()
    qtbot.waitUntil(lambda: bool(changes))
    qtbot.waitUntil(lambda: page.look_button.isEnabled())


@pytest.fixture
def wrong_photo(folder: Folder) -> tuple[str, str]:
    """Bea's photo stands under Ada."""
    ada = folder.enrol("Ada", ADA, near(ADA, 0.05), near(ADA, 0.05, 1), near(BEA, 0.03, 2))
    return ada, folder.enrol("Bea", BEA, near(BEA, 0.05))


def test_a_wrong_photo_is_given_to_whose_it_is_and_back(qtbot, page, folder, notices, wrong_photo) -> None:
    ada, bea = wrong_photo
    look(qtbot, page, FindingKind.UNLIKE_OTHERS)
    (card,) = page.cards
    assert [face.is_meant for face in card.shown.faces] == [True, False, False, False, False]
    assert "this may be Bea" in card.accessibleName()
    click(qtbot, page, Mend.GIVE_TO_OTHER)
    assert (folder.photos(ada), folder.photos(bea)) == (3, 3)
    qtbot.waitUntil(lambda: page.cards == [])
    undo(qtbot, page, notices)
    assert (folder.photos(ada), folder.photos(bea)) == (4, 2)


def test_a_wrong_photo_is_deleted_and_restored(qtbot, page, folder, wrong_photo) -> None:
    ada, _ = wrong_photo
    look(qtbot, page, FindingKind.UNLIKE_OTHERS)
    click(qtbot, page, Mend.DELETE_PHOTO)
    assert folder.photos(ada) == 3
    page.kinds.setCurrentRow(len(FindingKind) + 1)
    qtbot.waitUntil(lambda: len(page.deleted.rows) == 1)
    changes = told(page)
    page.deleted.rows[0].findChildren(QPushButton)[0].click()
    qtbot.waitUntil(lambda: bool(changes))
    assert folder.photos(ada) == 4


def test_a_wrong_photo_becomes_somebody_new(qtbot, page, folder, wrong_photo) -> None:
    look(qtbot, page, FindingKind.UNLIKE_OTHERS)

    def name() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, PersonChooser)
        ok = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
        assert not ok.isEnabled()
        dialog.people.setCurrentRow(dialog.people.count() - 1)
        assert not ok.isEnabled()
        dialog.new_name.setText("Cleo")
        ok.click()
        if dialog.isVisible():
            dialog.reject()

    QTimer.singleShot(300, page, name)
    click(qtbot, page, Mend.GIVE)
    (cleo,) = folder.space.people.by_name("Cleo")
    assert folder.photos(cleo.person_id) == 1


def test_look_alikes_are_one_or_two_people(qtbot, page, folder, notices) -> None:
    ada = folder.enrol("Ada", ADA, near(ADA, 0.05))
    bea = folder.enrol("Bea", near(ADA, 0.06, 3), near(near(ADA, 0.06, 3), 0.03, 4))
    look(qtbot, page, FindingKind.LOOK_ALIKES)
    mend = Mend.MERGE if page.cards[0].shown.person.person_id == ada else Mend.MERGE_OTHER
    click(qtbot, page, mend)
    assert (folder.space.people.get(bea).name, folder.photos(ada)) == ("Ada", 4)
    undo(qtbot, page, notices)
    assert folder.photos(ada) == folder.photos(bea) == 2
    look(qtbot, page, FindingKind.LOOK_ALIKES)
    click(qtbot, page, Mend.KEEP)
    qtbot.waitUntil(lambda: page.cards == [])
    look(qtbot, page, FindingKind.LOOK_ALIKES, 0)


def test_namesakes_who_look_alike_are_told_apart_and_neither_answer_is_put_forward(qtbot, page, folder):
    """The card said "Ada & Co" twice, and its foremost button settled the question unseen."""
    ids = [folder.enrol("Ada & Co", near(ADA, far, seed)) for far, seed in ((0, 0), (0.06, 3))]
    look(qtbot, page, FindingKind.LOOK_ALIKES)
    buttons = page.cards[0].buttons
    words = {buttons[mend].text() for mend in (Mend.MERGE, Mend.MERGE_OTHER)}
    assert words == {f"One person: Ada && Co ({each[:8]})" for each in ids}
    assert not any(button.property("role") for button in buttons.values())


def test_of_two_copies_the_less_sharp_one_goes(qtbot, page, folder) -> None:
    ada = folder.enrol("Ada", ADA, near(ADA, 0.001), near(ADA, 0.05, 1))
    look(qtbot, page, FindingKind.NEAR_IDENTICAL)
    click(qtbot, page, Mend.DELETE_PHOTO)
    assert [photo.quality for photo in folder.space.reception.mending.photos.of(ada)] == [22.0, 23.0]


def test_new_photos_are_asked_for(qtbot, page, folder) -> None:
    ada = folder.enrol("Ada", ADA)
    look(qtbot, page, FindingKind.FEW_PHOTOS)
    with qtbot.waitSignal(page.photos_wanted) as asked:
        page.cards[0].buttons[Mend.ADD_PHOTOS].click()
    assert asked.args[0].person_id == ada


def test_the_picture_of_the_door_is_shown_before_it_is_added(
    qtbot, page, folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who drifts away from the photos gets the picture that an operator has seen beside them."""
    now = clock.utc_now()
    monkeypatch.setattr(clock, "utc_now", lambda: now - timedelta(days=300))
    ada = folder.enrol("Ada", ADA, near(ADA, 0.05))
    for start, distance in ((290, 0.04), (40, 0.08)):
        for day in range(12):
            at = now - timedelta(days=start - day)
            entry = make_entry(ada, at=at, distance=distance + 0.001 * (day % 5))
            folder.space.journal.append(entry, face_jpeg(40, 240), landmarks=LANDMARKS)
    monkeypatch.setattr(clock, "utc_now", lambda: now)
    added = []

    class Enrolment:
        """Takes what it is given."""

        def review_image(self, image: np.ndarray, source: str) -> PhotoReview:
            return PhotoReview(source, None, crop=image)

        def add_photos(self, actor: object, person_id: str, reviews: list) -> int:
            added.append((person_id, reviews[0].source, reviews[0].crop.shape))
            return 1

    monkeypatch.setattr(Enrolling, "enrolment", Enrolment())
    look(qtbot, page, FindingKind.DRIFT)
    assert [face.caption for face in page.cards[0].shown.faces] == ["At the door", "Ada", "Ada"]
    click(qtbot, page, Mend.ADD_DOOR_PHOTO)
    newest = folder.space.journal.events.newest(EventFilter(), limit=1)[0].seq
    assert added == [(ada, f"entry {newest}", (240, 240, 3))]


@pytest.mark.parametrize("confirms", [True, False])
def test_erasing_asks_and_is_final(qtbot, page, folder, confirms: bool) -> None:
    ada = folder.enrol("Ada", ADA, near(ADA, 0.05))
    folder.space.reception.mending.hide(folder.space.access.actor, ada)
    page.kinds.setCurrentRow(len(FindingKind) + 1)
    page.load()
    qtbot.waitUntil(lambda: len(page.deleted.rows) == 1)
    role = QMessageBox.ButtonRole.DestructiveRole if confirms else QMessageBox.ButtonRole.RejectRole

    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert "Removed:" in box.informativeText()
        next(button for button in box.buttons() if box.buttonRole(button) == role).click()

    QTimer.singleShot(50, page, answer)
    page.deleted.rows[0].findChildren(QPushButton)[1].click()
    if confirms:
        qtbot.waitUntil(lambda: page.deleted.rows == [])
        assert folder.space.journal.rows.newest()[0].kind is JournalKind.PERSON_DELETED
    assert len(folder.space.people.list(hidden=True)) == (not confirms)


def test_with_nobody_nothing_is_found(qtbot, page) -> None:
    look(qtbot, page, FindingKind.UNLIKE_OTHERS, 0)
    qtbot.waitUntil(lambda: page.more.text() == "Nothing was found.")
    assert "–" in page.kinds.item(0).text()


@pytest.mark.parametrize("kind", FindingKind)
def test_every_kind_has_words_and_an_icon(kind: FindingKind) -> None:
    from faceaccess.gui.wording import findings as health_text
    from tests.gui.test_look import ICONS

    wording = health_text.kind(kind)
    assert wording.label
    assert wording.advice.endswith(".")
    assert wording.icon in ICONS
