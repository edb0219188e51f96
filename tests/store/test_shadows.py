"""What a model on trial said: kept as long as the entry's picture and the person, no longer."""

from datetime import timedelta

import pytest

from faceaccess.codes import Method, Outcome
from faceaccess.store.people.photos import Photos
from faceaccess.store.people.shadows import ShadowDecisions
from faceaccess.store.people.types import AnotherTemplate, Readiness, ShadowCounts
from tests.store.builders import MODEL, NOON, make_embedding, make_entry, make_template


@pytest.fixture
def shadows(database):
    return ShadowDecisions(database)


def keep(shadows, seq, person_id=None):
    outcome = Outcome.ACCEPTED if person_id else Outcome.UNKNOWN
    shadows.keep(seq, model_id="new", outcome=outcome, person_id=person_id, distance=0.2)


def test_a_decision_goes_with_the_picture_and_with_the_person(shadows, journal, people, database):
    ada = people.create(name="Ada").person_id
    one, two = (journal.append(make_entry(), b"jpeg").seq for _ in range(2))
    keep(shadows, one, ada)
    keep(shadows, two, ada)
    assert shadows.counts("new", NOON).disagreed == 2
    with database.transaction() as db:
        db.execute("DELETE FROM crops WHERE seq = ?", [one])
    assert [row.event.seq for row in shadows.disagreements("new")] == [two]
    people.erasing.person(ada)
    assert shadows.disagreements("new") == []


def test_nothing_is_kept_about_a_picture_or_a_person_that_is_gone(shadows, journal):
    without, with_crop = journal.append(make_entry(), None).seq, journal.append(make_entry(), b"jpeg").seq
    keep(shadows, without)
    keep(shadows, with_crop, "0" * 32)
    assert shadows.counts("new", NOON) == ShadowCounts(0, 0, 0, 2)


def test_only_what_a_model_could_have_compared_counts_as_missed(shadows, journal, people):
    ada = people.create(name="Ada").person_id
    agreed = journal.append(make_entry(ada), b"jpeg").seq
    keep(shadows, agreed, ada)
    journal.append(make_entry(ada, method=Method.PIN, model_id=""), None)
    journal.append(make_entry(ada, is_recording=True), b"jpeg")
    journal.append(make_entry(ada, second=-60), b"jpeg")
    journal.append(make_entry(ada, second=60), b"jpeg")
    assert shadows.counts("new", NOON) == ShadowCounts(1, 0, 0, 1)
    assert shadows.counts("new", NOON + timedelta(hours=1)) == ShadowCounts(1, 0, 0, 0)


def test_templates_of_another_model_are_added_once_and_bring_nothing_back(templates, people):
    ada = people.create(name="Ada").person_id
    templates.add(ada, [make_template(1), make_template(2)])
    made = [AnotherTemplate(make_embedding(number), "new", 9.0, f"{number:064x}") for number in (1, 2, 3)]
    assert templates.by_model.lacking("new") == [ada]
    assert templates.by_model.complete(ada, made[:1]) == 1
    assert (templates.by_model.lacking("new"), [who for _, who in templates.by_model.missing("new")]) == (
        [],
        [ada],
    )
    assert [crop.photo_sha256 for crop in templates.by_model.without(ada, "new")] == [f"{2:064x}"]
    assert templates.by_model.complete(ada, made) == 1, "one was there, one photo never was"
    assert templates.by_model.counts() == {MODEL: 2, "new": 2}
    assert templates.by_model.readiness("new") == Readiness(1, 1)
    people.erasing.person(ada)
    assert templates.by_model.complete(ada, made) == 0
    assert templates.by_model.readiness("new") == Readiness(0, 0)


def test_everybody_with_a_photo_that_is_not_deleted_is_enrolled(templates, people):
    ids = [people.create(name=name).person_id for name in ("Ada", "Bea", "Cem", "Dee")]
    for number, person_id in enumerate(ids[:3]):
        templates.add(person_id, [make_template(2 * number), make_template(2 * number + 1)])

    def enrolled():
        assert templates.by_model.enrolled() == templates.by_model.readiness(MODEL).people
        return templates.by_model.enrolled()

    assert enrolled() == 3
    people.set_hidden(ids[0], NOON)
    assert enrolled() == 2
    photos = Photos(templates._database)
    first, second = (photo.photo_id for photo in photos.of(ids[1]))
    photos.set_hidden([first], NOON)
    assert enrolled() == 2
    photos.set_hidden([second], NOON)
    assert enrolled() == 1
    people.set_hidden(ids[0], None)
    assert enrolled() == 2


def test_of_one_person_and_what_is_newer_is_read_alone(templates, people):
    ada, bea = (people.create(name=name).person_id for name in ("Ada", "Bea"))
    first, second = templates.add(ada, [make_template(1), make_template(2)])
    templates.add(bea, [make_template(3)])
    (late,) = templates.add(bea, [make_template(4)])
    templates.by_model.complete(ada, [AnotherTemplate(make_embedding(5), "new", 9.0, f"{1:064x}")])
    part = templates.load_of(ada, MODEL, newer_than=late - 1)
    assert part.template_ids.tolist() == [first, second, late]
    assert part.person_ids == (ada, ada, bea)
    assert part.embeddings.tolist() == [make_embedding(4).tolist()]
    people.set_hidden(ada, NOON)
    assert templates.load_of(ada, MODEL, newer_than=late - 1).template_ids.tolist() == [late]
