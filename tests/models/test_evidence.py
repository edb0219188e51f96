"""Evidence for a threshold: from the people enrolled and from the door's own entries, chosen and kept."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from faceaccess.codes import JournalKind, Method, Outcome, Reason, Role
from faceaccess.errors import FaceAccessError, PermissionDenied, SettingsError
from faceaccess.store.access.types import Actor
from faceaccess.store.people.types import NewTemplate
from faceaccess.workspace import Workspace
from tests.attendance.builders import make_entry

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
PEOPLE, PHOTOS = 24, 3


@pytest.fixture
def space(tmp_path: Path) -> Iterator[Workspace]:
    """A folder with two dozen people, the first two of them twins."""
    rng = np.random.default_rng(0)
    with Workspace.open(tmp_path / "data") as opened:
        centres = rng.normal(size=(PEOPLE, 128))
        centres[1] = centres[0] + 0.5 * rng.normal(size=128)
        with opened.models.evidence.database.transaction():
            for number, centre in enumerate(centres):
                enrol(opened, f"Person {number}", centre + 0.35 * rng.normal(size=(PHOTOS, 128)), number)
        yield opened


def enrol(space: Workspace, name: str, embeddings: np.ndarray, number: int) -> str:
    person = space.people.create(name=name)
    rows = (embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True)).astype(np.float32)
    points = np.array([[50, 60], [100, 60], [75, 85], [55, 110], [95, 110]], np.float32)
    model_id = space.models.model_id
    templates = [
        NewTemplate(row, model_id, 20.0, b"jpeg", f"{number * 10 + at:064x}", b"crop", points)
        for at, row in enumerate(rows)
    ]
    space.models.templates.add(person.person_id, templates)
    return person.person_id


def passage(space: Workspace, outcome: Outcome, distance: float, *, ago: float = 1, **changes: object) -> int:
    """Journal an entry so many days ago; return its position."""
    nearest = space.people.list()[0].person_id
    entry = make_entry(nearest if outcome is Outcome.ACCEPTED else None, NOW - timedelta(days=ago))
    values = {
        "outcome": outcome, "model_id": space.models.model_id, "distance": distance, "camera": "Door",
        "runner_up_distance": distance + 0.5, "nearest_id": nearest, "reason": Reason.MATCH,
        "method": Method.FACE,
    }  # fmt: skip
    return space.journal.append(replace(entry, **(values | changes)), None).seq


def test_the_people_enrolled_tell_the_price(space: Workspace) -> None:
    done = []
    gallery = space.models.evidence.of_gallery(progress=lambda *counts: done.append(counts))
    assert gallery is not None
    assert done[-1] == (PEOPLE * PHOTOS, PEOPLE * PHOTOS)
    assert gallery.people == PEOPLE
    assert gallery.policy.margin == space.models.thresholds.in_force.margin
    nearest = gallery.wrong_pairs[0]
    assert set(nearest.names) == {"Person 0", "Person 1"}
    assert nearest.distance == pytest.approx(gallery.searches.other.min())
    assert len({pair.person_ids for pair in gallery.wrong_pairs}) == len(gallery.wrong_pairs)
    strict, wide = gallery.prices.at(0.05), gallery.prices.at(2.0)
    assert (strict.strangers.mean, strict.staff.mean) == (0, 1)
    assert wide.strangers.mean > 0
    assert space.models.evidence.of_gallery(is_cancelled=lambda: True) is None


def test_a_choice_is_kept_with_its_evidence_and_goes_out_of_date(space: Workspace) -> None:
    evidence = space.models.evidence
    gallery = evidence.of_gallery()
    choice = evidence.choose(gallery, evidence.of_doors(now=NOW), 20, now=NOW)
    assert gallery.prices.at(choice.threshold).strangers.mean <= 1 / 20
    evidence.use(space.access.actor, gallery, choice)
    stored = space.models.thresholds.evidence
    assert stored == choice.evidence
    assert (stored.one_in, stored.people, stored.searches) == (20, PEOPLE, PEOPLE * PHOTOS)
    assert len(stored.strangers) == len(stored.staff) == 3
    assert stored.gallery == evidence.digest()
    assert space.models.thresholds.in_force.threshold == choice.threshold
    row = space.journal.rows.newest((JournalKind.POLICY_CHANGED,), limit=1)[0]
    assert row.details["after"]["evidence"]["one_in"] == 20
    enrol(space, "Newcomer", np.random.default_rng(9).normal(size=(1, 128)), 99)
    assert evidence.digest() != stored.gallery
    with pytest.raises(SettingsError, match="have changed"):
        evidence.use(space.access.actor, gallery, choice)
    space.models.thresholds.save(space.access.actor, 0.9, 0.1)
    assert space.models.thresholds.evidence is None, "moved by hand, it is no longer the choice"


def test_what_cannot_be_told_is_not_chosen(space: Workspace) -> None:
    gallery, doors = space.models.evidence.of_gallery(), space.models.evidence.of_doors(now=NOW)
    with pytest.raises(SettingsError, match="72 photos"):
        space.models.evidence.choose(gallery, doors, 1000, now=NOW)
    limited = space.models.evidence.choose(gallery, doors, 1, now=NOW)
    assert limited.is_limited
    assert limited.threshold == gallery.policy.measured[1]


def test_a_choice_is_no_more_lenient_than_what_is_known_to_be_wrong(space: Workspace) -> None:
    """It went from 1.042 to 1.120 while two people had been let in wrongly at 0.985 and 1.021."""
    evidence = space.models.evidence
    gallery, default = evidence.of_gallery(), space.models.thresholds.measured.threshold
    before = evidence.choose(gallery, evidence.of_doors(now=NOW), 10, now=NOW)
    assert before.threshold <= default, "with so few people the interval leaves more possible"
    assert before.is_limited
    taken_back = passage(space, Outcome.ACCEPTED, 0.985)
    space.journal.void(space.access.actor, taken_back)
    doors = evidence.of_doors(now=NOW)
    assert doors.lets_in_wrongly_from == pytest.approx(0.985)
    after = evidence.choose(gallery, doors, 10, now=NOW)
    assert after.threshold == 0.984
    assert doors.of_known(after.threshold).wrong == 0


def test_a_corrected_time_is_no_evidence_about_a_face(space: Workspace) -> None:
    seq = passage(space, Outcome.ACCEPTED, 0.5)
    at = NOW - timedelta(days=1, hours=1)
    space.office.corrections.replace(space.access.actor, seq, why="The clock", now=NOW, at=at)
    assert space.models.evidence.of_doors(now=NOW).known == ()


def test_only_whoever_may_set_policy_uses_a_choice(space: Workspace) -> None:
    gallery = space.models.evidence.of_gallery()
    choice = space.models.evidence.choose(gallery, space.models.evidence.of_doors(now=NOW), 20, now=NOW)
    with pytest.raises(PermissionDenied):
        space.models.evidence.use(Actor("rita", Role.RECEPTIONIST), gallery, choice)


def test_entries_that_another_threshold_would_change(space: Workspace) -> None:
    policy = space.models.thresholds.in_force
    near = passage(space, Outcome.ACCEPTED, 0.5)
    edge = passage(space, Outcome.ACCEPTED, 0.9)
    far = passage(space, Outcome.UNKNOWN, 1.2, ago=3)
    passage(space, Outcome.UNKNOWN, 1.2, runner_up_distance=1.2 + policy.margin / 2)
    passage(space, Outcome.AMBIGUOUS, 0.6)
    passage(space, Outcome.ACCEPTED, 0.9, ago=31)
    passage(space, Outcome.ACCEPTED, 0.9, is_recording=True)
    passage(space, Outcome.ACCEPTED, 0.9, model_id="another")
    passage(space, Outcome.DENIED, 1.3)
    voided = passage(space, Outcome.ACCEPTED, 0.9)
    space.journal.void(space.access.actor, voided)
    door = space.models.evidence.of_doors(now=NOW)
    assert len(door.entries.seqs) == 5
    assert door.changed(0.95).tolist() == []
    assert door.changed(0.8).tolist() == [edge]
    assert door.changed(0.4).tolist() == [edge, near]
    assert door.changed(1.2).tolist() == [far]


def test_corrections_and_the_desk_say_who_it_was(space: Workspace) -> None:
    people = space.people.list()
    actor = space.access.actor
    refused = passage(space, Outcome.UNKNOWN, 1.1)
    other = passage(space, Outcome.UNKNOWN, 1.2)
    wrong = passage(space, Outcome.ACCEPTED, 0.8)
    corrections = space.office.corrections
    corrections.identify(actor, refused, people[0].person_id, why="It was her", now=NOW)
    corrections.identify(actor, other, people[5].person_id, why="It was him", now=NOW)
    corrections.replace(actor, wrong, why="Her sister", now=NOW, person_id=people[1].person_id)
    for answer, distance in ((people[0].person_id, 1.05), (None, 1.15)):
        details = {
            "entry": None, "outcome": "unknown", "nearest_id": people[0].person_id, "distance": distance,
            "answer": answer, "model_id": space.models.model_id,
        }  # fmt: skip
        space.journal.record(actor, JournalKind.DESK_ANSWER, details=details)
    door = space.models.evidence.of_doors(now=NOW)
    assert [len(door.known), len(door.entries.seqs)] == [5, 2]
    strict, lenient = door.of_known(0.7), door.of_known(1.2)
    assert (strict.right, strict.refused, strict.wrong, strict.stopped) == (0, 4, 0, 1)
    assert (lenient.right, lenient.refused, lenient.wrong, lenient.stopped) == (2, 0, 3, 0)


def test_an_empty_folder_has_no_price(tmp_path: Path) -> None:
    with Workspace.open(tmp_path / "empty") as opened:
        gallery = opened.models.evidence.of_gallery()
        assert gallery.people == 0
        assert gallery.prices.at(1.0).strangers is None
        assert gallery.wrong_pairs == ()
        door = opened.models.evidence.of_doors(now=NOW)
        assert door.changed(1.0).tolist() == []


def test_the_map_marks_what_deserves_a_look(space: Workspace) -> None:
    wrong = enrol(space, "Two people", np.eye(128)[:3], 60)
    gallery = space.models.evidence.of_gallery()
    drawn = space.models.maps.draw(gallery)
    assert drawn is not None
    assert drawn.places.shape == (PEOPLE * PHOTOS + 3, 2)
    assert drawn.names.count("Two people") == 3
    assert {drawn.person_ids[row] for row in drawn.outliers} == {wrong}
    assert all(pair.distance < gallery.policy.lookalike_distance for pair in drawn.look_alikes)
    assert {"Person 0", "Person 1"} in [set(pair.names) for pair in drawn.look_alikes]
    assert space.models.maps.draw(gallery, is_cancelled=lambda: True) is None


def test_groups_are_compared_at_a_threshold(space: Workspace, tmp_path: Path) -> None:
    gallery, groups = space.models.evidence.of_gallery(), space.models.groups
    people = {person.name: person.person_id for person in space.people.list()}
    twins = {people["Person 0"], people["Person 1"]}
    path = tmp_path / "groups.csv"
    listed = [f"{name},{'twins' if person_id in twins else 'others'}" for name, person_id in people.items()]
    path.write_text("\n".join(["person,group", *listed, "Nobody Here,others", "Person 3,"]), "utf-8")
    group_of = groups.by_file(path)
    assert set(group_of.values()) == {"twins", "others"}
    compared = groups.compare(gallery, group_of, 0.6)
    worst = compared.strangers.rows[0]
    assert (worst.group, worst.people, worst.rate.mean) == ("twins", 2, 1.0)
    assert compared.strangers.rows[1].rate.mean == 0
    assert compared.left_out == len(people) - len(group_of)
    assert {row.group for row in compared.staff.rows} == {"twins", "others"}
    with pytest.raises(FaceAccessError, match="no two groups"):
        groups.compare(gallery, groups.by_department(), 0.6)
    path.write_text("person,group\nNobody,a\n", "utf-8")
    with pytest.raises(FaceAccessError, match="names nobody"):
        groups.by_file(path)
    path.write_text("name\nAda\n", "utf-8")
    with pytest.raises(FaceAccessError, match="no columns person and group"):
        groups.by_file(path)
