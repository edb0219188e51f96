"""A trial day as the journal has it: who is to come, and what an operator said of its entries. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from faceaccess.codes import JournalKind, Light
from faceaccess.door.trial_day.passes import Answer, Pass, TrialEntry, by_answers
from faceaccess.store.journal.types import Event, JournalRow


@dataclass(frozen=True)
class Said:
    """An operator's answer, as it is journalled.

    Attributes:
        seq: of the answer.
        entry: what it is about; None for a pass that made no entry.
        person_id: None for a stranger.
        camera: of a pass that made no entry; "" where nobody said.
        stranger: which stranger, from 1; 0 where nobody said, and for people enrolled.
    """

    seq: int
    entry: int | None
    person_id: str | None
    camera: str
    stranger: int = 0


@dataclass(frozen=True)
class TrialDay:
    """A trial that was begun.

    Attributes:
        seq: of its beginning in the journal.
        began_at, ended_at: UTC; the end is None while it is under way.
        passes: how often each of those who take part is to come by.
        said: the answers that stand: the last about each entry, and those without, oldest first.
        expected: the people who are to come, by their ids; nobody where nobody was chosen.
    """

    seq: int
    began_at: datetime
    ended_at: datetime | None
    passes: int
    said: tuple[Said, ...]
    expected: tuple[str, ...] = ()

    @property
    def is_under_way(self) -> bool:
        """Whether it was neither ended nor thrown away."""
        return self.ended_at is None

    @property
    def strangers(self) -> dict[int, int | None]:
        """The strangers told apart, by their numbers, with the last entry of each that shows a face."""
        seen: dict[int, int | None] = {}
        for said in self.said:
            if said.person_id is None and said.stranger:
                seen[said.stranger] = said.entry or seen.get(said.stranger)
        return dict(sorted(seen.items()))


def day_of(rows: Sequence[JournalRow]) -> TrialDay | None:
    """Return the trial that rows tell of; None when it was thrown away.

    Args:
        rows: from its beginning on, oldest first.
    """
    begun, *later = rows
    ends = [row for row in later if row.kind is JournalKind.TRIAL_ENDED]
    if any(row.details["is_thrown_away"] for row in ends):
        return None
    chosen = [row.details["people"] for row in later if row.kind is JournalKind.TRIAL_EXPECTED]
    expected = chosen[-1] if chosen else []
    assert isinstance(expected, list)
    return TrialDay(
        begun.seq,
        begun.at,
        ends[0].at if ends else None,
        int(str(begun.details["passes"])),
        tuple(_standing(later)),
        tuple(expected),
    )


def _standing(rows: Sequence[JournalRow]) -> list[Said]:
    """Return the answers that were not taken back, the last about each entry."""
    by_entry: dict[object, Said] = {}
    for row in rows:
        if row.kind is not JournalKind.TRIAL_ANSWERED:
            continue
        entry = row.details["entry"]
        said = Said(
            row.seq,
            int(str(entry)) if entry else None,
            row.person_id,
            str(row.details["camera"]),
            int(str(row.details.get("stranger", 0))),
        )
        key = ("entry", said.entry) if said.entry else ("pass", row.seq)
        if row.details["is_taken_back"]:
            by_entry.pop(key if said.entry else ("pass", row.details["answer"]), None)
        else:
            by_entry[key] = said
    return list(by_entry.values())


def entry_of(event: Event, time_s: float, light: Light = Light.UNMEASURED) -> TrialEntry:
    """Return an entry of the journal as it is counted.

    Args:
        event: of a trial, or of a recording.
        time_s: on the clock of the list.
        light: of its picture.
    """
    entry = event.entry
    named = entry.person_id if TrialEntry(0, 0.0, entry.outcome, None, "").is_named else None
    return TrialEntry(event.seq, time_s, entry.outcome, named, entry.camera, light, entry.waited_s)


def answers_of(day: TrialDay, entries: Mapping[int, TrialEntry], *, camera: str = "") -> list[Answer]:
    """Return what was said of entries, and of passes without.

    Args:
        day: the trial.
        entries: by their numbers in the journal; others are left out.
        camera: of the passes of which nobody said it.
    """
    return [
        Answer(said.person_id, entry, said.camera or camera, said.stranger)
        for said in day.said
        if (entry := entries.get(said.entry or 0)) is not None or said.entry is None
    ]


def passes_so_far(day: TrialDay, events: Sequence[Event]) -> tuple[Pass, ...]:
    """Return the passes that a trial's answers tell of, without their light."""
    entries = {event.seq: entry_of(event, event.entry.at.timestamp()) for event in events}
    return by_answers(answers_of(day, entries)).passes
