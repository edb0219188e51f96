"""What may be amiss is found, named by person and photo, and told once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from faceaccess.codes import FindingKind, JournalKind
from faceaccess.people.gallery.health import Finding, Health
from faceaccess.people.gallery.mending import Mending
from faceaccess.recognition.types import EnrolmentLimits, MatchPolicy
from faceaccess.store import clock
from faceaccess.store.access.types import Actor
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.types import EventFilter
from faceaccess.store.people.look_alikes import LookAlikes
from faceaccess.store.people.people import People
from faceaccess.store.people.photos import Photos
from faceaccess.store.people.templates import Templates
from tests.people.builders import consent_office
from tests.store.builders import MODEL, make_embedding, make_entry, make_template

OLGA = Actor("olga")
POLICY = MatchPolicy(MODEL, 0.106, 0.02)
LIMITS = EnrolmentLimits(MODEL, 0.01, 0.19, 0.02, 0.0235, 0.3, 0.18, wrong_person=0.15, same_picture=0.004)
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


class Gallery:
    """People whose embeddings are as near as wanted."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.people, self.templates, self.journal = People(database), Templates(database), Journal(database)
        self.health = Health(database, self.people, self.journal)
        self.consents = consent_office(database)
        self.mending = Mending(
            database,
            people=self.people,
            journal=self.journal,
            consents=self.consents,
            on_change=lambda: None,
        )
        self._photo = 0

    def enrol(self, name: str, *faces: np.ndarray, model_id: str = MODEL) -> str:
        person_id = self.people.create(name=name).person_id
        for face in faces:
            self._photo += 1
            new = replace(make_template(self._photo), embedding=face, model_id=model_id)
            self.templates.add(person_id, [new])
        return person_id

    def photos(self, person_id: str) -> tuple[int, ...]:
        return tuple(photo.photo_id for photo in Photos(self.database).of(person_id))

    def found(self, now: datetime = NOW) -> list[Finding]:
        return self.health.examine(POLICY, LIMITS, now)

    def kinds(self, now: datetime = NOW) -> list[FindingKind]:
        return [finding.kind for finding in self.found(now)]


@pytest.fixture
def gallery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gallery]:
    monkeypatch.setattr(clock, "utc_now", lambda: NOW - timedelta(days=365))
    with Database.open(tmp_path) as database:
        yield Gallery(database)


def near(face: np.ndarray, distance: float, seed: int = 0) -> np.ndarray:
    """Return an embedding at a squared distance of another."""
    away = make_embedding(900 + seed, len(face))
    away -= away @ face * face
    cosine = 1 - distance / 2
    made = cosine * face + (1 - cosine**2) ** 0.5 * away / np.linalg.norm(away)
    return made.astype(np.float32)


ADA, BEA = make_embedding(1), make_embedding(2)


def test_nothing_is_amiss_with_good_photos(gallery: Gallery) -> None:
    gallery.enrol("Ada", ADA, near(ADA, 0.05))
    gallery.enrol("Bea", BEA, near(BEA, 0.05))
    gallery.people.create(name="Cleo with a PIN only")
    assert gallery.found() == []


def test_a_wrong_photo_is_named_with_whom_it_is_nearer_to(gallery: Gallery) -> None:
    ada = gallery.enrol("Ada", ADA, near(ADA, 0.05), near(ADA, 0.05, 1), near(BEA, 0.03, 2))
    bea = gallery.enrol("Bea", BEA, near(BEA, 0.05))
    unlike, alike = gallery.found()
    assert (unlike.kind, unlike.person_id, unlike.other_id) == (FindingKind.UNLIKE_OTHERS, ada, bea)
    assert unlike.photo_ids == gallery.photos(ada)[3:]
    assert unlike.value > unlike.limit == LIMITS.wrong_person
    assert alike.kind is FindingKind.LOOK_ALIKES
    gallery.mending.move_photos(OLGA, unlike.photo_ids, bea)
    assert gallery.found() == []


def test_copies_look_alikes_and_few_photos(gallery: Gallery) -> None:
    ada = gallery.enrol("Ada", ADA, near(ADA, 0.001))
    bea = gallery.enrol("Bea", near(ADA, 0.1, 3))
    alike, copy, few = gallery.found()
    assert (alike.kind, {alike.person_id, alike.other_id}) == (FindingKind.LOOK_ALIKES, {ada, bea})
    assert (copy.kind, copy.photo_ids) == (FindingKind.NEAR_IDENTICAL, gallery.photos(ada))
    assert (few.kind, few.person_id, few.value) == (FindingKind.FEW_PHOTOS, bea, 1)
    gallery.mending.hide(OLGA, bea)
    assert gallery.kinds() == [FindingKind.NEAR_IDENTICAL]


def test_two_who_look_alike_are_said_to_be_two(gallery: Gallery) -> None:
    ada = gallery.enrol("Ada", ADA, near(ADA, 0.05))
    bea = gallery.enrol("Bea", near(ADA, 0.06, 3), near(near(ADA, 0.06, 3), 0.03, 4))
    (alike,) = gallery.found()
    gallery.health.keep(OLGA, alike)
    assert [finding.is_kept for finding in gallery.found()] == [True]
    assert LookAlikes(gallery.database).of(ada) == {bea}
    gallery.mending.undo(OLGA, gallery.journal.rows.newest()[0].seq)
    assert [finding.is_kept for finding in gallery.found()] == [False]


def test_old_photos_and_other_models(gallery: Gallery) -> None:
    gallery.enrol("Ada", ADA, near(ADA, 0.05))
    assert gallery.kinds(NOW + timedelta(days=4 * 365 + 2)) == [FindingKind.OLD_PHOTOS]
    gallery.enrol("Bea", BEA, near(BEA, 0.05), model_id="another")
    assert gallery.kinds() == [FindingKind.OTHER_MODEL]


def test_what_is_said_to_be_fine_is_fine_until_the_photos_change(gallery: Gallery) -> None:
    ada = gallery.enrol("Ada", ADA)
    (few,) = gallery.found()
    gallery.health.keep(OLGA, few)
    assert [finding.is_kept for finding in gallery.found()] == [True]
    (row,) = gallery.journal.rows.newest()
    assert row.kind is JournalKind.FINDING_KEPT
    gallery.mending.undo(OLGA, row.seq)
    assert not gallery.found()[0].is_kept
    gallery.health.keep(OLGA, few)
    gallery.templates.add(ada, [replace(make_template(50), embedding=near(ADA, 0.001))])
    (copy,) = gallery.found()
    assert not copy.is_kept


def drifting(gallery: Gallery, lately: float, *, entries: int = 12, **changes: object) -> str:
    """Ada, who came at 0.05 in the first weeks, and lately at another distance."""
    ada = gallery.enrol("Ada", ADA, near(ADA, 0.05))
    for start, middle in ((NOW - timedelta(days=360), 0.05), (NOW - timedelta(days=40), lately)):
        for day in range(entries):
            distance = middle + 0.004 * (day % 5 - 2)
            entry = make_entry(ada, at=start + timedelta(days=day), distance=distance, **changes)
            gallery.journal.append(entry, b"crop", landmarks=np.zeros((5, 2), np.float32))
    return ada


def test_who_drifts_away_from_the_photos_is_named_with_a_picture_to_add(gallery: Gallery) -> None:
    ada = drifting(gallery, 0.08)
    (drift,) = gallery.found()
    newest = gallery.journal.events.newest(EventFilter(), limit=1)[0].seq
    assert (drift.kind, drift.person_id, drift.entry) == (FindingKind.DRIFT, ada, newest)
    assert (drift.limit, drift.value) == pytest.approx((0.05, 0.08), abs=0.003)
    gallery.journal.void(OLGA, newest)
    gallery.journal.append(make_entry(ada, at=NOW - timedelta(days=1), distance=0.08), b"aligned face alone")
    assert gallery.found()[0].entry == newest - 1


@pytest.mark.parametrize(
    "case",
    [
        {"lately": 0.054},
        {"lately": 0.08, "entries": 8},
        {"lately": 0.08, "model_id": "another"},
        {"lately": 0.08, "is_recording": True},
    ],
)
def test_who_does_not_drift_surely_is_not_named(gallery: Gallery, case: dict) -> None:
    drifting(gallery, **case)
    assert gallery.found() == []


def test_a_new_photo_begins_anew(gallery: Gallery, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = drifting(gallery, 0.08)
    monkeypatch.setattr(clock, "utc_now", lambda: NOW)
    gallery.templates.add(ada, [replace(make_template(60), embedding=near(ADA, 0.07, 5))])
    assert gallery.found() == []


def test_a_model_without_limits_is_looked_at_for_what_needs_none(gallery: Gallery) -> None:
    gallery.enrol("Ada", ADA, near(ADA, 0.001), BEA)
    gallery.enrol("Bea", BEA)
    found = gallery.health.examine(POLICY, None, NOW)
    assert [finding.kind for finding in found] == [FindingKind.LOOK_ALIKES, FindingKind.FEW_PHOTOS]
