"""The use cases about people, wired together."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from faceaccess.models.models import Models
from faceaccess.people.consent import ConsentOffice
from faceaccess.people.directory import Directory
from faceaccess.people.disclosure import Disclosure
from faceaccess.people.enrolment.enrolling import Enrolling
from faceaccess.people.enrolment.enrolment import Enrolment
from faceaccess.people.gallery.erasure import Eraser
from faceaccess.people.gallery.health import Finding, Health
from faceaccess.people.gallery.mending import Mending
from faceaccess.people.gallery.withdrawals import Withdrawals
from faceaccess.people.selected import SelectedPeople
from faceaccess.people.visitors import Visitors
from faceaccess.recognition.calibration import enrolment_limits
from faceaccess.recognition.types import MatchPolicy
from faceaccess.store.access.groups import GroupMembers
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.consents import Consents
from faceaccess.store.people.people import People
from faceaccess.store.policy.policies import Policies


class Reception:
    """The use cases about people, by noun.

    Attributes:
        directory: creates people and changes their names, numbers, PINs.
        consents: asks for, records and follows up consents.
        consent_records: those given.
        enrolling: gives people templates, at the desk and from files.
        mending: merges, splits and moves; undoes.
        health: says what may be amiss with the photos enrolled.
        withdrawals: hides a face whose consent was withdrawn.
        eraser: removes for good.
        disclosure: hands out what is kept of somebody.
        visitors: unknown faces that came more than once.
    """

    def __init__(
        self,
        database: Database,
        *,
        people: People,
        journal: Journal,
        policies: Policies,
        members: GroupMembers,
        models: Models,
        backup_folders: Callable[[], Iterable[Path]],
        on_people_changed: Callable[[], None],
    ) -> None:
        """Wire them.

        Args:
            database: of all the others.
            people: the people enrolled.
            journal: where what is done is recorded.
            policies: say what a consent needs and how long things are kept.
            members: of access groups.
            models: recognise faces.
            backup_folders: returns where backups may lie.
            on_people_changed: called when people came, went or changed.
        """
        self._models = models
        self.directory = Directory(
            database=database, people=people, journal=journal, on_change=on_people_changed
        )
        self.health = Health(database, people, journal)
        self.disclosure = Disclosure(
            database, people=people, journal=journal, policies=policies, members=members
        )
        self.consent_records = Consents(database)
        self.consents = ConsentOffice(
            database, consents=self.consent_records, people=people, policies=policies, journal=journal
        )
        self.enrolling = Enrolling(
            models.recognisers,
            models.thresholds,
            people=people,
            templates=models.templates,
            journal=journal,
            consents=self.consents,
            consent_records=self.consent_records,
            directory=self.directory,
            on_change=models.refresh_gallery,
        )
        self.visitors = Visitors(
            database,
            journal,
            policies,
            door=lambda: models.recogniser,
            again=lambda: self.enrolment.recogniser,
            match=lambda: models.thresholds.in_force,
        )
        self.mending = Mending(
            database,
            people=people,
            journal=journal,
            consents=self.consents,
            on_change=on_people_changed,
        )
        self.selected = SelectedPeople(
            database,
            people=people,
            journal=journal,
            consents=self.consents,
            on_change=on_people_changed,
        )
        self.withdrawals = Withdrawals(
            database,
            people=people,
            consents=self.consent_records,
            journal=journal,
            on_change=on_people_changed,
        )
        self.eraser = Eraser(
            database,
            people=people,
            consents=self.consent_records,
            policies=policies,
            journal=journal,
            backup_folders=backup_folders,
            on_change=on_people_changed,
        )

    @property
    def enrolment(self) -> Enrolment:
        """Enrolling one person at a time; loads the active model. May be called on any thread."""
        return self.enrolling.enrolment

    def load_models(self, progress: Callable[[int, int], None] = lambda _done, _all: None) -> None:
        """Load what the door and enrolment need. Slow the first time ever (networks are exported)."""
        steps: tuple[Callable[[], object], ...] = (lambda: self._models.recogniser, lambda: self.enrolment)
        for done, step in enumerate(steps, 1):
            step()
            progress(done, len(steps))

    def examine_health(
        self,
        *,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> list[Finding]:
        """Return the findings about the photos enrolled; a model without limits finds few."""
        model_id = self._models.model_id
        policy = self._models.thresholds.in_force or MatchPolicy(model_id, 0.0, 0.0)
        return self.health.examine(
            policy,
            enrolment_limits(model_id),
            datetime.now(UTC),
            progress=progress,
            is_cancelled=is_cancelled,
        )
