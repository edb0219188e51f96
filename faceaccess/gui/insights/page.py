"""The page Insights: one card after another, and two photos compared."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from faceaccess.errors import FaceAccessError
from faceaccess.gui.background import Lane, Progress, run_in_background
from faceaccess.gui.door.threshold_question import may_use
from faceaccess.gui.insights.changed_entries import ChangedEntries
from faceaccess.gui.insights.groups_card import GroupsCard
from faceaccess.gui.insights.map_card import MapCard
from faceaccess.gui.insights.threshold_cost import ThresholdCost
from faceaccess.gui.insights.trial_card import TrialCard
from faceaccess.gui.insights.verify_card import VerifyCard
from faceaccess.gui.layout import column, wrapped
from faceaccess.gui.notices import Notices
from faceaccess.gui.page import Page
from faceaccess.gui.widgets.job_progress import JobProgress
from faceaccess.gui.widgets.section_page import SectionPage
from faceaccess.gui.window import entries
from faceaccess.gui.wording import amounts
from faceaccess.gui.work import Work
from faceaccess.models.evidence import Choice, DoorEvidence, GalleryEvidence
from faceaccess.recognition.types import MatchPolicy
from faceaccess.store.policy.types import ThresholdEvidence

if TYPE_CHECKING:
    from faceaccess.attendance.office import Office
    from faceaccess.door.doors import Doors
    from faceaccess.gui.live_bridge import LiveBridge
    from faceaccess.models.models import Models
    from faceaccess.people.reception import Reception
    from faceaccess.store.access.access import Access
    from faceaccess.store.journal.journal import Journal
    from faceaccess.store.people.people import People


@dataclass(frozen=True, eq=False)
class _Read:
    """What the page shows.

    Attributes:
        gallery: None when reading it was stopped.
        in_force, measured: the numbers that decide, and those measured for so many people.
        chosen: why the threshold in force was chosen.
    """

    gallery: GalleryEvidence | None
    doors: DoorEvidence
    in_force: MatchPolicy | None
    measured: MatchPolicy | None
    chosen: ThresholdEvidence | None


class InsightsPage(Page):
    """Reads the evidence behind, and again where photos, margin or model have changed since."""

    entry = entries.INSIGHTS

    event_opened = Signal(object)
    person_wanted = Signal(str)
    match_changed = Signal()

    def __init__(
        self,
        access: "Access",
        people: "People",
        reception: "Reception",
        models: "Models",
        office: "Office",
        journal: "Journal",
        doors: "Doors",
        bridge: "LiveBridge",
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._models, self._office, self._notices = models, office, notices
        self._work = Work(self, access, notices, reload=self.load)
        self._gallery: GalleryEvidence | None = None
        self._doors: DoorEvidence | None = None
        self._choice: Choice | None = None
        self._measured: MatchPolicy | None = None
        self._progress: Progress | None = None
        self.job = JobProgress(self)
        self.explanation = wrapped(
            self.tr(
                "Every enrolled photo is searched for among the others: once as its own person, once as a "
                "stranger among all others. Enrolled photos are usually better than the door's pictures, "
                "so the door's entries stand above them."
            ),
            self,
            "muted",
        )
        self.failure = wrapped("", self, "caution")
        self.failure.hide()
        self.cost = ThresholdCost(self)
        self.entries = ChangedEntries(journal, self)
        self.map = MapCard(models.maps, reception.mending, self)
        self.groups = GroupsCard(models.groups, self)
        self.verify = VerifyCard(reception, self)
        self.trial = TrialCard(
            doors.trials,
            access=access,
            people=people,
            models=models,
            office=office,
            journal=journal,
            bridge=bridge,
            notices=notices,
            parent=self,
        )
        self.sections = SectionPage(self.tr("Insights"), self)
        self.sections.add(
            self.tr("What the threshold costs"), self.explanation, self.job, self.failure, self.cost
        )
        faces = self.sections.add(self.tr("Entries decided otherwise"), self.entries)
        trial_day = self.sections.add(self.tr("Trial day"), self.trial)
        self.sections.add(self.tr("Map of the faces"), self.map)
        self.sections.add(self.tr("Groups compared"), self.groups)
        self.sections.add(self.tr("Two photos compared"), self.verify)
        column(self.sections, parent=self)
        self.cost.used.connect(self._use)
        self.cost.choice_wanted.connect(self._choose)
        self.cost.entries_changed.connect(self.entries.show_entries)
        self.cost.faces_wanted.connect(partial(self.sections.go_to, faces))
        self.trial.came_under_way.connect(partial(self.sections.put_first, trial_day))
        self.entries.opened.connect(self.event_opened)
        self.map.person_chosen.connect(self.person_wanted)

    def load(self) -> None:
        """Read the evidence; what has not changed is not worked out again."""
        self.trial.load()
        if self._progress is not None:
            return
        self.entries.show_zones(self._office.timesheets.zones())
        self._progress = progress = self.job.begin(self.tr("Comparing the people enrolled…"))
        read = partial(
            _read,
            self._models,
            self._gallery,
            progress=progress.report,
            is_cancelled=progress.is_cancelled,
        )
        run_in_background(read, self._show, self._on_failed, self, lane=Lane.LONG)

    def begin_anew(self) -> None:
        """Show nobody's faces to whoever has signed in."""
        self.entries.show_entries([])
        self.map.forget()
        self.groups.forget()
        self.trial.forget()

    def _show(self, read: _Read) -> None:
        self._progress = None
        self.job.end()
        self._gallery, self._doors, self._measured = read.gallery, read.doors, read.measured
        self.failure.setVisible(self._gallery is None)
        self.failure.setText(self.tr("Stopped. Open the page again to work it out."))
        policy = read.in_force
        threshold = policy.threshold if policy else 0.0
        self.cost.show_evidence(self._gallery, self._doors, threshold)
        self.entries.show_names(self._gallery.names if self._gallery else {})
        self.map.show_evidence(self._gallery)
        self.groups.show_evidence(self._gallery, threshold)
        self.verify.show_evidence(self._gallery, threshold if policy else None)
        evidence = read.chosen
        is_outdated = (
            evidence is not None and self._gallery is not None and evidence.gallery != self._gallery.digest
        )
        self.cost.show_choice(evidence, is_outdated=is_outdated)

    def _on_failed(self, error: FaceAccessError) -> None:
        self._progress = None
        self.job.end()
        self._notices.fail(error)

    def _use(self, threshold: float) -> None:
        """Decide by the threshold on show, after a question where it was never measured."""
        gallery, choice = self._gallery, self._choice
        if gallery is None or not may_use(self, threshold, self._measured):
            return
        if choice is not None and round(choice.threshold, 3) == round(threshold, 3):
            use = self._work.by_actor(self._models.evidence.use, gallery, choice)
        else:
            use = self._work.by_actor(self._models.thresholds.save, threshold, gallery.policy.margin)
        said = self.tr("The door decides by a threshold of {0} now.").format(amounts.distance(threshold))
        self._work.carry_out(use, self._on_used, said=said)

    def _choose(self, one_in: int) -> None:
        gallery = self._gallery
        doors = self._doors
        if gallery is None or doors is None:
            return
        choose = partial(self._models.evidence.choose, gallery, doors, one_in, now=datetime.now(UTC))
        self._work.read(choose, self._show_choice)

    def _show_choice(self, choice: Choice) -> None:
        """Show what a choice costs; it decides once it is used."""
        self._choice = choice
        self.cost.move_to(choice.threshold)
        evidence = choice.evidence
        said = self.tr("{0}: {1} of 1 000 strangers are let in here ({2} to {3}). Once used, it decides.")
        said = said.format(amounts.distance(choice.threshold), *map(amounts.per_thousand, evidence.strangers))
        if choice.is_limited:
            because = self.tr(
                "The people enrolled alone would allow a greater one; what was measured for the model, or "
                "was let in wrongly here, doesn't."
            )
            said = f"{said} {because}"
        self._notices.notify(said)

    def _on_used(self, _: object) -> None:
        self.match_changed.emit()
        self.load()


def _read(
    models: "Models",
    known: GalleryEvidence | None,
    *,
    progress: Callable[[int, int], None],
    is_cancelled: Callable[[], bool],
) -> _Read:
    """Return the evidence; that of the people enrolled as it was, where nothing has changed. Slow."""
    # What draws the plots, loaded while the evidence is read, and not at the start of the program.
    import pyqtgraph  # noqa: F401

    evidence, thresholds = models.evidence, models.thresholds
    doors, gallery = evidence.of_doors(now=datetime.now(UTC)), known
    if known is None or known.digest != evidence.digest() or known.policy.margin != doors.margin:
        gallery = evidence.of_gallery(progress=progress, is_cancelled=is_cancelled)
    return _Read(gallery, doors, thresholds.in_force, thresholds.measured, thresholds.evidence)
