"""People and their records, as the rest of the program sees them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from faceaccess.codes import ConsentDue, OtherWay, Outcome, VisitorMark
from faceaccess.store.journal.types import Event
from faceaccess.store.people.names import fold


@dataclass(frozen=True)
class Person:
    """Someone enrolled.

    Attributes:
        person_id: random id, 32 hex digits; means nothing outside this data folder.
        staff_number: unique when given; None when the person has none.
        template_count: templates of the active model.
        email: "" when there is none.
        is_number_shared: whether the staff number is the same as an earlier person's but for case, width or
            blanks: a folder of an older program may have such.
        created_at: UTC time of enrolment; of the earliest where people were merged.
        last_seen: UTC time of the newest accepted entry, or None.
        hidden_at: UTC time at which the person was deleted, or None; can be restored until erased.
        other_way: how the person comes in where others are asked to turn the head; None for being asked.
    """

    person_id: str
    name: str
    staff_number: str | None
    department: str
    is_active: bool
    created_at: datetime
    template_count: int = 0
    has_pin: bool = False
    last_seen: datetime | None = None
    hidden_at: datetime | None = None
    email: str = ""
    is_number_shared: bool = False
    other_way: OtherWay | None = None

    def is_called(self, name: str) -> bool:
        """Tell whether it is the person's name, as the store compares names."""
        return fold(self.name) == fold(name)

    def has_number(self, staff_number: str) -> bool:
        """Tell whether it is the person's staff number, as the store compares them."""
        return fold(self.staff_number or "") == fold(staff_number)


@dataclass(frozen=True, eq=False)
class NewTemplate:
    """A template to store, with the photo it came from.

    Attributes:
        embedding: (D,) float32 of unit norm.
        model_id: the model that made it.
        quality: sharpness of the photo's crop, as `vision.types.Quality.sharpness`.
        photo: JPEG bytes, at most 1024 px on the longer side.
        photo_sha256: hex digest of the original file's bytes (finds the same photo again).
        crop: JPEG bytes of the loose crop kept for re-embedding.
        landmarks: (5, 2) float32, pixels of the loose crop.
    """

    embedding: NDArray[np.float32]
    model_id: str
    quality: float
    photo: bytes
    photo_sha256: str
    crop: bytes
    landmarks: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class AnotherTemplate:
    """A template of another model, to store beside those of a photo that is kept.

    Attributes:
        embedding, model_id, quality, photo_sha256: as `NewTemplate`'s.
    """

    embedding: NDArray[np.float32]
    model_id: str
    quality: float
    photo_sha256: str


@dataclass(frozen=True, eq=False)
class StoredCrop:
    """A loose crop kept for embedding a photo again with another model.

    Attributes:
        photo_sha256: hex digest of the original file's bytes.
        crop: JPEG bytes.
        landmarks: (5, 2) float32, pixels of the crop.
    """

    photo_sha256: str
    crop: bytes
    landmarks: NDArray[np.float32]


@dataclass(frozen=True)
class Readiness:
    """How many people have templates of a model.

    Attributes:
        people: who have photos.
        ready: those of them who have templates of it.
    """

    people: int
    ready: int


@dataclass(frozen=True)
class ShadowCounts:
    """How often two models agreed about entries.

    Attributes:
        agreed: both named the same person, or both nobody.
        disagreed: the candidate says something else.
        by_picture: it does too, but it saw one picture, from which alone the model in use would have said
            the same as it.
        not_compared: entries by face that the candidate did not decide about: it was behind, had no
            threshold, or the picture is no longer kept.
    """

    agreed: int
    disagreed: int
    by_picture: int
    not_compared: int

    @property
    def compared(self) -> int:
        """How many entries the candidate decided about."""
        return self.agreed + self.disagreed + self.by_picture


@dataclass(frozen=True, eq=False)
class VisitorFace:
    """A face at the door that was not recognised.

    Attributes:
        seq: of the entry that it belongs to.
        at: UTC time of that entry.
        zone: name of the zone in force, or its UTC offset.
        quality: sharpness of its crop.
        embedding: (D,) float32 of unit norm, of the whole track.
        joined: a number that faces have in common which an operator says show one person.
        ignored: why nobody is to be asked about it, or None.
    """

    seq: int
    at: datetime
    zone: str
    door: str
    camera: str
    quality: float
    embedding: NDArray[np.float32]
    joined: int | None
    ignored: VisitorMark | None


@dataclass(frozen=True, eq=False)
class WholePhoto:
    """A photo whole, to be carried elsewhere; see `NewTemplate`.

    Attributes:
        sha256: hex digest of the original file's bytes.
        crop: JPEG bytes of the loose crop.
        jpeg: JPEG bytes of the photo.
        landmarks: (5, 2) float32, pixels of the loose crop.
        embeddings: (D,) float32 of unit norm, by model_id.
    """

    sha256: str
    quality: float
    landmarks: NDArray[np.float32]
    crop: bytes
    jpeg: bytes
    embeddings: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)

    def template(self, model_id: str, embedding: NDArray[np.float32]) -> NewTemplate:
        """Return its template to store for a model."""
        return NewTemplate(
            embedding=embedding,
            model_id=model_id,
            quality=self.quality,
            photo=self.jpeg,
            photo_sha256=self.sha256,
            crop=self.crop,
            landmarks=self.landmarks,
        )


@dataclass(frozen=True)
class StoredPhoto:
    """A stored photo of somebody, without its pixels.

    Attributes:
        person_id: whose it is.
        quality: sharpness of its crop.
        created_at: UTC time at which it was enrolled.
        hidden_at: UTC time at which it was deleted, or None; can be restored until erased.
    """

    photo_id: int
    person_id: str
    quality: float
    created_at: datetime
    hidden_at: datetime | None = None


@dataclass(frozen=True, eq=False)
class PhotoEmbeddings:
    """One template of a model for each photo that has any, those of a person one after the other.

    Attributes:
        photo_ids: (N,) int64.
        person_ids: N ids.
        embeddings: (N, D) float32 of unit norm.
    """

    photo_ids: NDArray[np.int64]
    person_ids: tuple[str, ...]
    embeddings: NDArray[np.float32]


@dataclass(frozen=True)
class Coverage:
    """How well somebody is enrolled.

    Attributes:
        photos: how many there are.
        newest: UTC time at which the newest was enrolled.
        templates: how many of the photos have one of the model asked for.
    """

    person_id: str
    photos: int
    newest: datetime
    templates: int


@dataclass(frozen=True)
class Erasure:
    """The amounts removed with a person.

    Attributes:
        crops: pictures of entries.
        notes: free words beside the log.
        consents: consents with their signatures.
    """

    photos: int
    templates: int
    crops: int
    notes: int = 0
    consents: int = 0


@dataclass(frozen=True)
class ConsentText:
    """A text that people agree to; it never changes, another version follows it.

    Attributes:
        version: counts all texts of a data folder, whatever their language.
        language: such as "en".
        is_current: the newest of its language.
    """

    version: int
    language: str
    text: str
    created_at: datetime
    is_current: bool


@dataclass(frozen=True)
class NewConsent:
    """A consent to be stored.

    Attributes:
        version: of the text.
        expires_on, review_on: None takes what the policy says; `Consents.add` takes them as given.
        signature: PNG of the drawn signature, or None.
    """

    version: int
    given_on: date
    expires_on: date | None = None
    review_on: date | None = None
    signature: bytes | None = None


@dataclass(frozen=True)
class Consent:
    """A stored consent.

    Attributes:
        recorded_by: name of the operator.
        withdrawn_at: UTC time since which it no longer holds, or None.
    """

    consent_id: int
    person_id: str
    version: int
    language: str
    given_on: date
    expires_on: date | None
    review_on: date | None
    recorded_at: datetime
    recorded_by: str
    has_signature: bool
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class DueConsent:
    """A consent that needs attention.

    Attributes:
        name: as in `People.label` where it is shown.
        day: the one that matters, if there is one.
        words: the operator who withdrew it, and the reason.
    """

    person_id: str
    name: str
    due: ConsentDue
    day: date | None
    words: str = ""


@dataclass(frozen=True)
class HeldWithdrawal:
    """A consent that was withdrawn, whose face is hidden and will be erased.

    Attributes:
        seq: of the journal's row.
        at: UTC.
    """

    seq: int
    person_id: str
    at: datetime


@dataclass(frozen=True, eq=False)
class TemplateSet:
    """All templates of one model, as arrays in template order.

    Attributes:
        template_ids: (N,) int64.
        person_ids: N ids.
        is_active: (N,) bool, False for templates of deactivated people.
        embeddings: (M, D) float32 of unit norm, of the last M: those newer than was asked for.
    """

    template_ids: NDArray[np.int64]
    person_ids: tuple[str, ...]
    is_active: NDArray[np.bool_]
    embeddings: NDArray[np.float32]


@dataclass(frozen=True)
class Disagreement:
    """An entry that a model on trial would have decided differently.

    Attributes:
        event: the entry, with what the active model said.
        outcome: what the candidate says.
        person_id, person_name: the person it names, or None.
        distance: its distance to the nearest person, squared L2 of its own scale; None: nobody is enrolled.
    """

    event: Event
    outcome: Outcome
    person_id: str | None
    person_name: str | None
    distance: float | None
