"""People carried from one installation to another: whole, checked, and never twice."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from faceaccess.codes import EnrolmentOutcome, IfDouble, IfNamed, ImportProblem, JournalKind, PhotoProblem
from faceaccess.errors import Cancelled, PermissionDenied, StoreError
from faceaccess.people.arrivals.admission import AdmissionTerms
from faceaccess.people.arrivals.result import AdmissionResult
from faceaccess.people.arrivals.transfer import Transfer, transferred
from faceaccess.people.enrolment.photo_set import MOST_TEMPLATES
from faceaccess.settings import RetentionSettings
from faceaccess.store import clock
from faceaccess.store.access.types import SYSTEM, Actor
from faceaccess.store.people.people_file import PeopleFileWriter
from faceaccess.store.people.types import NewConsent, Person, WholePhoto
from faceaccess.upkeep.expiry import Expiry
from tests.builders import make_embedding
from tests.people.arrivals.test_admission import ImportDesk
from tests.people.test_consent import PNG, close
from tests.people.test_enrolment import ACTOR, enrol, photo

SECRET = "a passphrase"
TODAY = date(2026, 3, 31)


def transfer(desk: ImportDesk) -> Transfer:
    return Transfer(
        desk.database,
        people=desk.people,
        templates=desk.templates,
        consents=desk.records,
        journal=desk.journal,
    )


def read(
    desk: ImportDesk, path: Path, actor: Actor = ACTOR, secret: str = SECRET, **terms: object
) -> list[AdmissionResult]:
    with transferred(path, secret) as people:
        return desk.imports.run(actor, desk.imports.plan(actor, people.rows), AdmissionTerms(**terms))


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[list[ImportDesk]]:
    """Two installations."""
    pair = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        pair.append(ImportDesk(tmp_path / name, usual_limit=0.05, today=lambda: TODAY))
    yield pair
    for desk in pair:
        desk.close()


@pytest.fixture
def file(desks: list[ImportDesk], tmp_path: Path) -> Path:
    """Two people of the first installation, one with a consent to a text of its own."""
    one, _ = desks
    ada = enrol(one, photo(tmp_path, "a.png", 90), "Ada")
    enrol(one, photo(tmp_path, "b.png", 30), "Bea")
    text = one.consents.write_text(ACTOR, "en", "Our own words.")
    given = NewConsent(text.version, TODAY, review_on=date(2027, 1, 1), signature=PNG)
    one.consents.record(ACTOR, ada.person_id, given)
    path = tmp_path / "people.fapeople"
    assert transfer(one).write(ACTOR, path, SECRET) == 2
    return path


def outcomes(results: list[AdmissionResult]) -> list[tuple[str, str, int]]:
    return [(result.planned.name, result.outcome.value, result.taken) for result in results]


def test_people_arrive_with_photos_templates_and_consent(
    desks: list[ImportDesk], file: Path, tmp_path: Path
) -> None:
    one, two = desks
    assert outcomes(read(two, file)) == [("Ada", "enrolled", 1), ("Bea", "enrolled", 1)]
    (sent,), (came,) = (desk.people.by_name("Ada") for desk in desks)
    assert came.person_id != sent.person_id
    ours, theirs = (
        desk.templates.whole_photos(person.person_id)[0] for desk, person in ((one, sent), (two, came))
    )
    assert (ours.jpeg, ours.crop, ours.sha256) == (theirs.jpeg, theirs.crop, theirs.sha256)
    assert np.array_equal(ours.embeddings["fake:1"], theirs.embeddings["fake:1"])
    consent = two.records.newest(came.person_id)
    assert two.records.texts.get(consent.version).text == "Our own words."
    assert two.records.signature(consent.consent_id) == PNG
    assert consent.review_on == date(2027, 1, 1)
    assert [text.version for text in two.consents.current_texts()] == [1, 2]
    probe = two.enrolment.review_file(tmp_path / "a.png")
    assert two.gallery.search(probe.embedding[None])[0][0].person_id == came.person_id
    assert one.journal.rows.newest()[0].kind is JournalKind.EXPORTED
    enrolled = [row for row in two.journal.rows.newest() if row.kind is JournalKind.PERSON_ENROLLED]
    assert all(row.details["is_transferred"] for row in enrolled)


def test_the_same_file_again_changes_nothing(desks: list[ImportDesk], file: Path) -> None:
    two = desks[1]
    read(two, file)
    rows_before = len(two.journal.rows.newest())
    assert {result.outcome for result in read(two, file)} == {EnrolmentOutcome.UNCHANGED}
    assert len(two.journal.rows.newest()) == rows_before


def test_the_file_says_nothing_to_who_has_no_passphrase(file: Path) -> None:
    data = file.read_bytes()
    assert b"Ada" not in data
    assert b"SQLite" not in data
    with pytest.raises(StoreError, match="this passphrase"), transferred(file, "another passphrase"):
        pass


def test_a_name_that_is_enrolled_is_refused_added_to_or_new(
    desks: list[ImportDesk], file: Path, tmp_path: Path
) -> None:
    two = desks[1]
    enrol(two, photo(tmp_path, "c.png", 200), "Ada")
    refused, _ = read(two, file)
    assert (refused.outcome, refused.problem) == (EnrolmentOutcome.REFUSED, ImportProblem.NAME_ENROLLED)
    added, _ = read(two, file, if_named=IfNamed.ADD)
    assert outcomes([added]) == [("Ada", "added", 1)]
    assert two.names() == ["Ada", "Bea"]


def test_a_face_under_another_name_is_refused_unless_kept(
    desks: list[ImportDesk], file: Path, tmp_path: Path
) -> None:
    two = desks[1]
    enrol(two, photo(tmp_path, "a.png", 90), "Somebody Else")
    refused, other = read(two, file)
    assert (refused.problem, str(refused.detail)[:13]) == (ImportProblem.DOUBLE, "Somebody Else")
    assert other.outcome is EnrolmentOutcome.ENROLLED
    kept, _ = read(two, file, if_double=IfDouble.KEEP)
    assert kept.outcome is EnrolmentOutcome.ENROLLED


def test_a_closed_folder_takes_only_who_has_a_consent(desks: list[ImportDesk], file: Path) -> None:
    two = desks[1]
    olga = close(two)
    with pytest.raises(PermissionDenied):
        read(two, file)
    ada, bea = read(two, file, olga)
    assert ada.outcome is EnrolmentOutcome.ENROLLED
    assert (bea.problem, "no consent of Bea" in str(bea.detail)) == (ImportProblem.NO_CONSENT, True)
    assert two.names() == ["Ada"]


def test_an_old_file_doesnt_take_back_a_withdrawal(desks: list[ImportDesk], file: Path) -> None:
    two = desks[1]
    olga = close(two)
    read(two, file, olga)
    (ada,) = two.people.by_name("Ada")
    two.records.withdraw(ada.person_id)
    two.people.erasing.face(ada.person_id)
    result, _ = read(two, file, olga, if_named=IfNamed.ADD)
    assert (result.problem, "no consent of Ada" in str(result.detail)) == (ImportProblem.NO_CONSENT, True)
    assert two.consents.newest(ada.person_id) is None
    assert two.templates.photo_hashes(ada.person_id) == set()


def person(name: str, number: str | None = None, *, is_active: bool = True, email: str = "") -> Person:
    return Person("0" * 32, name, number, "", is_active, clock.utc_now(), email=email)


def sent(path: Path, *people: tuple[Person, tuple[WholePhoto, ...]]) -> Path:
    with PeopleFileWriter(path, SECRET, ()) as writer:
        for each, photos in people:
            writer.add(each, photos, None)
        writer.finish()
    return path


def jpeg(side: int = 8) -> bytes:
    return cv2.imencode(".jpg", np.zeros((side, side, 3), np.uint8))[1].tobytes()


FACE = np.array([[2, 2], [6, 2], [4, 4], [3, 6], [5, 6]], np.float32)


def hostile(**changes: object) -> WholePhoto:
    values = {
        "sha256": "a" * 64,
        "quality": 9.0,
        "landmarks": FACE,
        "crop": jpeg(),
        "jpeg": jpeg(),
        "embeddings": {"fake:1": make_embedding(1)},
    }
    return WholePhoto(**values | changes)


def test_templates_of_another_model_are_made_here(desks: list[ImportDesk], tmp_path: Path) -> None:
    one, two = desks
    enrol(one, photo(tmp_path, "a.png", 90), "Ada")
    (kept,) = one.templates.whole_photos(one.people.by_name("Ada")[0].person_id)
    other = WholePhoto(
        kept.sha256, kept.quality, kept.landmarks, kept.crop, kept.jpeg, {"other:1": make_embedding(3)}
    )
    path = sent(tmp_path / "other.fapeople", (person("Ada", email="a@b.example"), (other,)))
    assert outcomes(read(two, path)) == [("Ada", "enrolled", 1)]
    assert two.people.by_name("Ada")[0].email == "a@b.example"
    assert two.templates.by_model.counts() == {"fake:1": 1}


def test_stopped_before_the_end_there_is_no_file_and_no_half_person(
    desks: list[ImportDesk], file: Path, tmp_path: Path
) -> None:
    one, two = desks
    path = tmp_path / "stopped.fapeople"
    with pytest.raises(Cancelled):
        transfer(one).write(ACTOR, path, SECRET, is_cancelled=lambda: True)
    assert list(tmp_path.glob("stopped*")) == []
    with transferred(file, SECRET) as people:
        plan = two.imports.plan(ACTOR, people.rows)
        results = two.imports.run(ACTOR, plan, AdmissionTerms(), is_cancelled=lambda: True)
    assert {result.outcome for result in results} == {EnrolmentOutcome.NOT_REACHED}
    assert two.names() == []


@pytest.mark.parametrize("place", [5_000, -3, -20_000])
def test_a_damaged_file_enrols_nobody_at_all(desks: list[ImportDesk], file: Path, place: int) -> None:
    data = bytearray(file.read_bytes())
    data[place] ^= 1
    file.write_bytes(data)
    with pytest.raises(StoreError, match="damaged"):
        read(desks[1], file)
    assert desks[1].names() == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data[:-4096], "damaged"),
        (lambda data: data[:-10], "part of it is missing"),
        (lambda data: data[:-4096] + bytes(4096), "damaged"),
        (lambda _: b"no file of people", "not a file of people"),
        (lambda data: b"FAPEOPLE\1" + data, "older FaceAccess"),
    ],
)
def test_what_is_no_whole_file_of_this_kind_is_refused(
    desks: list[ImportDesk], file: Path, change: object, said: str
) -> None:
    file.write_bytes(change(file.read_bytes()))
    with pytest.raises(StoreError, match=said):
        read(desks[1], file)
    assert desks[1].names() == []


@pytest.mark.parametrize(
    "bad",
    [
        hostile(jpeg=b"PK\3\4 not a picture"),
        hostile(jpeg=jpeg(2000)),
        hostile(crop=jpeg(400)),
        hostile(crop=b"\xff\xd8\xff\xc0\0\x0b\x08\xff\xff\xff\xff"),
        hostile(embeddings={"fake:1": make_embedding(1) * 3}),
        hostile(embeddings={"fake:1": make_embedding(1) * np.nan}),
        hostile(landmarks=np.full((5, 2), np.inf, np.float32)),
        hostile(landmarks=FACE * 1e30),
        hostile(landmarks=FACE * 1e3),
        hostile(landmarks=np.full((5, 2), 7, np.float32)),
    ],
    ids=range(10),
)
def test_a_photo_that_cant_be_right_is_refused_whoever_wrote_it(
    desks: list[ImportDesk], tmp_path: Path, bad: WholePhoto
) -> None:
    path = sent(tmp_path / "hostile.fapeople", (person("Mallory"), (bad,)))
    with pytest.raises(StoreError, match="can't be right"):
        read(desks[1], path)
    assert desks[1].names() == []


def test_a_bad_name_refuses_that_person_only(desks: list[ImportDesk], tmp_path: Path) -> None:
    people = [
        (
            person(name),
            (hostile(sha256=f"{seed}" * 64, embeddings={"fake:1": make_embedding(seed)}),),
        )
        for name, seed in (("", 1), ("../../Ada", 2))
    ]
    bad, good = read(desks[1], sent(tmp_path / "odd.fapeople", *people))
    assert (bad.problem, good.outcome) == (ImportProblem.NO_NAME, EnrolmentOutcome.ENROLLED)


def test_people_without_photos_come_too(desks: list[ImportDesk], tmp_path: Path) -> None:
    one, two = desks
    one.people.create(name="Pin User", staff_number="7")
    one.people.create(name="Card User")
    path = tmp_path / "pin.fapeople"
    transfer(one).write(ACTOR, path, SECRET)
    assert outcomes(read(two, path)) == [("Card User", "enrolled", 0), ("Pin User", "enrolled", 0)]
    assert outcomes(read(two, path)) == [("Card User", "unchanged", 0), ("Pin User", "unchanged", 0)]


def test_two_of_one_name_stay_two(desks: list[ImportDesk], tmp_path: Path) -> None:
    photos = [hostile(sha256=f"{seed}" * 64, embeddings={"fake:1": make_embedding(seed)}) for seed in (1, 2)]
    path = sent(tmp_path / "a.fapeople", *((person("Ada"), (each,)) for each in photos))
    assert outcomes(read(desks[1], path)) == [("Ada", "enrolled", 1)] * 2
    assert {result.outcome for result in read(desks[1], path)} == {EnrolmentOutcome.UNCHANGED}


def test_a_namesake_with_another_number_is_another_person(desks: list[ImportDesk], tmp_path: Path) -> None:
    two = desks[1]
    known = two.people.create(name="Ada", staff_number="99")
    path = sent(tmp_path / "a.fapeople", (person("Ada", "17"), (hostile(),)))
    (result,) = read(two, path, if_named=IfNamed.ADD)
    assert result.outcome is EnrolmentOutcome.ENROLLED
    assert two.templates.photo_hashes(known.person_id) == set()


def test_a_number_is_the_same_in_any_case_and_width(desks: list[ImportDesk], tmp_path: Path) -> None:
    """Fault: files of people knew another sameness than the database."""
    two = desks[1]
    known = two.people.create(name="Ada", staff_number="\u00c9 1")
    path = sent(tmp_path / "a.fapeople", (person("ada", "\u00e9  \uff11"), (hostile(),)))
    (result,) = read(two, path)
    assert result.outcome is EnrolmentOutcome.ADDED
    assert len(two.templates.photo_hashes(known.person_id)) == 1


def test_photos_for_one_of_several_namesakes_are_refused(desks: list[ImportDesk], tmp_path: Path) -> None:
    two = desks[1]
    for _ in range(2):
        two.people.create(name="Ada")
    path = sent(tmp_path / "a.fapeople", (person("Ada"), (hostile(),)))
    (result,) = read(two, path, if_named=IfNamed.ADD)
    assert result.problem is ImportProblem.SEVERAL_OF_NAME


def test_a_file_gives_nobody_more_photos_than_help_and_nobody_a_strangers_face(
    desks: list[ImportDesk], file: Path, tmp_path: Path
) -> None:
    two = desks[1]
    many = tuple(
        hostile(sha256=f"{number:064x}", embeddings={"fake:1": make_embedding(number)})
        for number in range(1, 15)
    )
    cleo = two.people.create(name="Cleo", staff_number="1")
    (result,) = read(two, sent(tmp_path / "a.fapeople", (person("Cleo", "1"), many)))
    assert len(two.templates.by_photo(cleo.person_id, "fake:1")) == MOST_TEMPLATES
    assert {each.problem for each in result.photos} == {None, PhotoProblem.MORE_THAN_NEEDED}
    read(two, file)
    (ada,) = two.people.by_name("Ada")
    face = two.templates.whole_photos(ada.person_id)[0]
    other = two.people.create(name="Dan", staff_number="2")
    stolen = hostile(sha256="d" * 64, embeddings=face.embeddings)
    (result,) = read(two, sent(tmp_path / "b.fapeople", (person("Dan", "2"), (stolen,))))
    assert (result.problem, str(result.detail)[:3]) == (ImportProblem.DOUBLE, "Ada")
    assert two.templates.photo_hashes(other.person_id) == set()


def test_who_has_left_is_known_to_have_left_when(desks: list[ImportDesk], tmp_path: Path) -> None:
    two = desks[1]
    read(two, sent(tmp_path / "a.fapeople", (person("Ada", is_active=False), (hostile(),))))
    later = clock.utc_now() + timedelta(days=400)
    expiry = Expiry(two.database, two.journal, two.people)
    assert expiry.run(SYSTEM, RetentionSettings(leavers_days=30), later).leavers == 1
