"""The people who came by during a trial day, and what the door made of each of them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from faceaccess.codes import Light, Outcome, PassResult
from faceaccess.door.trial_day.visits import ENDS_LATE_S, visits_at

EARLY_S = 2.0
"""A list's times are written by hand: somebody may be seen so much sooner."""

LONGEST_S = 60.0
"""An entry later than this after its time in the list is somebody else's."""

SAME_PASS_S = 20.0
"""Answers about the same person at one camera nearer than this are about one pass: refused, then let in."""


@dataclass(frozen=True)
class ListedPass:
    """Somebody who comes by, as the list has it.

    Attributes:
        person_id: None for a stranger.
        start_s, end_s: seconds of the clock of the entries.
        camera: its name; "" any.
        stranger: which stranger, from 1; 0 where the list doesn't say.
    """

    person_id: str | None
    start_s: float
    end_s: float
    camera: str = ""
    stranger: int = 0


@dataclass(frozen=True)
class TrialEntry:
    """An entry of a trial, as far as it is counted.

    Attributes:
        seq: its number in the journal.
        time_s: on the clock of the list.
        person_id: the person let in or known; None for a refusal.
        waited_s: from when the face was first near enough to the entry.
    """

    seq: int
    time_s: float
    outcome: Outcome
    person_id: str | None
    camera: str
    light: Light = Light.UNMEASURED
    waited_s: float | None = None

    @property
    def is_named(self) -> bool:
        """Whether somebody was recognised, let in or not."""
        return self.outcome in (Outcome.ACCEPTED, Outcome.DENIED)


@dataclass(frozen=True)
class Answer:
    """The person an entry really showed, or a pass that made none.

    Attributes:
        person_id: None for a stranger.
        entry: None where somebody passed and nothing happened.
        camera: of a pass without an entry; "" where nobody said.
        stranger: which stranger, from 1; 0 where nobody said.
    """

    person_id: str | None
    entry: TrialEntry | None = None
    camera: str = ""
    stranger: int = 0


@dataclass(frozen=True)
class Pass:
    """Somebody who came by once.

    Attributes:
        person_id: None for a stranger.
        taken_for: the person entered instead, for WRONG and ACCEPTED.
        waited_s: from when the face was first near enough to the right entry; None for other results.
        stranger: which stranger, from 1; 0 where nobody said.
    """

    person_id: str | None
    result: PassResult
    camera: str
    light: Light
    taken_for: str | None = None
    waited_s: float | None = None
    stranger: int = 0


@dataclass(frozen=True)
class Judged:
    """All passes of a trial.

    Attributes:
        unlisted: entries while nobody was to come.
    """

    passes: tuple[Pass, ...]
    unlisted: tuple[TrialEntry, ...] = ()


@dataclass
class _Visit:
    """Somebody who came by, with the entries that are taken to be about them."""

    person_id: str | None
    camera: str
    stranger: int
    entries: list[TrialEntry] = field(default_factory=list)

    @property
    def is_right(self) -> bool:
        return any(entry.is_named and entry.person_id == self.person_id for entry in self.entries)

    def judged(self) -> Pass:
        named = [entry for entry in self.entries if entry.is_named]
        others = [entry for entry in named if entry.person_id != self.person_id]
        if others:
            result = PassResult.ACCEPTED if self.person_id is None else PassResult.WRONG
        elif self.person_id is None:
            result = PassResult.REFUSED
        else:
            result = PassResult.RIGHT if named else PassResult.MISSED
        telling = (others or named or self.entries)[:1]
        entry = telling[0] if telling else None
        return Pass(
            self.person_id,
            result,
            entry.camera if entry else self.camera,
            entry.light if entry else Light.UNMEASURED,
            taken_for=others[0].person_id if others else None,
            waited_s=entry.waited_s if entry and result is PassResult.RIGHT else None,
            stranger=self.stranger,
        )


def listed(passes: Sequence[ListedPass]) -> list[ListedPass]:
    """Return passes with their ends: until the next at the camera, a minute at most."""
    ends = []
    for this in passes:
        later = [
            other.start_s
            for other in passes
            if other.start_s > this.start_s and (not this.camera or other.camera in ("", this.camera))
        ]
        ends.append(min([this.start_s + LONGEST_S, *later]))
    return [replace(this, end_s=end_s) for this, end_s in zip(passes, ends, strict=True)]


def by_list(passes: Sequence[ListedPass], entries: Sequence[TrialEntry]) -> Judged:
    """Judge passes by entries near their times.

    Args:
        passes: those of one time stand side by side.
        entries: in any order.
    """
    visits, unlisted = _visits_of(passes, entries)
    return Judged(tuple(visit.judged() for visit in visits), tuple(unlisted))


def answers_by(passes: Sequence[ListedPass], entries: Sequence[TrialEntry]) -> list[Answer]:
    """Return what a list says of entries, and of passes without; see `by_list`."""
    answers = []
    for visit in _visits_of(passes, entries)[0]:
        about: Sequence[TrialEntry | None] = visit.entries or [None]
        answers += [Answer(visit.person_id, entry, visit.camera, visit.stranger) for entry in about]
    return answers


def _visits_of(
    passes: Sequence[ListedPass], entries: Sequence[TrialEntry]
) -> tuple[list[_Visit], list[TrialEntry]]:
    """Return the visits of a list with their entries, and the entries of nobody in it."""
    visits = [_Visit(row.person_id, row.camera, row.stranger) for row in passes]
    times = [replace(row, start_s=row.start_s - EARLY_S, end_s=row.end_s - ENDS_LATE_S) for row in passes]
    unlisted = []
    for entry in sorted(entries, key=lambda entry: entry.time_s):
        here = [
            visits[number]
            for number in visits_at(times, entry.time_s)
            if passes[number].camera in ("", entry.camera)
        ]
        if not here:
            unlisted.append(entry)
            continue
        own = [visit for visit in here if entry.is_named and visit.person_id == entry.person_id]
        # Of several the last who came: an entry just before a listed time is likely about that time.
        (own or _likely(here, entry))[-1].entries.append(entry)
    return visits, unlisted


def _likely(here: Sequence[_Visit], entry: TrialEntry) -> Sequence[_Visit]:
    """Return the visits that an entry under no name of theirs is most likely about."""
    open_ones = [visit for visit in here if not visit.is_right] or here
    if entry.is_named:
        return [visit for visit in open_ones if visit.person_id is not None] or open_ones
    strangers = [visit for visit in open_ones if visit.person_id is None and not visit.entries]
    return strangers or open_ones


def by_answers(answers: Sequence[Answer]) -> Judged:
    """Judge passes by what an operator said of each entry, and of passes without.

    Args:
        answers: those with an entry in any order.
    """
    visits = [_Visit(row.person_id, row.camera, row.stranger) for row in answers if row.entry is None]
    last: dict[tuple[str | None, int, str], tuple[_Visit, float]] = {}
    with_entry = [(row.entry, row) for row in answers if row.entry is not None]
    for entry, answer in sorted(with_entry, key=lambda pair: pair[0].time_s):
        key = (answer.person_id, answer.stranger, entry.camera)
        visit, seen_s = last.get(key, (None, 0.0))
        # Two strangers in a row may be two people, unless somebody tells them apart.
        is_known = answer.person_id is not None or answer.stranger > 0
        # Nobody is entered twice without having been away.
        is_back = visit is not None and visit.is_right and entry.is_named
        if visit is None or not is_known or is_back or entry.time_s - seen_s > SAME_PASS_S:
            visit = _Visit(answer.person_id, entry.camera, answer.stranger)
            visits.append(visit)
        visit.entries.append(entry)
        last[key] = visit, entry.time_s
    return Judged(tuple(visit.judged() for visit in visits))
