"""Enrolling people: consent, photos and templates are stored together, once doubles are ruled out."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from faceaccess.codes import JournalKind, Right
from faceaccess.errors import EnrolmentError
from faceaccess.people.consent import CarriedConsent, ConsentOffice
from faceaccess.people.enrolment.capture import Observation
from faceaccess.people.enrolment.doubles import DoubleFound, Doubles, Likeness
from faceaccess.people.enrolment.photo_review import ADDS_NOTHING, PhotoReview, Reviewer, new_template
from faceaccess.people.enrolment.photo_set import judged
from faceaccess.people.enrolment.surplus import Surplus
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.recognition.types import EnrolmentLimits
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import Actor
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.look_alikes import LookAlikes
from faceaccess.store.people.people import People
from faceaccess.store.people.photos import Photos
from faceaccess.store.people.refused_doubles import RefusedDoubles
from faceaccess.store.people.templates import Templates
from faceaccess.store.people.types import NewConsent, NewTemplate, Person
from faceaccess.vision.types import Detection, FloatArray, ImageArray


class Enrolment:
    """The use cases of enrolling. Slow: call off the GUI thread."""

    def __init__(
        self,
        recogniser: Recogniser,
        *,
        database: Database,
        people: People,
        templates: Templates,
        journal: Journal,
        consents: ConsentOffice,
        on_change: Callable[[str], None],
        limits: EnrolmentLimits | None = None,
        usual_limit: float = 0.0,
    ) -> None:
        """Take the parts.

        Args:
            recogniser: model and gallery.
            database: of all the others.
            people: the people enrolled.
            templates: theirs.
            journal: where it is recorded.
            consents: asked whether a consent is needed, and given those that there are.
            on_change: called when templates were added, with the id of who got them.
            limits: measured for the model; None judges photos by what holds for every model.
            usual_limit: nearer than this (squared L2), two may be one where no limits were measured.
        """
        self.recogniser = recogniser
        self.database, self._people, self._templates, self._journal = database, people, templates, journal
        self._consents, self._on_change, self._limits = consents, on_change, limits
        self._reviewer = Reviewer(recogniser, limits)
        self._look_alikes = LookAlikes(database)
        self._surplus = Surplus(Photos(database), templates, journal)
        self.doubles = Doubles(
            recogniser.gallery,
            base=limits.doubles_base if limits else usual_limit,
            weight=limits.doubles_weight if limits else 0.0,
            crowd_farthest=limits.crowd_farthest if limits else 4.0,
            people=people,
            templates=templates,
            look_alikes=self._look_alikes,
            refused=RefusedDoubles(database),
        )

    def review_file(self, path: Path) -> PhotoReview:
        """Look at a photo file; what is wrong with it is in the review, not raised."""
        return self._reviewer.review_file(path)

    def review_image(self, image: ImageArray, source: str = "webcam") -> PhotoReview:
        """Look at a picture. image: (H, W, 3) uint8, RGB."""
        return self._reviewer.review_image(image, source)

    def observe(self, image: ImageArray) -> Observation:
        """Look at a frame for guidance. image: (H, W, 3) uint8, RGB."""
        return self._reviewer.observe(image)

    def choose_face(self, review: PhotoReview, face: Detection) -> PhotoReview:
        """Return the review of one face of a photo that has several."""
        return self._reviewer.choose_face(review, face)

    def judge(self, reviews: Sequence[PhotoReview], person_id: str | None = None) -> list[PhotoReview]:
        """Return reviews judged beside each other and the person's other photos.

        Args:
            reviews: in the order in which they came.
            person_id: who gets them, if enrolled already.
        """
        return judged(reviews, self._kept(person_id), self._limits)

    def likenesses(self, reviews: Sequence[PhotoReview], person_id: str | None = None) -> list[Likeness]:
        """Return the enrolled people who look most like the face of some photos, nearest first.

        Args:
            reviews: those that aren't good are passed over.
            person_id: whose photos they are, if enrolled already.
        """
        good = [review.embedding for review in reviews if review.is_good and review.embedding is not None]
        return self.doubles.nearest(np.stack(good), leave_out=person_id) if good else []

    @needs(Right.ENROL)
    def enrol(
        self,
        actor: Actor,
        *,
        name: str,
        staff_number: str | None,
        department: str,
        reviews: Sequence[PhotoReview],
        email: str = "",
        consent: NewConsent | CarriedConsent | None = None,
        different_from: Sequence[str] | None = (),
        why: str = "",
        is_active: bool = True,
        may_lack_photos: bool = False,
    ) -> Person:
        """Enrol a new person, recognised from the next frame on.

        Args:
            actor: who does it.
            name: of the person.
            staff_number: unique, or None.
            department: may be "".
            reviews: of the photos, judged once more beside each other.
            email: may be "".
            consent: what the person agreed to; a folder that has operators needs one.
            different_from: ids of people whom the operator knows to be others, marked as look-alikes;
                None asks about nobody.
            why: how the operator knows.
            is_active: whether the person may come in.
            may_lack_photos: whether somebody is enrolled without any, as one who came from elsewhere.

        Raises:
            DoubleFound: the face may be that of somebody who isn't in `different_from`.
            ConsentError: there is none, or it can't be.
            EnrolmentError: no good photo, an unusable name, no reason, or a staff number that is taken.
            StoreError: it could not be written; nothing was.
        """
        good = [] if may_lack_photos and not reviews else self._good(reviews, None)
        new = self._new_templates(good)
        alike = self._doubles_of(good, None)
        self._check_doubles(good, alike, different_from, why)
        with self.database.transaction():
            person = self._people.create(
                name=name, staff_number=staff_number or None, department=department, email=email
            )
            self._templates.add(person.person_id, new)
            details = {"photos": len(new), **_noted(good)}
            if alike:
                details["look_alikes"] = [likeness.person.person_id for likeness in alike]
            note = _note(good, why if alike else "")
            self._journal.record(
                actor, JournalKind.PERSON_ENROLLED, person_id=person.person_id, details=details, note=note
            )
            if not is_active:
                self._deactivate(actor, person)
            self._require_consent(actor, person, consent, has_photos=bool(new))
            self._mark(person, different_from)
        self._on_change(person.person_id)
        return self._people.get(person.person_id, self.recogniser.embedder.model_id)

    @needs(Right.ENROL)
    def add_photos(
        self,
        actor: Actor,
        person_id: str,
        reviews: Sequence[PhotoReview],
        consent: NewConsent | CarriedConsent | None = None,
        *,
        different_from: Sequence[str] | None = (),
        why: str = "",
    ) -> int:
        """Add photos to a person and return how many were new; near copies of others aren't.

        Args:
            actor: who does it.
            person_id: who gets them.
            reviews: judged once more beside each other and the person's photos.
            consent: what the person agrees to now.
            different_from: as for `enrol`; people nearer than the person's own photos are asked about.
            why: how the operator knows.

        Raises:
            DoubleFound: the face may be that of somebody who isn't in `different_from`.
            ConsentError: the person has none in force, a folder with operators needs one, and none is given.
            EnrolmentError: no good photo, or no such person.
            StoreError: it could not be written; nothing was.
        """
        known = self._templates.photo_hashes(person_id)
        added = [review for review in reviews if review.sha256 not in known]
        if not added:
            return 0
        if all(review.problem in ADDS_NOTHING for review in self.judge(added, person_id)):
            return 0
        good = self._good(added, person_id)
        new = self._new_templates(good)
        alike = self._doubles_of(good, person_id)
        self._check_doubles(good, alike, different_from, why)
        with self.database.transaction():
            person = self._people.get(person_id)
            self._templates.add(person_id, new)
            details = {"photos": len(new), **_noted(good)}
            note = _note(good, why if alike else "")
            self._journal.record(
                actor, JournalKind.PHOTOS_ADDED, person_id=person_id, details=details, note=note
            )
            self._require_consent(actor, person, consent)
            self._mark(person, different_from)
            self._surplus.hide(actor, person_id, self.recogniser.embedder.model_id, len(new))
        self._on_change(person.person_id)
        return len(new)

    def _kept(self, person_id: str | None) -> FloatArray:
        if person_id is None:
            return np.empty((0, 0), np.float32)
        return self._templates.embeddings(person_id, self.recogniser.embedder.model_id)

    def _good(self, reviews: Sequence[PhotoReview], person_id: str | None) -> list[PhotoReview]:
        unique = list({review.sha256: review for review in reviews}.values())
        good = [review for review in self.judge(unique, person_id) if review.is_good]
        if not good:
            raise EnrolmentError("There is no photo that can be enrolled.", "Add a clear photo of one face.")
        return good

    def _new_templates(self, good: Sequence[PhotoReview]) -> list[NewTemplate]:
        return [new_template(review, self.recogniser.embedder.model_id) for review in good]

    def _deactivate(self, actor: Actor, person: Person) -> None:
        """Deactivate somebody, in the journal too: retention counts from there."""
        self._people.set_active(person.person_id, False)
        details = {"fields": ["is_active"], "is_active": False}
        self._journal.record(actor, JournalKind.PERSON_CHANGED, person_id=person.person_id, details=details)

    def _doubles_of(self, good: Sequence[PhotoReview], person_id: str | None) -> list[Likeness]:
        if not good:
            return []
        embeddings = [review.embedding for review in good if review.embedding is not None]
        assert len(embeddings) == len(good), "a good photo has an embedding"
        return self.doubles.asked_about(np.stack(embeddings), _hashes(good), person_id)

    def _mark(self, person: Person, different_from: Sequence[str] | None) -> None:
        """Store the people somebody looks like and is not; one erased meanwhile is refused."""
        for other_id in different_from or ():
            self._look_alikes.mark(person.person_id, self._people.there(other_id).person_id)

    def _check_doubles(
        self,
        good: Sequence[PhotoReview],
        alike: Sequence[Likeness],
        different_from: Sequence[str] | None,
        why: str,
    ) -> None:
        if different_from is None:
            return
        open_ones = [likeness for likeness in alike if likeness.person.person_id not in different_from]
        if open_ones:
            raise DoubleFound(open_ones, [good[likeness.row].sha256 for likeness in open_ones])
        if alike and not why.strip():
            raise EnrolmentError("Keeping two people who look alike apart needs a reason.", "Write it down.")

    def _require_consent(
        self,
        actor: Actor,
        person: Person,
        consent: NewConsent | CarriedConsent | None,
        *,
        has_photos: bool = True,
    ) -> None:
        """Store a consent inside the transaction of what it is needed for."""
        if isinstance(consent, NewConsent):
            self._consents.record(actor, person.person_id, consent)
            return
        if consent is not None:
            self._consents.take_over(actor, person.person_id, consent)
        if has_photos:
            self._consents.require(person)


def _hashes(reviews: Sequence[PhotoReview]) -> list[str]:
    return [review.sha256 for review in reviews]


def _noted(reviews: Sequence[PhotoReview]) -> dict[str, object]:
    """Return for the journal where photos came from, and the measures of those taken all the same."""
    rows = [
        {
            "problem": review.problem,
            "measured": next(
                (round(f.measured, 4) for f in review.faults if f.problem is review.problem), None
            ),
        }
        for review in reviews
        if review.problem is not None
    ]
    transferred = {"is_transferred": True} if any(review.template for review in reviews) else {}
    return {**transferred, **({"overridden": rows} if rows else {})}


def _note(reviews: Sequence[PhotoReview], why: str) -> str:
    """Return the operator's reasons, to be kept beside the journal."""
    reasons = [review.override for review in reviews if review.override]
    return "; ".join(dict.fromkeys([*reasons, *([why.strip()] if why.strip() else [])]))
