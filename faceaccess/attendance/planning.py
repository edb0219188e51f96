"""Schedules, their assignments, and absences, as an operator sets them."""

import secrets
from dataclasses import replace
from datetime import date, datetime, time

from faceaccess.attendance.typed_times import check_day, check_past
from faceaccess.codes import AbsenceKind, DayPart, Every, JournalKind, ReportFormat, ReportKind, Right
from faceaccess.errors import AttendanceError, Text
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import Actor
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.names import clean_department, clean_name, clean_note, fold
from faceaccess.store.people.people import People
from faceaccess.store.policy.absences import Absence, Absences
from faceaccess.store.policy.attendance_policy import AttendancePolicy, ScheduledReport
from faceaccess.store.policy.policies import Policies
from faceaccess.store.policy.schedules import WEEK, Assignment, Schedule, Schedules, Shift, rules_of

__all__ = [
    "Absence", "Assignment", "AttendancePolicy", "Planning", "Schedule", "ScheduledReport", "Shift",
    "check_schedule",
]  # fmt: skip

MOST_DAYS = 366
_DAY_MINUTES = 24 * 60

_NUMBERS = {
    "grace_in_minutes": Text("grace in minutes"),
    "grace_out_minutes": Text("grace out minutes"),
    "overtime_after_minutes": Text("overtime after minutes"),
    "break_minutes": Text("break minutes"),
    "break_after_minutes": Text("break after minutes"),
    "flexible_minutes": Text("flexible minutes"),
}


def new_schedule(name: str) -> Schedule:
    """Return a new schedule, from nine to five, not stored yet."""
    return Schedule(secrets.token_hex(4), name)


def new_export(
    kind: ReportKind, format_: ReportFormat, folder: str, every: Every, at: time
) -> ScheduledReport:
    """Return a report to be written automatically, not stored yet."""
    return ScheduledReport(secrets.token_hex(4), kind, format_, folder, every, at)


class Planning:
    """Changes schedules, assignments and absences; each with its journal row, which names nobody."""

    def __init__(self, database: Database, people: People, journal: Journal, policies: Policies) -> None:
        self.database = database
        self._people, self._journal, self._policies = people, journal, policies
        self._schedules, self._absences = Schedules(database), Absences(database)

    def schedules(self) -> list[Schedule]:
        """Return the schedules by name."""
        return self._schedules.all()

    def assignments(self) -> list[Assignment]:
        """Return the people, departments or everybody that schedules apply to, oldest first."""
        return self._schedules.assignments()

    def absences(self, first: date, last: date, person_id: str | None = None) -> list[Absence]:
        """Return absences that touch these days, both inclusive, with those taken back."""
        return self._absences.between(first, last, person_id)

    @needs(Right.SET_POLICY)
    def set_schedule(self, actor: Actor, schedule: Schedule) -> None:
        """Store a schedule, replacing the one with its id; earlier days are counted by it too.

        Raises:
            AttendanceError: a name that is taken, or rules that don't fit together.
            EnrolmentError: a name that can't be kept.
        """
        schedule = replace(schedule, name=clean_name(schedule.name))
        check_schedule(schedule)
        with self.database.transaction():
            others = [other for other in self._schedules.all() if other.schedule_id != schedule.schedule_id]
            if any(fold(other.name) == fold(schedule.name) for other in others):
                raise AttendanceError(
                    "There is already a schedule named {name}.", "Choose another name.", name=schedule.name
                )
            self._schedules.put(schedule)
            details = {"schedule": schedule.schedule_id, "rules": rules_of(schedule)}
            self._journal.record(actor, JournalKind.SCHEDULE_CHANGED, details=details)

    @needs(Right.SET_POLICY)
    def remove_schedule(self, actor: Actor, schedule_id: str) -> None:
        """Remove a schedule; people who had it get another or none, for earlier days too.

        Raises:
            AttendanceError: there is no such schedule.
        """
        with self.database.transaction():
            self._schedule(schedule_id)
            self._schedules.remove(schedule_id)
            details = {"schedule": schedule_id, "rules": None}
            self._journal.record(actor, JournalKind.SCHEDULE_CHANGED, details=details)

    @needs(Right.SET_POLICY)
    def assign(self, actor: Actor, assignment: Assignment, *, now: datetime) -> int:
        """Apply a schedule to a person, a department or everybody; return the assignment's id.

        Args:
            actor: who assigns it.
            assignment: the people and days it applies to.
            now: UTC.

        Raises:
            AttendanceError: there is no such schedule, it would end before it begins, or a mistyped year.
            EnrolmentError: nobody has this id.
        """
        for day in (assignment.first_day, assignment.last_day or assignment.first_day):
            check_day(day, today=now.date())
        department = clean_department(assignment.department or "") or None
        assignment = replace(assignment, department=department)
        if assignment.last_day is not None and assignment.last_day < assignment.first_day:
            raise AttendanceError("The last day is before the first.", "Swap them.")
        with self.database.transaction():
            self._schedule(assignment.schedule_id)
            if assignment.person_id is not None:
                self._people.get(assignment.person_id)
            number = self._schedules.assign(assignment)
            self._record_assignment(actor, replace(assignment, assignment_id=number), is_removed=False)
            return number

    @needs(Right.SET_POLICY)
    def unassign(self, actor: Actor, assignment_id: int) -> None:
        """Remove an assignment as if it had never been; to end one, give it a last day instead.

        Raises:
            AttendanceError: there is no such assignment.
        """
        with self.database.transaction():
            assignments = [
                assignment
                for assignment in self._schedules.assignments()
                if assignment.assignment_id == assignment_id
            ]
            if not assignments:
                raise AttendanceError("There is no assignment {assignment_id}.", assignment_id=assignment_id)
            self._schedules.unassign(assignment_id)
            self._record_assignment(actor, assignments[0], is_removed=True)

    @needs(Right.CORRECT)
    def enter_absence(
        self,
        actor: Actor,
        person_id: str,
        *,
        kind: AbsenceKind,
        first_day: date,
        last_day: date,
        now: datetime,
        part: DayPart = DayPart.WHOLE,
        why: str = "",
    ) -> Absence:
        """Enter days on which a person doesn't come, past or future; return the absence.

        Args:
            actor: who enters it.
            person_id: who doesn't come.
            kind: leave, sick, remote or other.
            first_day: inclusive.
            last_day: inclusive.
            now: UTC.
            part: half of each of the days, or the whole.
            why: more words; may be empty.

        Raises:
            AttendanceError: days in the wrong order or too many, a mistyped year, or taken by another
                absence.
            EnrolmentError: nobody has this id, or words that can't be kept.
        """
        check_past(first_day, today=now.date())
        check_day(last_day, today=now.date())
        days = (last_day - first_day).days + 1
        if not 1 <= days <= MOST_DAYS:
            raise AttendanceError(
                "An absence lasts 1 to {most_days} days, not {days}.",
                "Check the days.",
                most_days=MOST_DAYS,
                days=days,
            )
        note = clean_note(why)
        details = {
            "absence": kind.value, "part": part.value,
            "first_day": first_day.isoformat(), "last_day": last_day.isoformat(),
        }  # fmt: skip
        with self.database.transaction():
            self._people.get(person_id)
            for other in self._absences.between(first_day, last_day, person_id):
                if other.removed_by is None and (part is other.part or DayPart.WHOLE in (part, other.part)):
                    raise AttendanceError(
                        "There is an absence on {day} already, {first} to {last} (#{seq}).",
                        "Take that one back first, or choose other days.",
                        seq=other.seq,
                        first=other.first_day,
                        last=other.last_day,
                        day=max(first_day, other.first_day),
                    )
            seq = self._journal.record(
                actor, JournalKind.ABSENCE_ENTERED, person_id=person_id, details=details, note=note
            )
            absence = Absence(seq, person_id, kind, part, first_day, last_day)
            self._absences.put(absence)
            return absence

    @needs(Right.CORRECT)
    def remove_absence(self, actor: Actor, seq: int, *, why: str = "") -> None:
        """Take an absence back; it stays in the record.

        Raises:
            AttendanceError: there is no such absence, or it is taken back already.
            EnrolmentError: words that can't be kept.
        """
        note = clean_note(why)
        with self.database.transaction():
            absence = self._absences.get(seq)
            if absence is None or absence.removed_by is not None:
                raise AttendanceError("There is no absence {seq}.", "See: faceaccess absences", seq=seq)
            row = self._journal.record(
                actor,
                JournalKind.ABSENCE_REMOVED,
                person_id=absence.person_id,
                details={"absence": seq},
                note=note,
            )
            self._absences.mark_removed(seq, row)

    @needs(Right.SET_POLICY)
    def set_zone(self, actor: Actor, name: str, since: date) -> None:
        """Set the company's time zone from a day onwards; earlier days keep theirs.

        Args:
            actor: who sets it.
            name: of a zone; "" is this computer's.
            since: the first day.

        Raises:
            SettingsError: there is no such zone.
        """
        with self.database.transaction():
            policy = self._policies.read(AttendancePolicy)
            zones = tuple(sorted({**dict(policy.zones), since: name}.items()))
            self._policies.set(actor, replace(policy, zones=zones))

    @needs(Right.SET_POLICY)
    def add_export(self, actor: Actor, report: ScheduledReport) -> None:
        """Add a report that is written automatically.

        Raises:
            SettingsError: it can't be written.
        """
        with self.database.transaction():
            policy = self._policies.read(AttendancePolicy)
            self._policies.set(actor, replace(policy, reports=(*policy.reports, report)))

    @needs(Right.SET_POLICY)
    def remove_export(self, actor: Actor, report_id: str) -> None:
        """Stop writing a report automatically.

        Raises:
            AttendanceError: there is no such report.
        """
        with self.database.transaction():
            policy = self._policies.read(AttendancePolicy)
            left = tuple(report for report in policy.reports if report.report_id != report_id)
            if len(left) == len(policy.reports):
                raise AttendanceError(
                    "There is no export {report_id!r}.", "See: faceaccess exports list", report_id=report_id
                )
            self._policies.set(actor, replace(policy, reports=left))

    def _schedule(self, schedule_id: str) -> Schedule:
        schedules = [schedule for schedule in self._schedules.all() if schedule.schedule_id == schedule_id]
        if not schedules:
            raise AttendanceError("There is no such schedule.", "See: faceaccess schedules list")
        return schedules[0]

    def _record_assignment(self, actor: Actor, assignment: Assignment, *, is_removed: bool) -> None:
        scope = "person" if assignment.person_id else "department" if assignment.department else "everybody"
        details = {
            "assignment": assignment.assignment_id,
            "schedule": assignment.schedule_id,
            "scope": scope,
            "first_day": assignment.first_day.isoformat(),
            "last_day": None if assignment.last_day is None else assignment.last_day.isoformat(),
            "is_removed": is_removed,
        }
        self._journal.record(
            actor, JournalKind.SCHEDULE_ASSIGNED, person_id=assignment.person_id, details=details
        )


def check_schedule(schedule: Schedule) -> None:
    """Refuse rules that don't fit together.

    Raises:
        AttendanceError: with what is wrong.
    """
    if not schedule.shifts or len(schedule.shifts) % WEEK:
        raise AttendanceError(
            "A schedule has {days} days a week, not {count}.", days=WEEK, count=len(schedule.shifts)
        )
    if len(schedule.weeks) > 1 and schedule.first_week is None:
        raise AttendanceError(
            "Nobody can tell which week is the first.", "Say on which day a week A begins (--first-week)."
        )
    for name in ("grace_in_minutes", "grace_out_minutes", "overtime_after_minutes"):
        _check_minutes(name, getattr(schedule, name))
    for shift in schedule.shifts:
        if shift is not None:
            _check_shift(shift)


def _check_shift(shift: Shift) -> None:
    _check_minutes("break_minutes", shift.break_minutes)
    _check_minutes("break_after_minutes", shift.break_after_minutes)
    if shift.flexible_minutes is not None:
        _check_minutes("flexible_minutes", shift.flexible_minutes)
    if shift.break_minutes >= (shift.flexible_minutes or _work_minutes(shift)):
        raise AttendanceError("The break is as long as the shift.", "Make it shorter.")


def _work_minutes(shift: Shift) -> int:
    """Return the total length of a shift's working times.

    Raises:
        AttendanceError: they overlap, or don't fit into a day.
    """
    begin, reached, length = _minutes(shift.start), 0, 0
    for number, (start, end) in enumerate(shift.hours):
        since = (_minutes(start) - begin) % _DAY_MINUTES
        if number and since <= reached:
            raise AttendanceError(
                "The work from {start:%H:%M} to {end:%H:%M} begins before the one before it ends.",
                "Give the times of a day in their order, with a pause between them.",
                start=start,
                end=end,
            )
        lasts = (_minutes(end) - _minutes(start)) % _DAY_MINUTES or _DAY_MINUTES
        reached, length = since + lasts, length + lasts
    if reached > _DAY_MINUTES:
        raise AttendanceError("The working times of a day are longer than a day.", "Make them shorter.")
    return length


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _check_minutes(name: str, minutes: int) -> None:
    if not 0 <= minutes <= _DAY_MINUTES:
        raise AttendanceError(
            "The {noun} are {minutes}; they must be 0 to {most}.",
            noun=_NUMBERS[name],
            minutes=minutes,
            most=_DAY_MINUTES,
        )
