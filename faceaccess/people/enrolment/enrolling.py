"""Enrolling with the active model: at the desk, from files and tables, and from another installation."""

from collections.abc import Callable

from faceaccess.codes import Right
from faceaccess.errors import EnrolmentError
from faceaccess.models.kept_faces import image_of
from faceaccess.models.recognisers import Recognisers
from faceaccess.models.reembedding import reembed
from faceaccess.models.thresholds import Thresholds
from faceaccess.people.arrivals.admission import Admission
from faceaccess.people.arrivals.transfer import Transfer
from faceaccess.people.consent import ConsentOffice
from faceaccess.people.directory import Directory
from faceaccess.people.enrolment.enrolment import Enrolment
from faceaccess.people.enrolment.photo_review import PhotoReview, Reviewer
from faceaccess.recognition.calibration import enrolment_limits
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import Actor
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.consents import Consents
from faceaccess.store.people.people import People
from faceaccess.store.people.templates import Templates

Progress = Callable[[int, int], None]


class Enrolling:
    """The ways in which people are enrolled, all by networks that the door doesn't use.

    What was made of a model is forgotten with it: never keep the use cases, ask anew.
    """

    def __init__(
        self,
        recognisers: Recognisers,
        thresholds: Thresholds,
        *,
        people: People,
        templates: Templates,
        journal: Journal,
        consents: ConsentOffice,
        consent_records: Consents,
        directory: Directory,
        on_change: Callable[[str | None], None],
    ) -> None:
        """Take the parts.

        Args:
            recognisers: load the active model.
            thresholds: say what counts as near where no limits were measured.
            people: the people enrolled.
            templates: theirs.
            journal: where it is recorded.
            consents: asked whether a consent is needed.
            consent_records: those given.
            directory: names and groups of people.
            on_change: called when templates were added, with the id of who got them; None for everybody.
        """
        self.database = journal.database
        self._recognisers, self._thresholds = recognisers, thresholds
        self._people, self._templates, self._journal = people, templates, journal
        self._consents, self._consent_records, self._directory = consents, consent_records, directory
        self._on_change = on_change
        self._enrolment: Enrolment | None = None

    @property
    def enrolment(self) -> Enrolment:
        """Enrolling one person at a time; loads the model at the first call. May be called on any thread."""
        with self._recognisers.loading:
            if self._enrolment is None:
                # The door's networks are in use on the inference thread.
                own = self._recognisers.load_beside()
                policy = self._thresholds.in_force
                self._enrolment = Enrolment(
                    own,
                    database=self.database,
                    people=self._people,
                    templates=self._templates,
                    journal=self._journal,
                    consents=self._consents,
                    on_change=self._on_change,
                    limits=enrolment_limits(own.embedder.model_id),
                    usual_limit=policy.threshold if policy else 0.0,
                )
            return self._enrolment

    @property
    def arrivals(self) -> Admission:
        """Admitting people from tables, folders and photo files; loads no model yet."""
        return Admission(
            self.database,
            enrolment=lambda: self.enrolment,
            people=self._people,
            templates=self._templates,
            directory=self._directory,
            consents=self._consents,
            new_reviewer=self._new_reviewer,
        )

    @property
    def transfer(self) -> Transfer:
        """Carrying people to another installation; loads no model. Incoming people are `arrivals`."""
        return Transfer(
            self.database,
            people=self._people,
            templates=self._templates,
            consents=self._consent_records,
            journal=self._journal,
        )

    def forget(self) -> None:
        """Rebuild everything with the active model when it is next asked for."""
        with self._recognisers.loading:
            self._enrolment = None

    def review_door_photo(self, seq: int) -> PhotoReview:
        """Look at the picture of an entry as a photo to enrol. Slow.

        Raises:
            EnrolmentError: the picture is no longer kept, or is the bare face that an older program kept.
        """
        crop = self._journal.events.entry_crop(seq)
        if crop is None or crop.landmarks is None:
            raise EnrolmentError(
                "The picture of entry {seq} can't be used any more.", "Take a new photo.", seq=seq
            )
        return self.enrolment.review_image(image_of(crop), f"entry {seq}")

    @needs(Right.ENROL)
    def make_ready(
        self,
        actor: Actor,
        *,
        progress: Progress = lambda _done, _all: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        """Give templates of the active model to everybody who has none. Slow.

        Raises:
            Cancelled: the operator stopped it.
        """
        own = self.enrolment.recogniser
        reembed(self._templates, own.detector, own.embedder, progress=progress, is_cancelled=is_cancelled)
        self._on_change(None)

    def _new_reviewer(self) -> Reviewer:
        """Return a reviewer for photos on a thread of its own."""
        own = self._recognisers.load_beside()
        return Reviewer(own, enrolment_limits(own.embedder.model_id))
