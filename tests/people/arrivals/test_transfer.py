"""People carried from one installation to another: whole, checked, and never twice."""

from datetime import date, timedelta

import cv2
import numpy as np
import pytest

from faceaccess.codes import EnrolmentOutcome, IfNamed, JournalKind
from faceaccess.errors import Cancelled, PermissionDenied, StoreError
from faceaccess.people.arrivals.transfer import Transfer
from faceaccess.people.arrivals.transfer_file import (
    MAGIC,
    TransferHead,
    TransferredPerson,
    TransferredText,
    pack_head,
    pack_person,
    unpack_person,
)
from faceaccess.people.photo_set import MOST_TEMPLATES
from faceaccess.settings import RetentionSettings
from faceaccess.store import clock, sealed_stream
from faceaccess.store.expiry import Expiry
from faceaccess.store.sealed_stream import SealedWriter, read_records
from faceaccess.store.types import SYSTEM, NewConsent, WholePhoto
from tests.builders import make_embedding
from tests.people.test_consent import PNG, close
from tests.people.test_enrolment import ACTOR, Desk, enrol, photo

SECRET = "a passphrase"
TODAY = date(2026, 3, 31)


@pytest.fixture(autouse=True)
def quick_keys(monkeypatch):
    """Deriving a key is slow on purpose."""

    def quick(words, salt):
        return (words.encode() + salt).ljust(32)[:32]

    monkeypatch.setattr(sealed_stream, "derive_key", quick)


def transfer(desk):
    return Transfer(
        desk.enrolment.recogniser,
        database=desk.database,
        people=desk.people,
        templates=desk.templates,
        consents=desk.records,
        office=desk.consents,
        journal=desk.journal,
        doubles=desk.enrolment.doubles,
        on_change=desk.refill,
    )


@pytest.fixture
def desks(tmp_path):
    """Two installations."""
    pair = [Desk(tmp_path / name, usual_limit=0.05, today=lambda: TODAY) for name in ("one", "two")]
    yield pair
    for desk in pair:
        desk.database.close()


@pytest.fixture
def file(desks, tmp_path):
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


def outcomes(rows):
    return [(row.name, row.outcome.value, row.photos) for row in rows]


def test_people_arrive_with_photos_templates_and_consent(desks, file, tmp_path):
    one, two = desks
    rows = transfer(two).read(ACTOR, file, SECRET)
    assert outcomes(rows) == [("Ada", "enrolled", 1), ("Bea", "enrolled", 1)]
    (sent,), (came,) = (desk.people.by_name("Ada") for desk in desks)
    assert came.person_id != sent.person_id
    ours, theirs = (
        desk.templates.whole_photos(person.person_id)[0] for desk, person in ((one, sent), (two, came))
    )
    assert (ours.jpeg, ours.crop, ours.sha256) == (theirs.jpeg, theirs.crop, theirs.sha256)
    assert np.array_equal(ours.embeddings["fake:1"], theirs.embeddings["fake:1"])
    consent = two.records.newest(came.person_id)
    assert two.records.text(consent.version).text == "Our own words."
    assert two.records.signature(consent.consent_id) == PNG
    assert consent.review_on == date(2027, 1, 1)
    assert [text.version for text in two.consents.current_texts()] == [1, 2]
    probe = two.enrolment.review_file(tmp_path / "a.png")
    assert two.gallery.search(probe.embedding[None])[0][0].person_id == came.person_id
    assert one.journal.rows()[0].kind is JournalKind.EXPORTED


def test_the_same_file_again_changes_nothing(desks, file):
    two = desks[1]
    transfer(two).read(ACTOR, file, SECRET)
    rows_before = len(two.journal.rows())
    again = transfer(two).read(ACTOR, file, SECRET)
    assert [row.outcome for row in again] == [EnrolmentOutcome.UNCHANGED] * 2
    assert len(two.journal.rows()) == rows_before


def test_a_name_that_is_enrolled_is_refused_added_to_or_new(desks, file, tmp_path):
    two = desks[1]
    enrol(two, photo(tmp_path, "c.png", 200), "Ada")
    refused, _ = transfer(two).read(ACTOR, file, SECRET)
    assert (refused.outcome, refused.message) == (EnrolmentOutcome.REFUSED, "Ada is enrolled already.")
    added, _ = transfer(two).read(ACTOR, file, SECRET, if_named=IfNamed.ADD)
    assert outcomes([added]) == [("Ada", "added", 1)]
    assert two.names() == ["Ada", "Bea"]


def test_a_face_under_another_name_is_refused_unless_kept(desks, file, tmp_path):
    two = desks[1]
    enrol(two, photo(tmp_path, "a.png", 90), "Somebody Else")
    refused, other = transfer(two).read(ACTOR, file, SECRET)
    assert "may be Somebody Else" in refused.message
    assert other.outcome is EnrolmentOutcome.ENROLLED
    kept, _ = transfer(two).read(ACTOR, file, SECRET, keep_doubles=True)
    assert kept.outcome is EnrolmentOutcome.ENROLLED


def test_a_closed_folder_takes_only_who_has_a_consent(desks, file):
    two = desks[1]
    olga = close(two)
    with pytest.raises(PermissionDenied):
        transfer(two).read(ACTOR, file, SECRET)
    ada, bea = transfer(two).read(olga, file, SECRET)
    assert ada.outcome is EnrolmentOutcome.ENROLLED
    assert (bea.outcome, "no consent of Bea" in bea.message) == (EnrolmentOutcome.REFUSED, True)
    assert two.names() == ["Ada"]


def test_an_old_file_doesnt_take_back_a_withdrawal(desks, file):
    two = desks[1]
    olga = close(two)
    transfer(two).read(olga, file, SECRET)
    (ada,) = two.people.by_name("Ada")
    two.records.withdraw(ada.person_id)
    two.people.erase_face(ada.person_id)
    row, _ = transfer(two).read(olga, file, SECRET, if_named=IfNamed.ADD)
    assert (row.outcome, "no consent of Ada" in row.message) == (EnrolmentOutcome.REFUSED, True)
    assert two.consents.newest(ada.person_id) is None
    assert two.templates.photo_hashes(ada.person_id) == set()


def test_templates_of_another_model_are_made_here(desks, file, tmp_path):
    two = desks[1]
    records = list(read_records(file, MAGIC, SECRET))
    people = [unpack_person(record, 3) for record in records[1:]]
    other = tmp_path / "other.fapeople"
    with SealedWriter(other, MAGIC, SECRET) as writer:
        writer.write(records[0])
        for person in people:
            photos = tuple(
                WholePhoto(p.sha256, p.quality, p.landmarks, p.crop, p.jpeg, {"other:1": make_embedding(3)})
                for p in person.photos
            )
            sent = TransferredPerson(person.name, None, "", "a@b.example", True, photos, person.consent)
            writer.write(pack_person(sent))
        writer.finish()
    assert [row.photos for row in transfer(two).read(ACTOR, other, SECRET)] == [1, 1]
    assert {person.email for person in two.people.list()} == {"a@b.example"}
    assert two.templates.counts() == {"fake:1": 2}


def test_stopped_before_the_end_there_is_no_file_and_no_half_person(desks, file, tmp_path):
    one, two = desks
    path = tmp_path / "stopped.fapeople"
    with pytest.raises(Cancelled):
        transfer(one).write(ACTOR, path, SECRET, is_cancelled=lambda: True)
    assert not path.exists()
    with pytest.raises(Cancelled, match="0 of 2"):
        transfer(two).read(ACTOR, file, SECRET, is_cancelled=lambda: True)
    assert two.names() == []


def test_a_damaged_file_enrols_nobody_at_all(desks, file):
    """The first person is sound; the end is not: nobody is enrolled."""
    two = desks[1]
    data = bytearray(file.read_bytes())
    data[-3] ^= 1
    file.write_bytes(data)
    with pytest.raises(StoreError, match="damaged"):
        transfer(two).read(ACTOR, file, SECRET)
    assert two.names() == []


def jpeg(side=8):
    return cv2.imencode(".jpg", np.zeros((side, side, 3), np.uint8))[1].tobytes()


FACE = np.array([[2, 2], [6, 2], [4, 4], [3, 6], [5, 6]], np.float32)


def hostile(**changes):
    values = {
        "sha256": "a" * 64,
        "quality": 9.0,
        "landmarks": FACE,
        "crop": jpeg(),
        "jpeg": jpeg(),
        "embeddings": {"fake:1": make_embedding(1)},
    }
    return WholePhoto(**values | changes)


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
        hostile(sha256="../../etc/passwd"),
        hostile(quality=float("nan")),
    ],
    ids=lambda photo: "photo",
)
def test_a_record_that_cant_be_right_is_refused_whoever_wrote_it(desks, tmp_path, bad):
    path = tmp_path / "hostile.fapeople"
    with SealedWriter(path, MAGIC, SECRET) as writer:
        writer.write(pack_head(TransferHead(clock.utc_now(), 1, ())))
        writer.write(pack_person(TransferredPerson("Mallory", None, "", "", True, (bad,))))
        writer.finish()
    with pytest.raises(StoreError, match="can't be right"):
        transfer(desks[1]).read(ACTOR, path, SECRET)
    assert desks[1].names() == []


@pytest.mark.parametrize(
    "record",
    [b"", b"\0\0\0\2[]", b"\0\0\0\2{}", b"\xff\xff\xff\xff", b"\0\0\0\5{bad}", b"\0\0\x40\0" + b"[" * 0x4000],
    ids=range(6),
)
def test_a_head_that_is_none_is_refused(desks, tmp_path, record):
    path = tmp_path / "hostile.fapeople"
    with SealedWriter(path, MAGIC, SECRET) as writer:
        writer.write(record)
        writer.finish()
    with pytest.raises(StoreError):
        transfer(desks[1]).preview(path, SECRET)


@pytest.mark.parametrize("claimed", [0, 2, 10**6])
def test_more_or_fewer_people_than_it_says_are_refused(desks, tmp_path, claimed):
    path = tmp_path / "hostile.fapeople"
    with SealedWriter(path, MAGIC, SECRET) as writer:
        writer.write(pack_head(TransferHead(clock.utc_now(), claimed, (TransferredText("en", "words"),))))
        writer.write(pack_person(TransferredPerson("Ada", None, "", "", True, (hostile(),))))
        writer.finish()
    with pytest.raises(StoreError, match="1 people where it says"):
        transfer(desks[1]).read(ACTOR, path, SECRET)


def test_a_bad_name_refuses_that_person_only(desks, tmp_path):
    path = tmp_path / "odd.fapeople"
    with SealedWriter(path, MAGIC, SECRET) as writer:
        writer.write(pack_head(TransferHead(clock.utc_now(), 2, ())))
        for name, seed in (("", 1), ("../../Ada", 2)):
            sound = hostile(sha256=f"{seed}" * 64, embeddings={"fake:1": make_embedding(seed)})
            writer.write(pack_person(TransferredPerson(name, None, "", "", True, (sound,))))
        writer.finish()
    bad, good = transfer(desks[1]).read(ACTOR, path, SECRET)
    assert (bad.outcome, good.outcome) == (EnrolmentOutcome.REFUSED, EnrolmentOutcome.ENROLLED)


def test_people_without_photos_come_too(desks, tmp_path):
    one, two = desks
    one.people.create(name="Pin User", staff_number="7")
    path = tmp_path / "pin.fapeople"
    transfer(one).write(ACTOR, path, SECRET)
    assert outcomes(transfer(two).read(ACTOR, path, SECRET)) == [("Pin User", "enrolled", 0)]
    again = transfer(two).read(ACTOR, path, SECRET)
    assert outcomes(again) == [("Pin User", "unchanged", 0)]


@pytest.mark.parametrize("words", [{"language": "", "text": "words"}, {"language": "en", "text": "\\ud800"}])
def test_texts_that_cant_be_kept_are_refused_before_anybody_is_enrolled(desks, tmp_path, words, monkeypatch):
    path = tmp_path / "hostile.fapeople"
    with SealedWriter(path, MAGIC, SECRET) as writer:
        head = pack_head(TransferHead(clock.utc_now(), 1, (TransferredText("LANG", "TEXT"),)))
        for mark, word in (("LANG", words["language"]), ("TEXT", words["text"])):
            head = head.replace(mark.encode(), word.encode())
        # The part's length stands before it.
        writer.write((len(head) - 4).to_bytes(4, "big") + head[4:])
        writer.write(pack_person(TransferredPerson("Ada", None, "", "", True, (hostile(),))))
        writer.finish()
    with pytest.raises(StoreError, match="can't be right"):
        transfer(desks[1]).read(ACTOR, path, SECRET)
    assert desks[1].names() == []


def sent(path, *people):
    with SealedWriter(path, MAGIC, SECRET) as writer:
        writer.write(pack_head(TransferHead(clock.utc_now(), len(people), ())))
        for person in people:
            writer.write(pack_person(person))
        writer.finish()
    return path


def test_a_namesake_with_another_number_is_another_person(desks, tmp_path):
    two = desks[1]
    known = two.people.create(name="Ada", staff_number="99")
    path = sent(tmp_path / "a.fapeople", TransferredPerson("Ada", "17", "", "", True, (hostile(),)))
    (row,) = transfer(two).read(ACTOR, path, SECRET, if_named=IfNamed.ADD)
    assert row.outcome is EnrolmentOutcome.ENROLLED
    assert two.templates.photo_hashes(known.person_id) == set()


def test_photos_for_one_of_several_namesakes_are_refused(desks, tmp_path):
    two = desks[1]
    for _ in range(2):
        two.people.create(name="Ada")
    path = sent(tmp_path / "a.fapeople", TransferredPerson("Ada", None, "", "", True, (hostile(),)))
    (row,) = transfer(two).read(ACTOR, path, SECRET, if_named=IfNamed.ADD)
    assert (row.outcome, row.message) == (EnrolmentOutcome.REFUSED, "Several people have this name.")


def test_a_file_gives_nobody_more_photos_than_help_and_nobody_a_strangers_face(desks, file, tmp_path):
    two = desks[1]
    many = tuple(
        hostile(sha256=f"{number:064x}", embeddings={"fake:1": make_embedding(number)})
        for number in range(1, 15)
    )
    cleo = two.people.create(name="Cleo", staff_number="1")
    path = sent(tmp_path / "a.fapeople", TransferredPerson("Cleo", "1", "", "", True, many))
    transfer(two).read(ACTOR, path, SECRET, if_named=IfNamed.ADD)
    assert len(two.templates.by_photo(cleo.person_id, "fake:1")) == MOST_TEMPLATES
    transfer(two).read(ACTOR, file, SECRET)
    (ada,) = two.people.by_name("Ada")
    face = two.templates.whole_photos(ada.person_id)[0]
    other = two.people.create(name="Dan", staff_number="2")
    stolen = hostile(sha256="d" * 64, embeddings=face.embeddings)
    path = sent(tmp_path / "b.fapeople", TransferredPerson("Dan", "2", "", "", True, (stolen,)))
    (row,) = transfer(two).read(ACTOR, path, SECRET, if_named=IfNamed.ADD)
    assert (row.outcome, "may be Ada" in row.message) == (EnrolmentOutcome.REFUSED, True)
    assert two.templates.photo_hashes(other.person_id) == set()


def test_who_has_left_is_known_to_have_left_when(desks, tmp_path):
    two = desks[1]
    path = sent(tmp_path / "a.fapeople", TransferredPerson("Ada", None, "", "", False, (hostile(),)))
    transfer(two).read(ACTOR, path, SECRET)
    later = clock.utc_now() + timedelta(days=400)
    expiry = Expiry(two.database, two.journal, two.people)
    assert expiry.run(SYSTEM, RetentionSettings(leavers_days=30), later).leavers == 1
