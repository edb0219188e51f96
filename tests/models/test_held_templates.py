"""Templates held in a byte a number: the same decisions out of a real database."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from faceaccess.settings import HeldTemplates
from faceaccess.workspace import Workspace
from tests.models.test_evidence import enrol

PEOPLE = 60


@pytest.fixture
def space(tmp_path: Path) -> Iterator[Workspace]:
    rng = np.random.default_rng(0)
    with Workspace.open(tmp_path / "data") as opened:
        with opened.models.evidence.database.transaction():
            for number in range(PEOPLE):
                enrol(opened, f"Person {number}", near(rng.normal(size=128), rng), number)
        opened.models.refresh_gallery()
        yield opened


def near(centre: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return centre + 0.35 * rng.normal(size=(3, 128))


def probes() -> np.ndarray:
    rng = np.random.default_rng(1)
    rows = np.vstack([rng.normal(size=(30, 128)), np.random.default_rng(0).normal(size=(1, 128))])
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_another_way_to_hold_templates_changes_no_candidate(space: Workspace) -> None:
    full = space.models.recogniser.gallery
    expected = [full.search(probe[None], 3) for probe in probes()]
    assert expected[-1][0][0].person_id == space.people.list()[0].person_id
    space.machine.hold_templates(HeldTemplates.COMPACT)
    compact = space.models.recogniser.gallery
    assert (compact.is_compact, full.is_compact) == (True, False)
    assert len(compact) == len(full) == 3 * PEOPLE
    assert [compact.search(probe[None], 3) for probe in probes()] == expected


def test_whoever_is_erased_is_nobody_before_the_gallery_is_told(space: Workspace) -> None:
    space.machine.hold_templates(HeldTemplates.COMPACT)
    gallery = space.models.recogniser.gallery
    probe = probes()[-1:]
    first = gallery.search(probe)[0][0]
    with space.models.evidence.database.transaction() as db:
        db.execute("DELETE FROM templates WHERE person_id = ?", [first.person_id])
    assert gallery.search(probe)[0][0].person_id != first.person_id
    assert len(gallery) == 3 * PEOPLE


def test_whoever_is_enrolled_since_is_recognised(space: Workspace) -> None:
    space.machine.hold_templates(HeldTemplates.COMPACT)
    gallery = space.models.recogniser.gallery
    probe = probes()[:1]
    late = enrol(space, "Late", np.repeat(probe, 1, axis=0), 900)
    space.models.refresh_gallery()
    assert space.models.recogniser.gallery is gallery
    found = gallery.search(probe)[0][0]
    assert (found.person_id, found.distance) == (late, pytest.approx(0, abs=1e-6))


@pytest.mark.parametrize("held", HeldTemplates)
def test_one_person_is_brought_up_to_date_without_the_others(space: Workspace, held: HeldTemplates) -> None:
    """It took as long as reading everybody: an import was the slower the more there were already."""
    space.machine.hold_templates(held)
    gallery = space.models.recogniser.gallery
    probe = probes()[:1]
    late = enrol(space, "Late", np.vstack([probe, probes()[1:2]]), 900)
    space.models.refresh_gallery(late)
    assert len(gallery) == 3 * PEOPLE + 2
    assert gallery.search(probe)[0][0].person_id == late
    nearest = space.reception.mending.photos.of(late)[0].photo_id
    space.reception.mending.photos.set_hidden([nearest], datetime.now(UTC))
    space.models.refresh_gallery(late)
    assert len(gallery) == 3 * PEOPLE + 1
    assert gallery.search(probe)[0][0].distance > 0.1
    space.reception.mending.photos.set_hidden([nearest], None)
    space.models.refresh_gallery(late)
    assert gallery.search(probe)[0][0].person_id == late


def test_what_changed_of_others_is_left_until_everybody_is_looked_at(space: Workspace) -> None:
    gallery = space.models.recogniser.gallery
    other = space.people.list()[0].person_id
    space.people.set_hidden(other, datetime.now(UTC))
    late = enrol(space, "Late", probes()[:1], 900)
    space.models.refresh_gallery(late)
    assert len(gallery) == 3 * PEOPLE + 1
    space.models.refresh_gallery()
    assert len(gallery) == 3 * PEOPLE - 2
