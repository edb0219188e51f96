"""The same face under another name: who is asked about, who is kept, and what is remembered."""

import numpy as np
import pytest

from faceaccess.codes import JournalKind
from faceaccess.errors import EnrolmentError
from faceaccess.people.enrolment.doubles import DoubleFound, Doubles, crowd
from faceaccess.store import clock
from faceaccess.store.people.look_alikes import LookAlikes
from faceaccess.store.people.refused_doubles import KEPT, RefusedDoubles
from tests.people.test_enrolment import ACTOR, Desk, enrol, photo

FARTHEST = 0.18


@pytest.fixture
def desk(tmp_path):
    opened = Desk(tmp_path / "data", usual_limit=0.05)
    yield opened
    opened.database.close()


def review(desk, tmp_path, value=90, name="b.png"):
    return desk.enrolment.review_file(photo(tmp_path, name, value))


def enrol_again(desk, tmp_path, **values):
    reviews = [review(desk, tmp_path)]
    return desk.enrolment.enrol(
        ACTOR, name="Bea", staff_number=None, department="", reviews=reviews, **values
    )


def test_a_face_that_is_enrolled_stops_the_save_and_nothing_is_written(desk, tmp_path):
    first = enrol(desk, photo(tmp_path, "a.png"))
    with pytest.raises(DoubleFound, match="may be Ada") as raised:
        enrol_again(desk, tmp_path)
    assert [one.person.person_id for one in raised.value.likenesses] == [first.person_id]
    assert desk.names() == ["Ada"]
    assert len(desk.journal.rows.newest()) == 1


def test_two_people_are_kept_for_a_reason_and_marked_as_look_alikes(desk, tmp_path):
    first = enrol(desk, photo(tmp_path, "a.png"))
    with pytest.raises(EnrolmentError, match="needs a reason"):
        enrol_again(desk, tmp_path, different_from=(first.person_id,))
    second = enrol_again(desk, tmp_path, different_from=(first.person_id,), why="They are twins")
    assert LookAlikes(desk.database).of(second.person_id) == {first.person_id}
    row = desk.journal.rows.newest()[0]
    assert row.kind is JournalKind.PERSON_ENROLLED
    assert row.details["look_alikes"] == [first.person_id]
    assert desk.journal.rows.note(row.seq) == "They are twins"


def test_who_was_said_to_be_another_is_not_asked_about_again(desk, tmp_path):
    first = enrol(desk, photo(tmp_path, "a.png"))
    second = enrol_again(desk, tmp_path, different_from=(first.person_id,), why="twins")
    (likeness,) = desk.enrolment.likenesses([review(desk, tmp_path, name="c.png")], second.person_id)
    assert likeness.is_marked
    assert not likeness.is_double


def test_somebody_else_is_enrolled_without_a_question(desk, tmp_path):
    enrol(desk, photo(tmp_path, "a.png"))
    other = [review(desk, tmp_path, value=30)]
    desk.enrolment.enrol(ACTOR, name="Bea", staff_number=None, department="", reviews=other)
    assert desk.names() == ["Ada", "Bea"]


def test_looks_are_listed_nearest_first_without_the_person(desk, tmp_path):
    ada = enrol(desk, photo(tmp_path, "a.png"))
    other = [review(desk, tmp_path, value=30)]
    bea = desk.enrolment.enrol(ACTOR, name="Bea", staff_number=None, department="", reviews=other)
    found = desk.enrolment.likenesses([review(desk, tmp_path, value=90, name="d.png")])
    assert [one.person.person_id for one in found] == [ada.person_id, bea.person_id]
    assert found[0].distance < found[1].distance
    again = desk.enrolment.likenesses([review(desk, tmp_path, value=90, name="e.png")], ada.person_id)
    assert [one.person.person_id for one in again] == [bea.person_id]


def test_a_face_in_a_crowd_has_a_tighter_limit(desk, tmp_path):
    """Who many resemble is asked about only when very near; a rare face sooner."""
    enrol(desk, photo(tmp_path, "a.png"))
    doubles = Doubles(
        desk.gallery,
        base=0.01,
        weight=0.3,
        crowd_farthest=FARTHEST,
        people=desk.people,
        templates=desk.templates,
        look_alikes=LookAlikes(desk.database),
        refused=RefusedDoubles(desk.database),
    )
    alone = doubles.nearest(desk.templates.embeddings(desk.people.list()[0].person_id, "fake:1"))
    assert alone[0].limit == pytest.approx(0.01 + 0.3 * 2 * FARTHEST)


def test_a_crowd_is_the_mean_of_three_and_never_farther_than_its_bound():
    assert crowd([], FARTHEST) == pytest.approx(FARTHEST)
    assert crowd([0.06, 0.09, 0.12, 0.01], FARTHEST) == pytest.approx((0.01 + 0.06 + 0.09) / 3)
    assert crowd([0.06, 3.0], FARTHEST) == pytest.approx((0.06 + 2 * FARTHEST) / 3)


def test_nobody_enrolled_is_nobody_to_resemble(desk):
    assert desk.enrolment.doubles.nearest(np.eye(8, dtype=np.float32)[:1]) == []


def test_who_was_refused_once_is_refused_again_though_limits_have_tightened(desk, tmp_path):
    """An import that was done again enrolled whom it had refused at first."""
    first = enrol(desk, photo(tmp_path, "a.png"))
    with pytest.raises(DoubleFound) as raised:
        enrol_again(desk, tmp_path)
    assert raised.value.hashes == (review(desk, tmp_path).sha256,)
    assert RefusedDoubles(desk.database).of(raised.value.hashes) == set(), "who only asked left no trace"
    desk.enrolment.doubles.refuse(raised.value.hashes, raised.value.likenesses)
    desk.database.close()
    later = Desk(tmp_path / "data", usual_limit=0.0)
    later.refill()
    try:
        with pytest.raises(DoubleFound) as raised:
            enrol_again(later, tmp_path)
        assert [one.person.person_id for one in raised.value.likenesses] == [first.person_id]
        with pytest.raises(EnrolmentError, match="needs a reason"):
            enrol_again(later, tmp_path, different_from=(first.person_id,))
        later.people.erasing.person(first.person_id)
        later.refill()
        assert RefusedDoubles(later.database).of([review(later, tmp_path).sha256]) == set()
        assert enrol_again(later, tmp_path).name == "Bea"
    finally:
        later.database.close()


def test_whose_face_is_erased_is_in_no_refusal_either(desk, tmp_path):
    first, refused = enrol(desk, photo(tmp_path, "a.png")).person_id, RefusedDoubles(desk.database)
    refused.add(["a" * 64], [first])
    desk.people.erasing.face(first)
    assert refused.of(["a" * 64]) == set()


def test_what_was_refused_long_ago_is_forgotten(desk, tmp_path, monkeypatch):
    first, refused = enrol(desk, photo(tmp_path, "a.png")).person_id, RefusedDoubles(desk.database)
    refused.add(["a" * 64], [first])
    now = clock.utc_now()
    monkeypatch.setattr(clock, "utc_now", lambda: now + KEPT * 1.01)
    assert refused.of(["a" * 64]) == {first}
    refused.add(["b" * 64], [first])
    assert refused.of(["a" * 64]) == set()
    assert refused.of(["b" * 64]) == {first}


def test_photos_of_somebody_enrolled_are_not_given_to_another(desk, tmp_path):
    """Somebody with a PIN and no photos would let the other in as themselves."""
    first = enrol(desk, photo(tmp_path, "a.png"))
    pin = desk.people.create(name="Pin User", staff_number="7")
    reviews = [review(desk, tmp_path)]
    with pytest.raises(DoubleFound, match="may be Ada"):
        desk.enrolment.add_photos(ACTOR, pin.person_id, reviews)
    ids = (first.person_id,)
    added = desk.enrolment.add_photos(ACTOR, pin.person_id, reviews, different_from=ids, why="They are twins")
    assert added == 1
    assert LookAlikes(desk.database).of(pin.person_id) == {first.person_id}


def test_of_who_is_enrolled_only_nearer_people_are_asked_about(desk, tmp_path):
    first = enrol(desk, photo(tmp_path, "a.png"))
    twin = enrol_again(desk, tmp_path, different_from=(first.person_id,), why="twins")
    LookAlikes(desk.database).unmark(first.person_id, twin.person_id)
    more = desk.templates.embeddings(twin.person_id, "fake:1")
    assert desk.enrolment.doubles.asked_about(more, [], twin.person_id) == []


def test_a_look_alike_who_was_erased_meanwhile_is_refused_and_nothing_written(desk, tmp_path):
    first = enrol(desk, photo(tmp_path, "a.png"))
    desk.people.erasing.person(first.person_id)
    with pytest.raises(EnrolmentError, match="no person"):
        enrol_again(desk, tmp_path, different_from=(first.person_id,), why="twins")
    assert desk.names() == []


def test_who_was_merged_is_still_told_from_their_look_alike(desk, tmp_path):
    first = enrol(desk, photo(tmp_path, "a.png"))
    twin = enrol_again(desk, tmp_path, different_from=(first.person_id,), why="twins")
    again = desk.people.create(name="Ada B.")
    with desk.database.transaction() as db:
        db.execute(
            "UPDATE people SET merged_into = ? WHERE person_id = ?", [again.person_id, first.person_id]
        )
    pairs = LookAlikes(desk.database)
    assert pairs.of(twin.person_id) == {again.person_id}
    assert pairs.of(again.person_id) == {twin.person_id}
