"""Policies, as the rest of the program sees them."""

from dataclasses import dataclass
from datetime import datetime

from faceaccess.errors import SettingsError, Text
from faceaccess.settings import Notification

_GREATEST_DISTANCE = 4.0


@dataclass(frozen=True)
class ModelChoice:
    """The models in use, by their names as `models list` shows them.

    Attributes:
        active: decides at the door; None: nobody chose one, so the built-in one does.
        candidate: is made ready and decides beside it without effect; None for none.
        former: decided before `active`, and is kept ready to go back to; None for none.
        tried_since: UTC time since which the candidate is tried; None without one.
    """

    active: str | None = None
    candidate: str | None = None
    former: str | None = None
    tried_since: datetime | None = None


@dataclass(frozen=True)
class LearnedModel:
    """A network that was trained or adapted, as it was added; its graph lies among the models.

    Attributes:
        name: as `models list` shows it.
        title: for people.
        sha256: hex digest of its graph: another graph is not run.
        dimension: length of an embedding.
        crop_px: side of its crops, pixels.
        detector: whose points its crops are cut by.
        licence: of the photos that it was learned from, as given.
    """

    name: str
    title: str
    sha256: str
    dimension: int
    crop_px: int
    detector: str
    licence: str


@dataclass(frozen=True)
class LearnedModels:
    """The networks that were added to those that come with the program."""

    models: tuple[LearnedModel, ...] = ()

    def find(self, name: str) -> LearnedModel | None:
        """Return the model of a name, None where there is none."""
        return next((model for model in self.models if model.name == name), None)


@dataclass(frozen=True)
class Channels:
    """The ways in which other programs are told of entries and camera faults."""

    channels: tuple[Notification, ...] = ()

    def check(self) -> None:
        """Check that every channel can be told.

        Raises:
            SettingsError: one of them could not be told as it is set up.
        """
        for channel in self.channels:
            channel.check()


@dataclass(frozen=True)
class DeskPinHash:
    """The digest of the PIN that ends the kiosk; "" when there is none."""

    secret: str = ""


@dataclass(frozen=True)
class HeadsFolder:
    """The folder where the journal's end is kept each day; "" keeps it nowhere."""

    folder: str = ""


@dataclass(frozen=True)
class Baseline:
    """The look of faces where people stand when a camera was set up: medians of `Quality`.

    Attributes:
        face_px: shorter side of the face box, pixels.
        sharpness: as `vision.types.Quality.sharpness`.
        brightness: mean grey level of the face, 0 to 255.
        yaw: turn of the head, as `vision.types.Quality.yaw`.
    """

    face_px: float
    sharpness: float
    brightness: float
    yaw: float


@dataclass(frozen=True)
class ThresholdEvidence:
    """Why a threshold was chosen: what it cost on the people enrolled then.

    Attributes:
        one_in: one stranger in so many searches was to be let in.
        searches: how many searches by strangers it was chosen from.
        people: how many were enrolled.
        strangers: part of strangers let in, and the ends of its interval.
        staff: part of staff refused, likewise; () where nobody had two photos.
        gallery: digest of the photos that it was chosen from.
        chosen_at: UTC, as ISO 8601 has it.
    """

    one_in: int
    searches: int
    people: int
    strangers: tuple[float, ...]
    staff: tuple[float, ...]
    gallery: str
    chosen_at: str


@dataclass(frozen=True)
class StoredMatch:
    """The numbers that decide for one model, as `recognition.types.MatchPolicy` has them.

    Attributes:
        people: how many were enrolled when they were set; 0: not known.
        evidence: of a threshold that was chosen from the people enrolled; None of any other.
    """

    model_id: str
    threshold: float
    margin: float
    source: str = ""
    people: int = 0
    evidence: ThresholdEvidence | None = None

    def check(self) -> None:
        """Check that the numbers are possible distances.

        Raises:
            SettingsError: a number outside 0 to 4.
        """
        for name, number in ((Text("threshold"), self.threshold), (Text("margin"), self.margin)):
            if not 0 <= number <= _GREATEST_DISTANCE:
                raise SettingsError(
                    "The {name} is {number}; it must be 0 to {greatest:g}.",
                    name=name,
                    number=number,
                    greatest=_GREATEST_DISTANCE,
                )
