"""The attack drill: pictures of somebody who agreed are held before a door; what comes of them is counted."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from faceaccess.codes import AttackKind, JournalKind, LivenessMode, Method, Outcome, ReportFormat, Right
from faceaccess.errors import FaceAccessError
from faceaccess.recognition.intervals import Rate, case_rate
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import Actor
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.types import Event, EventFilter, JournalRow
from faceaccess.store.people.people import People
from faceaccess.store.policy.policies import Policies

_KINDS = (JournalKind.DRILL_BEGUN, JournalKind.DRILL_CHOSEN, JournalKind.DRILL_SAID, JournalKind.DRILL_ENDED)
_PAGE = 500

REAL_WITHIN = timedelta(days=30)
"""Real visits so long before a drill's end tell how many genuine faces the door suspects."""


@dataclass(frozen=True)
class Drill:
    """A drill at a door.

    Attributes:
        seq: of the journal row that begins it.
        door: its name.
        mode, limit: what the door did about photos and screens when the drill began; its limit of doubt.
        began_at, ended_at: UTC; the latter is None while it goes on.
        kind: what is held up now; None before it is chosen.
        person_id: the person whose pictures are held up now.
        has_changed: whether the door does something else about photos and screens at its end.
        unnoticed: how many presentations of each kind made no entry, as the operator says.
    """

    seq: int
    door: str
    began_at: datetime
    mode: LivenessMode
    limit: float
    ended_at: datetime | None = None
    kind: AttackKind | None = None
    person_id: str | None = None
    has_changed: bool = False
    unnoticed: Mapping[AttackKind, int] = field(default_factory=dict)

    @property
    def is_under_way(self) -> bool:
        """Whether it goes on."""
        return self.ended_at is None


@dataclass(frozen=True)
class DrillRow:
    """What a door made of the presentations of a kind.

    Attributes:
        passed: let in, under whatever name.
        suspected: recognised, and not let in because it was not confirmed as live.
        others: refused otherwise, or not noticed.
    """

    kind: AttackKind
    passed: int
    suspected: int
    others: int

    @property
    def presentations(self) -> int:
        """How many there were."""
        return self.passed + self.suspected + self.others

    @property
    def apcer(self) -> Rate:
        """Share of presentations that passed, with its 95 % interval.

        Source: ISO/IEC 30107-3, attack presentation classification error rate. Nobody who refused for another
        reason is left out: what counts is who came in.
        """
        return case_rate(self.passed, self.presentations)


@dataclass(frozen=True)
class DrillReport:
    """A drill as it is counted, and the conditions that its figures hold for.

    Attributes:
        drill: which.
        rows: of each kind that was held up.
        genuine: real visits of people known at this door, by face, within `REAL_WITHIN` before the end.
        genuine_suspected: of these, how many were suspected; attacks may be among them.
        names: of the people imitated, by their ids.
    """

    drill: Drill
    rows: tuple[DrillRow, ...]
    genuine: int
    genuine_suspected: int
    names: Mapping[str, str]

    @property
    def worst(self) -> DrillRow | None:
        """The kind that passes most often, by the end of its interval: the result of a drill."""
        return max(self.rows, key=lambda row: (row.apcer.mean, row.apcer.high), default=None)

    @property
    def bpcer(self) -> Rate | None:
        """Share of genuine visits that were suspected, with its 95 % interval; None without visits."""
        return case_rate(self.genuine_suspected, self.genuine) if self.genuine else None


class Drills:
    """Keeps the drill that is under way in the journal, and counts it."""

    def __init__(self, journal: Journal, people: People, policies: Policies) -> None:
        self.database = journal.database
        self._journal, self._people, self._policies = journal, people, policies

    @needs(Right.SET_POLICY)
    def begin(self, actor: Actor, door: str) -> Drill:
        """Begin a drill at a door, in place of any that is under way."""
        details = {"door": door} | self._liveness(door)
        self._journal.record(actor, JournalKind.DRILL_BEGUN, details=details)
        return self._require()

    @needs(Right.SET_POLICY)
    def choose(self, actor: Actor, kind: AttackKind, person_id: str) -> Drill:
        """Say what is held up from now on, and whose pictures: of somebody who agreed.

        Raises:
            FaceAccessError: no drill is under way, or nobody has this id.
        """
        self._require()
        person = self._people.there(person_id)
        self._journal.record(
            actor, JournalKind.DRILL_CHOSEN, person_id=person.person_id, details={"kind": kind.value}
        )
        return self._require()

    @needs(Right.SET_POLICY)
    def say_unnoticed(self, actor: Actor) -> Drill:
        """Count a presentation that the door made no entry of.

        Raises:
            FaceAccessError: no drill is under way, or nothing was chosen.
        """
        kind = self._require().kind
        if kind is None:
            raise FaceAccessError("Nothing is held up yet.", "Choose a kind of attack first.")
        self._journal.record(actor, JournalKind.DRILL_SAID, details={"kind": kind.value})
        return self._require()

    @needs(Right.SET_POLICY)
    def end(self, actor: Actor) -> None:
        """End the drill that is under way.

        Raises:
            FaceAccessError: none is.
        """
        details = self._liveness(self._require().door)
        self._journal.record(actor, JournalKind.DRILL_ENDED, details=details)

    @needs(Right.EXPORT)
    def record_export(self, actor: Actor) -> None:
        """Journal that a drill's page, which names people, is written into a file."""
        details = {"report": "drill", "format": ReportFormat.PDF}
        self._journal.record(actor, JournalKind.EXPORTED, details=details)

    def latest(self) -> Drill | None:
        """Return the last drill, under way or not; None without any."""
        rows: list[JournalRow] = []
        before: int | None = None
        while page := self._journal.rows.newest(_KINDS, limit=_PAGE, before_seq=before):
            for row in page:
                rows.append(row)
                if row.kind is JournalKind.DRILL_BEGUN:
                    return _drill_of(rows[::-1])
            before = page[-1].seq
        return None

    def kind_now(self) -> AttackKind | None:
        """Return what is held up now, or was last: an entry may be written while the drill is ended."""
        drill = self.latest()
        return None if drill is None else drill.kind

    def events(self, drill: Drill) -> list[Event]:
        """Return the entries of a drill, newest first: those that a face made while something was held up."""
        return [event for event in self._since(drill) if event.entry.drill is not None]

    def rows(self, drill: Drill) -> tuple[DrillRow, ...]:
        """Return what came of each kind so far."""
        presented = ((event.entry.drill, event.entry.outcome) for event in self.events(drill))
        return rows_of(presented, drill.unnoticed)

    def names(self, drill: Drill) -> dict[str, str]:
        """Return the names of the people imitated, by their ids."""
        chosen = [row.person_id for row in self._chosen(drill) if row.person_id]
        return {person_id: self._people.label_or_id(person_id) for person_id in dict.fromkeys(chosen)}

    def report(self, drill: Drill) -> DrillReport:
        """Return a drill as it is counted. Slow."""
        genuine = Counter(event.entry.outcome for event in self._genuine(drill))
        suspected = genuine[Outcome.SUSPECTED]
        return DrillReport(drill, self.rows(drill), genuine.total(), suspected, self.names(drill))

    def _since(self, drill: Drill) -> Iterator[Event]:
        """Yield entries by face at a drill's door since it began, newest first.

        By their places in the journal: the times of a recording lie back.
        """
        of_door, before = EventFilter(door=drill.door, method=Method.FACE), None
        while page := self._journal.events.newest(of_door, limit=_PAGE, before_seq=before):
            for event in page:
                if event.seq <= drill.seq:
                    return
                yield event
            before = page[-1].seq

    def _chosen(self, drill: Drill) -> Sequence[JournalRow]:
        rows = self._journal.rows.newest((JournalKind.DRILL_CHOSEN,), limit=_PAGE)
        return [row for row in rows[::-1] if row.seq > drill.seq]

    def _genuine(self, drill: Drill) -> Iterable[Event]:
        end = drill.ended_at or drill.began_at
        visits = EventFilter(
            since=end - REAL_WITHIN,
            until=end,
            door=drill.door,
            outcomes=(Outcome.ACCEPTED, Outcome.SUSPECTED),
            method=Method.FACE,
        )
        return (event for event in self._journal.events.all(visits) if not event.entry.is_recording)

    def _liveness(self, door: str) -> dict[str, object]:
        liveness = self._policies.liveness(door)
        return {"mode": liveness.mode.value, "limit": liveness.limit}

    def _require(self) -> Drill:
        drill = self.latest()
        if drill is None or not drill.is_under_way:
            raise FaceAccessError("No attack drill is under way.", "Begin it on the page Safety.")
        return drill


def rows_of(
    outcomes: Iterable[tuple[AttackKind | None, Outcome]], unnoticed: Mapping[AttackKind, int]
) -> tuple[DrillRow, ...]:
    """Return a row for each kind that was held up, in the order of kinds.

    Args:
        outcomes: of the presentations that made an entry.
        unnoticed: how many others there were, by kind.
    """
    counts = Counter(outcomes)
    rows = []
    for kind in AttackKind:
        passed, suspected = counts[kind, Outcome.ACCEPTED], counts[kind, Outcome.SUSPECTED]
        whole = sum(count for (other, _), count in counts.items() if other is kind)
        others = whole - passed - suspected + unnoticed.get(kind, 0)
        if whole or others:
            rows.append(DrillRow(kind, passed, suspected, others))
    return tuple(rows)


def _drill_of(rows: Sequence[JournalRow]) -> Drill:
    """Return a drill of its rows, the one that begins it first."""
    begun, *later = rows
    kind: AttackKind | None = None
    person_id: str | None = None
    ended_at: datetime | None = None
    has_changed = False
    unnoticed: Counter[AttackKind] = Counter()
    for row in later:
        if row.kind is JournalKind.DRILL_CHOSEN:
            kind, person_id = AttackKind(str(row.details["kind"])), row.person_id
        elif row.kind is JournalKind.DRILL_SAID:
            unnoticed[AttackKind(str(row.details["kind"]))] += 1
        else:
            ended_at = row.at
            has_changed = any(row.details[name] != begun.details[name] for name in ("mode", "limit"))
    mode, limit = LivenessMode(str(begun.details["mode"])), float(str(begun.details["limit"]))
    door = str(begun.details["door"])
    said = ended_at, kind, person_id, has_changed, dict(unnoticed)
    return Drill(begun.seq, door, begun.at, mode, limit, *said)
