"""Records for the tests of the store."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from faceaccess.codes import Outcome, Reason
from faceaccess.store.access.types import Actor
from faceaccess.store.journal.types import Entry
from faceaccess.store.people.types import NewTemplate

OPERATOR = Actor("olga")
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
MODEL = "dlib-128"


def make_embedding(seed: int, size: int = 128) -> np.ndarray:
    """Return a random unit embedding, (size,) float32."""
    embedding = np.random.default_rng(seed).normal(size=size)
    return (embedding / np.linalg.norm(embedding)).astype(np.float32)


def make_template(seed: int, *, size: int = 128, **changes: object) -> NewTemplate:
    """Return a template of a photo of its own."""
    template = NewTemplate(
        embedding=make_embedding(seed, size),
        model_id=MODEL,
        quality=20.0 + seed,
        photo=b"photo-%d" % seed,
        photo_sha256=f"{seed:064x}",
        crop=b"crop-%d" % seed,
        landmarks=np.arange(10, dtype=np.float32).reshape(5, 2),
    )
    return replace(template, **changes)


def make_entry(person_id: str | None = None, *, second: float = 0, **changes: object) -> Entry:
    """Return an entry: accepted with a person, else unknown."""
    entry = Entry(
        at=NOON + timedelta(seconds=second),
        zone="UTC+01:00",
        outcome=Outcome.ACCEPTED if person_id else Outcome.UNKNOWN,
        reason=Reason.MATCH if person_id else Reason.NO_MATCH,
        person_id=person_id,
        distance=0.12345678,
        runner_up_id=None,
        runner_up_distance=None,
        threshold=0.3,
        margin=0.05,
        model_id=MODEL,
        device="CPU",
        quality=21.5,
        camera="Door",
    )
    return replace(entry, **changes)
