"""Enrolling on fakes: what is refused and why, what the same photos again do, what is written together."""

from datetime import date

import numpy as np
import pytest
from PIL import Image

from faceaccess.codes import JournalKind, Outcome, PhotoProblem
from faceaccess.errors import EnrolmentError
from faceaccess.people.consent import ConsentOffice
from faceaccess.people.enrolment.enrolment import Enrolment
from faceaccess.people.enrolment.photo_set import MOST_TEMPLATES
from faceaccess.recognition.decision import decide
from faceaccess.recognition.gallery import Gallery
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.recognition.types import MatchPolicy
from faceaccess.store.access.types import Actor
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.consents import Consents
from faceaccess.store.people.people import People
from faceaccess.store.people.templates import Templates
from faceaccess.store.policy.policies import Policies
from tests.builders import GOOD, make_detection
from tests.fakes import ON_CPU, FakeDetector, FakeEmbedder

ACTOR = Actor("desk")


class Desk:
    """An enrolment on a real store with a fake model, and a gallery that follows it."""

    def __init__(self, folder, *, usual_limit=0.0, today=date.today):
        self.database = Database.open(folder)
        self.people, self.templates = People(self.database), Templates(self.database)
        self.journal = Journal(self.database)
        self.policies = Policies(self.database, self.journal)
        self.records = Consents(self.database)
        self.consents = ConsentOffice(
            self.database,
            consents=self.records,
            people=self.people,
            policies=self.policies,
            journal=self.journal,
            today=today,
        )
        self.detector = FakeDetector()
        self.gallery = Gallery("fake:1", 8)
        self.enrolment = Enrolment(
            Recogniser(self.detector, FakeEmbedder(), self.gallery, ON_CPU),
            database=self.database,
            people=self.people,
            templates=self.templates,
            journal=self.journal,
            consents=self.consents,
            on_change=self.refill,
            usual_limit=usual_limit,
        )

    def refill(self, _person_id=None):
        found = self.templates.load("fake:1")
        self.gallery.replace(
            "fake:1",
            template_ids=found.template_ids,
            person_ids=found.person_ids,
            is_active=found.is_active,
            embeddings=found.embeddings.reshape(-1, 8),
        )

    def names(self):
        return sorted(person.name for person in self.people.list())


@pytest.fixture
def desk(tmp_path):
    opened = Desk(tmp_path / "data")
    yield opened
    opened.database.close()


def photo(folder, name, value=90):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    Image.fromarray(np.full((120, 160, 3), value, np.uint8)).save(path)
    return path


def enrol(desk, path, name="Ada"):
    review = desk.enrolment.review_file(path)
    return desk.enrolment.enrol(ACTOR, name=name, staff_number=None, department="", reviews=[review])


def test_a_new_person_is_recognised_at_the_next_search(desk, tmp_path):
    person = enrol(desk, photo(tmp_path, "a.png"))
    probe = FakeEmbedder().embed_probes(desk.enrolment.review_file(tmp_path / "a.png").crop[None])
    decision = decide(desk.gallery.search(probe)[0], GOOD, MatchPolicy("fake:1", 0.1, 0.0))
    assert (decision.outcome, decision.person_id) == (Outcome.ACCEPTED, person.person_id)
    assert person.template_count == 1


@pytest.mark.parametrize(
    ("faces", "problem"),
    [
        ([], PhotoProblem.NO_FACE),
        ([make_detection(20, 30), make_detection(85, 30)], PhotoProblem.SEVERAL_FACES),
        ([make_detection(50, 40), make_detection(0, 0, 25)], None),
        ([make_detection(70, 50, 20)], PhotoProblem.FACE_TOO_SMALL),
        ([make_detection(50, 40, score=0.7)], PhotoProblem.UNSURE_FACE),
        ([make_detection(130, 30)], PhotoProblem.CUT_OFF),
    ],
)
def test_what_is_wrong_with_a_photo(desk, tmp_path, faces, problem):
    desk.detector._plan = [faces]
    assert desk.enrolment.review_file(photo(tmp_path, "a.png")).problem is problem


@pytest.mark.parametrize(("value", "problem"), [(5, PhotoProblem.TOO_DARK), (250, PhotoProblem.TOO_BRIGHT)])
def test_light(desk, tmp_path, value, problem):
    assert desk.enrolment.review_file(photo(tmp_path, "a.png", value)).problem is problem


def test_a_file_that_is_no_picture_is_a_review_not_a_crash(desk, tmp_path):
    path = tmp_path / "a.jpg"
    path.write_text("no picture")
    review = desk.enrolment.review_file(path)
    assert review.problem is PhotoProblem.UNKNOWN_FORMAT
    assert "a.jpg" in str(review.detail)


def test_nothing_is_written_without_a_good_photo(desk, tmp_path):
    desk.detector._plan = [[]]
    with pytest.raises(EnrolmentError, match="no photo"):
        enrol(desk, photo(tmp_path, "a.png"))
    assert desk.people.list() == []


def test_a_taken_staff_number_writes_nothing(desk, tmp_path):
    review = desk.enrolment.review_file(photo(tmp_path, "a.png"))
    desk.enrolment.enrol(ACTOR, name="Ada", staff_number="7", department="", reviews=[review])
    with pytest.raises(EnrolmentError, match="7"):
        desk.enrolment.enrol(ACTOR, name="Bob", staff_number="7", department="", reviews=[review])
    assert desk.names() == ["Ada"]
    assert len(desk.gallery) == 1
    assert [row.kind for row in desk.journal.rows.newest()] == [JournalKind.PERSON_ENROLLED]


def test_the_same_photo_twice_is_one_template(desk, tmp_path):
    path = photo(tmp_path, "a.png")
    reviews = [desk.enrolment.review_file(path)] * 2
    person = desk.enrolment.enrol(ACTOR, name="Ada", staff_number=None, department="", reviews=reviews)
    assert person.template_count == 1
    assert desk.enrolment.add_photos(ACTOR, person.person_id, reviews) == 0


def test_photos_beyond_the_most_are_hidden_the_new_ones_and_what_differs_stay(desk, tmp_path):
    person = enrol(desk, photo(tmp_path, "first.png", 50))
    for number in range(MOST_TEMPLATES + 2):
        review = desk.enrolment.review_file(photo(tmp_path, f"{number}.png", 60 + 9 * number))
        assert desk.enrolment.add_photos(ACTOR, person.person_id, [review]) == 1
    left = desk.templates.by_photo(person.person_id, "fake:1")
    assert len(left) == MOST_TEMPLATES
    assert left[0][0] == MOST_TEMPLATES + 3, "the newest is always kept"
    assert len(desk.gallery) == MOST_TEMPLATES
    hidden = [row for row in desk.journal.rows.newest() if row.kind is JournalKind.PHOTOS_HIDDEN]
    assert sum(len(row.details["photos"]) for row in hidden) == 3


def test_a_photo_that_was_hidden_as_too_much_and_is_given_again_stays(desk, tmp_path):
    """It counted as old, and was hidden again while one more photo was said to be there."""
    person = enrol(desk, photo(tmp_path, "first.png", 50))
    files = [photo(tmp_path, f"{number}.png", 60 + 9 * number) for number in range(MOST_TEMPLATES)]
    for file in files:
        desk.enrolment.add_photos(ACTOR, person.person_id, [desk.enrolment.review_file(file)])
    (hidden,) = [row for row in desk.journal.rows.newest() if row.kind is JournalKind.PHOTOS_HIDDEN]
    (number,) = hidden.details["photos"]
    again = desk.enrolment.review_file([tmp_path / "first.png", *files][number - 1])
    assert desk.enrolment.add_photos(ACTOR, person.person_id, [again]) == 1
    assert desk.templates.by_photo(person.person_id, "fake:1")[0][0] == number


def test_it_is_known_that_smaller_faces_were_passed_over(desk, tmp_path):
    """Of several faces one was judged, and nobody said so."""
    desk.detector._plan = [[make_detection(50, 40), make_detection(0, 0, 25)], [make_detection(50, 40)]]
    file = photo(tmp_path, "a.png", 50)
    assert [desk.enrolment.review_file(file).bystanders for _ in range(2)] == [1, 0]
