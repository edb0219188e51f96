"""The use cases of a trial day: begun, answered and ended, all of it in the journal."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path

from faceaccess.codes import JournalKind, Light, Method, ReportFormat, Right
from faceaccess.door.trial_day.counting import count
from faceaccess.door.trial_day.day import Said, TrialDay, answers_of, day_of, entry_of
from faceaccess.door.trial_day.pass_list import read_list
from faceaccess.door.trial_day.passes import TrialEntry, answers_by, by_answers
from faceaccess.door.trial_day.report import TrialReport, enrolled_of, taken_for
from faceaccess.errors import FaceAccessError
from faceaccess.recognition.types import MatchPolicy
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import Actor
from faceaccess.store.journal.journal import Journal
from faceaccess.store.journal.types import Event, EventFilter, JournalRow
from faceaccess.store.people.people import People
from faceaccess.vision.light import light_of
from faceaccess.vision.sources.images import from_jpeg

_KINDS = (
    JournalKind.TRIAL_BEGUN,
    JournalKind.TRIAL_EXPECTED,
    JournalKind.TRIAL_ANSWERED,
    JournalKind.TRIAL_ENDED,
)
_PAGE = 500


class TrialDays:
    """Keeps the trial that is under way in the journal: nothing is lost with the window or the door."""

    def __init__(self, journal: Journal, people: People) -> None:
        self.database = journal.database
        self._journal, self._people = journal, people

    @needs(Right.SET_POLICY)
    def begin(self, actor: Actor, passes: int, expected: Sequence[str] = ()) -> TrialDay:
        """Begin a trial, in place of any that is under way.

        Args:
            actor: who says so.
            passes: how often each of those who take part is to come by.
            expected: the people who are to come, by their ids.
        """
        with self.database.transaction():
            self._journal.record(actor, JournalKind.TRIAL_BEGUN, details={"passes": passes})
            if expected:
                self.expect(actor, expected)
        day = self.latest()
        assert day is not None
        return day

    @needs(Right.SET_POLICY)
    def expect(self, actor: Actor, expected: Sequence[str]) -> None:
        """Choose the people who are to come in the trial that is under way, by their ids."""
        details = {"people": list(dict.fromkeys(expected))}
        self._journal.record(actor, JournalKind.TRIAL_EXPECTED, details=details)

    @needs(Right.SET_POLICY)
    def answer(
        self,
        actor: Actor,
        person_id: str | None,
        *,
        entry: int | None,
        camera: str = "",
        stranger: int = 0,
    ) -> int:
        """Say who came by; return the answer's number.

        Args:
            actor: who says so.
            person_id: None for a stranger.
            entry: the entry that it is about; None where the pass made none.
            camera: where there was no entry.
            stranger: which stranger, from 1; 0 where nobody can tell.
        """
        details = {"entry": entry, "camera": camera, "is_taken_back": False, "stranger": stranger}
        return self._journal.record(actor, JournalKind.TRIAL_ANSWERED, person_id=person_id, details=details)

    @needs(Right.SET_POLICY)
    def tick(
        self, actor: Actor, path: Path, clock: Callable[[datetime], datetime], *, now: datetime
    ) -> tuple[int, int]:
        """Answer by a list of who came when; return how many entries and passes without that were. Slow.

        What was said of passes without an entry is taken back: the list says it anew. Passes that are still
        to come are left for later.

        Args:
            actor: who says so.
            path: of the list; its times are those of a clock on the day that the trial began.
            clock: gives a moment as the company's clocks show it.
            now: UTC.

        Raises:
            FaceAccessError: the list can't be read, names somebody who isn't there, or no trial is under way.
        """
        day = self._require_under_way()
        passes = read_list(path, self._people, is_clock=True)
        midnight = datetime.combine(clock(day.began_at).date(), time())

        def seconds(at: datetime) -> float:
            # As clocks show it: a list says nothing of summer time.
            return (clock(at).replace(tzinfo=None) - midnight).total_seconds()

        due = [row for row in passes if row.end_s <= seconds(now)]
        entries = [self.entry(event, seconds(event.entry.at)) for event in self.events(day)]
        answers = answers_by(due, entries)
        with self.database.transaction():
            for said in day.said:
                if said.entry is None:
                    self.take_back(actor, said)
            for answer in answers:
                seq = answer.entry.seq if answer.entry else None
                self.answer(
                    actor,
                    answer.person_id,
                    entry=seq,
                    camera="" if seq else answer.camera,
                    stranger=answer.stranger,
                )
        with_entry = sum(answer.entry is not None for answer in answers)
        return with_entry, len(answers) - with_entry

    def _require_under_way(self) -> TrialDay:
        day = self.latest()
        if day is None or not day.is_under_way:
            raise FaceAccessError("No trial day is under way.", "Begin it on the page Insights.")
        return day

    @needs(Right.SET_POLICY)
    def take_back(self, actor: Actor, said: Said) -> None:
        """Take an answer back."""
        details = {"entry": said.entry, "camera": said.camera, "is_taken_back": True, "answer": said.seq}
        self._journal.record(actor, JournalKind.TRIAL_ANSWERED, details=details)

    @needs(Right.SET_POLICY)
    def end(self, actor: Actor, *, is_thrown_away: bool = False) -> None:
        """End the trial, or throw it away: its entries and answers then mean nothing."""
        self._journal.record(actor, JournalKind.TRIAL_ENDED, details={"is_thrown_away": is_thrown_away})

    @needs(Right.EXPORT)
    def record_export(self, actor: Actor) -> None:
        """Journal that a trial's page, which names people, is written into a file."""
        details = {"report": "trial_day", "format": ReportFormat.PDF}
        self._journal.record(actor, JournalKind.EXPORTED, details=details)

    def latest(self) -> TrialDay | None:
        """Return the last trial with its answers; None without any, or when it was thrown away."""
        rows: list[JournalRow] = []
        for row in self._rows():
            rows.append(row)
            if row.kind is JournalKind.TRIAL_BEGUN:
                break
        else:
            return None
        return day_of(rows[::-1])

    def _rows(self) -> Iterator[JournalRow]:
        before: int | None = None
        while rows := self._journal.rows.newest(_KINDS, limit=_PAGE, before_seq=before):
            yield from rows
            before = rows[-1].seq

    def events(self, day: TrialDay) -> list[Event]:
        """Return the entries of a trial by face, oldest first."""
        of_day = EventFilter(since=day.began_at, until=day.ended_at)
        return [
            event
            for event in reversed(list(self._journal.events.all(of_day)))
            if event.seq > day.seq and event.entry.is_trial and event.entry.method is Method.FACE
        ]

    def entry(self, event: Event, time_s: float) -> TrialEntry:
        """Return an entry as it is counted, with the light of its picture. Slow.

        Args:
            event: of a trial, or of a recording.
            time_s: on the clock of the list.
        """
        return entry_of(event, time_s, self._light(event))

    def _light(self, event: Event) -> Light:
        crop = self._journal.events.entry_crop(event.seq) if event.has_crop else None
        if crop is None or crop.landmarks is None:
            return Light.UNMEASURED
        return light_of(from_jpeg(crop.jpeg), crop.landmarks)

    def report(self, day: TrialDay, policy: MatchPolicy) -> TrialReport:
        """Return a trial as its answers count it; entries without an answer are left out. Slow.

        Args:
            day: the trial.
            policy: in force now; of entries, the last one's counts.
        """
        events = self.events(day)
        cameras = tuple(sorted({event.entry.camera for event in events}))
        entries = {event.seq: self.entry(event, event.entry.at.timestamp()) for event in events}
        # Where there is but a single camera, whoever made no entry passed that.
        answers = answers_of(day, entries, camera=cameras[0] if len(cameras) == 1 else "")
        if events:
            last = events[-1].entry
            policy = replace(policy, model_id=last.model_id, threshold=last.threshold, margin=last.margin)
        counted = count(by_answers(answers))
        enrolled, photos = enrolled_of(self._people.list(model_id=policy.model_id))
        return TrialReport(
            counted,
            day.began_at,
            policy,
            enrolled,
            photos,
            cameras,
            day.passes,
            self.names([*(tally.key for tally in counted.by_person), *day.expected, *taken_for(counted)]),
            day.expected,
        )

    def names(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Return the labels of people by their ids; of somebody erased, the start of the id."""
        return {person_id: self._people.label_or_id(person_id) for person_id in dict.fromkeys(ids)}
