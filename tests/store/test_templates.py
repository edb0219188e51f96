"""Templates: arrays come back as they went in, models never mix."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from faceaccess.errors import EnrolmentError, GalleryError
from faceaccess.store.file.database import Database
from faceaccess.store.people import templates_by_model
from faceaccess.store.people.people import People
from faceaccess.store.people.templates import Templates
from tests.store.builders import MODEL, make_embedding, make_template


@pytest.fixture
def ada(people: People) -> str:
    return people.create(name="Ada").person_id


def test_templates_come_back_bit_for_bit_in_order(people: People, templates: Templates, ada: str) -> None:
    bea = people.create(name="Bea").person_id
    people.set_active(bea, False)
    first = templates.add(ada, [make_template(1), make_template(2)])
    second = templates.add(bea, [make_template(3)])
    loaded = templates.load(MODEL)
    assert loaded.template_ids.tolist() == first + second
    assert loaded.template_ids.dtype == np.int64
    assert loaded.person_ids == (ada, ada, bea)
    assert loaded.is_active.tolist() == [True, True, False]
    assert loaded.embeddings.dtype == np.float32
    np.testing.assert_array_equal(loaded.embeddings, np.stack([make_embedding(seed) for seed in (1, 2, 3)]))


def test_an_unknown_model_has_no_templates(templates: Templates) -> None:
    loaded = templates.load("none")
    assert len(loaded.template_ids) == len(loaded.person_ids) == len(loaded.is_active) == 0
    assert len(loaded.embeddings) == 0


def test_models_are_kept_apart(templates: Templates, ada: str) -> None:
    templates.add(ada, [make_template(1), make_template(1, size=512, model_id="facenet")])
    assert templates.load(MODEL).embeddings.shape == (1, 128)
    assert templates.load("facenet").embeddings.shape == (1, 512)
    assert templates.by_model.counts() == {MODEL: 1, "facenet": 1}
    assert templates.photos(ada) == [b"photo-1"]


def test_photos_and_crops_come_back(templates: Templates, ada: str) -> None:
    templates.add(ada, [make_template(1), make_template(2)])
    assert templates.photo_hashes(ada) == {f"{1:064x}", f"{2:064x}"}
    assert templates.photos(ada) == [b"photo-1", b"photo-2"]
    first, _ = templates.crops(ada)
    assert first.crop == b"crop-1"
    np.testing.assert_array_equal(first.landmarks, make_template(1).landmarks)


def test_a_wrong_size_refuses_all(templates: Templates, ada: str) -> None:
    templates.add(ada, [make_template(1)])
    with pytest.raises(GalleryError, match="64 numbers where the model's others have 128"):
        templates.add(ada, [make_template(2), make_template(3, size=64)])
    assert templates.by_model.counts() == {MODEL: 1}
    assert len(templates.photos(ada)) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"embedding": np.ones(128, np.float32)},
        {"embedding": np.full(128, np.nan, np.float32)},
        {"embedding": np.zeros((1, 128), np.float32)},
        {"landmarks": np.zeros((4, 2), np.float32)},
    ],
)
def test_arrays_are_checked(templates: Templates, ada: str, changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="expected"):
        templates.add(ada, [make_template(1, **changes)])


def test_somebody_unknown_gets_no_templates(templates: Templates) -> None:
    with pytest.raises(EnrolmentError, match="no person"):
        templates.add("f" * 32, [make_template(1)])


def test_person_and_templates_are_one_transaction(
    database: Database, people: People, templates: Templates
) -> None:
    with pytest.raises(ValueError, match="unit norm"), database.transaction():  # noqa: PT012
        person = people.create(name="Ada")
        templates.add(person.person_id, [make_template(1, embedding=np.ones(3, np.float32))])
    assert people.list() == []


def test_ids_are_never_used_again(people: People, templates: Templates, ada: str) -> None:
    (first,) = templates.add(ada, [make_template(1)])
    people.erasing.person(ada)
    bea = people.create(name="Bea").person_id
    assert templates.add(bea, [make_template(1)]) == [first + 1]


def test_templates_are_read_by_id_and_those_that_went_are_left_out(
    people: People, templates: Templates, ada: str
) -> None:
    first, second, third = templates.add(ada, [make_template(seed) for seed in (1, 2, 3)])
    ids, embeddings = templates.read(np.array([third, first, third + 50], np.int64))
    assert ids.tolist() == [first, third]
    np.testing.assert_array_equal(embeddings, np.stack([make_embedding(1), make_embedding(3)]))
    ids, embeddings = templates.read(np.array([second + 50], np.int64))
    assert (ids.tolist(), len(embeddings)) == ([], 0)


def test_templates_are_read_on_several_threads_at_once(templates: Templates, ada: str) -> None:
    ids = np.array(templates.add(ada, [make_template(seed) for seed in range(1, 9)]), np.int64)
    with ThreadPoolExecutor(4) as threads:
        for read_ids, embeddings in threads.map(templates.read, [ids[start:] for start in range(8)] * 20):
            np.testing.assert_array_equal(embeddings, [make_embedding(1 + at) for at in read_ids - ids[0]])


def test_each_photo_looks_for_its_own_templates(database: Database, templates: Templates) -> None:
    """For each, all templates of the model were gone through: with 1 500 a third of a second, six times."""
    plans: list[str] = []
    with database.reader() as db:
        for sql in (
            "SELECT count(DISTINCT p.person_id), count(DISTINCT t.person_id)"
            f" FROM {templates_by_model._PHOTOS_AND_TEMPLATES} WHERE {templates_by_model._SHOWN}",
            f"SELECT p.photo_id FROM {templates_by_model._PHOTOS_AND_TEMPLATES} WHERE t.photo_id IS NULL",
        ):
            plans += [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", [MODEL]).fetchall()]
    assert len([step for step in plans if "templates_by_photo" in step]) == 2
    assert not [step for step in plans if "templates_by_model" in step]
