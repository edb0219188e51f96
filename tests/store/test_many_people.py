"""What is asked of one person costs as much among many as among few: SQLite's steps are counted, not time."""

from collections.abc import Callable
from contextlib import suppress

from faceaccess.store.file.database import Database
from faceaccess.store.people.people import People
from faceaccess.store.people.photos import Photos
from faceaccess.store.people.templates import Templates
from faceaccess.store.people.types import AnotherTemplate
from tests.store.builders import MODEL, make_embedding, make_template

FEW, MANY = 5, 60


class _Undone(Exception):
    """Ends a transaction of which nothing is kept."""


def enrol(people: People, templates: Templates, first: int, count: int) -> list[str]:
    ids = []
    for number in range(first, first + count):
        ids.append(people.create(name=f"Person {number:03}").person_id)
        templates.add(ids[-1], [make_template(2 * number), make_template(2 * number + 1)])
    return ids


def steps(database: Database, ask: Callable[[], object]) -> int:
    """Return how many steps SQLite's machine takes; what is written is not kept."""
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += 1
        return 0

    with suppress(_Undone), database.transaction() as db:
        db.conn.set_progress_handler(count, 1)
        try:
            ask()
        finally:
            db.conn.set_progress_handler(None, 1)
        raise _Undone
    assert taken > 0
    return taken


def test_one_person_is_as_soon_read_among_many(
    database: Database, people: People, templates: Templates
) -> None:
    """SQLite went through all templates of a model for those of one person: an import became ever slower."""
    ada, *_ = enrol(people, templates, 0, FEW)
    photos = Photos(database)
    other = [AnotherTemplate(make_embedding(7), "other", 9.0, f"{1:064x}")]
    questions: dict[str, Callable[[], object]] = {
        "embeddings": lambda: templates.embeddings(ada, MODEL),
        "by photo": lambda: templates.by_photo(ada, MODEL),
        "without": lambda: templates.by_model.without(ada, "other"),
        "without any": lambda: templates.by_model.without(ada, MODEL),
        "complete": lambda: templates.by_model.complete(ada, other),
        "first listed": lambda: people.list(most=1),
        "photos": lambda: photos.of(ada),
    }
    among_few = {name: steps(database, ask) for name, ask in questions.items()}
    newest = int(templates.load(MODEL).template_ids[-1])
    alone = steps(database, lambda: templates.load_of(ada, MODEL, newer_than=newest))
    enrol(people, templates, FEW, MANY)
    among_many = {name: steps(database, ask) for name, ask in questions.items()}
    newest = int(templates.load(MODEL).template_ids[-1])
    for name, before in among_few.items():
        # To choose who is listed first, everybody's name is looked at.
        least = 30 * MANY if name == "first listed" else 10
        assert among_many[name] <= before + least, name
    assert steps(database, lambda: templates.load_of(ada, MODEL, newer_than=newest)) <= alone + 10


def test_everybody_is_read_in_steps_as_many_as_people(
    database: Database, people: People, templates: Templates
) -> None:
    """How well people are covered took as many steps as photos times templates."""
    photos = Photos(database)
    enrol(people, templates, 0, 20)
    few = steps(database, lambda: photos.coverage(MODEL)), steps(database, lambda: people.list())
    enrol(people, templates, 20, 40)
    assert steps(database, lambda: photos.coverage(MODEL)) < 3.5 * few[0]
    assert steps(database, lambda: people.list()) < 3.5 * few[1]
    assert len(photos.coverage(MODEL)) == 60
