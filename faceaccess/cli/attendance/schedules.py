"""`faceaccess schedules`: the hours people are asked to work."""

import string
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.attendance.dates import parse_day, parse_time
from faceaccess.cli.common import Commands, DataDir, Json, print_json, say, say_doubt, say_if_none, workspace
from faceaccess.cli.door.groups import parse_days
from faceaccess.cli.people.people import find_person
from faceaccess.codes import Pairing
from faceaccess.store.policy.attendance_policy import AttendancePolicy

if TYPE_CHECKING:
    from faceaccess.store.policy.schedules import Assignment, Hours, Schedule, Shift
    from faceaccess.workspace import Workspace

app = Commands(
    help="Work schedules, the people they apply to, and the company's time zone.", no_args_is_help=True
)

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKS = string.ascii_uppercase
Name = Annotated[str, typer.Argument(help="The schedule's name.", metavar="SCHEDULE")]


@app.command("list")
def list_schedules(ctx: typer.Context, json: Json = False, data_dir: DataDir = None) -> None:
    """List schedules with their shifts, and the people they apply to."""
    with workspace(ctx, data_dir, read_only=None) as space:
        schedules, assignments = space.office.planning.schedules(), space.office.planning.assignments()
        people = {person.person_id: person.name for person in space.people.list()}
        zones = space.policies.read(AttendancePolicy).zones
    say_if_none(schedules, "There are no schedules.", json=json)
    for schedule in schedules:
        own = [assignment for assignment in assignments if assignment.schedule_id == schedule.schedule_id]
        held = [
            (assignment.assignment_id, _whom(assignment, people), _span(assignment)) for assignment in own
        ]
        if json:
            print_json(
                {"schedule": schedule.name, "shifts": _shifts(schedule), "pairing": schedule.pairing,
                 "first_week": schedule.first_week and schedule.first_week.isoformat(),
                 "assignments": [{"assignment": a, "for": b, "days": c} for a, b, c in held]}
            )  # fmt: skip
            continue
        say(_in_words(schedule))
        for number, whom, span in held:
            say(f"  {number}: {whom}, {span}")
    for day, zone in zones:
        if json:
            print_json({"zone": zone, "since": day.isoformat()})
        else:
            say(f"zone since {day.isoformat()}: {zone or 'this computer'}")


@app.command("set")
def set_schedule(
    ctx: typer.Context,
    name: Name,
    days: Annotated[str, typer.Option("--days", help="Of this shift: mon-fri or mon,wed.")] = "mon-fri",
    start: Annotated[str, typer.Option("--from", help="Such as 09:00.")] = "09:00",
    end: Annotated[str, typer.Option("--to", help="Such as 17:30; before --from: over midnight.")] = "17:30",
    more: Annotated[
        list[str] | None,
        typer.Option("--and", help="A further time of work of these days, such as 17:00-21:00; repeatable."),
    ] = None,
    week: Annotated[
        str | None,
        typer.Option("--week", help="Of a rota: only this week, A, B, ...; the next letter adds a week."),
    ] = None,
    first_week: Annotated[
        str | None,
        typer.Option("--first-week", help="Of a rota: a day in any week A; weeks change on Mondays."),
    ] = None,
    off: Annotated[bool, typer.Option("--off", help="These days are off.")] = False,
    pause: Annotated[int, typer.Option("--break", help="Unpaid break, minutes.")] = 30,
    break_after: Annotated[
        int, typer.Option("--break-after", help="Minutes of work up to which there is no break.")
    ] = 360,
    flexible: Annotated[
        int | None,
        typer.Option(
            "--flexible", help="Minutes of work under flexible hours; --from to --to is the core time."
        ),
    ] = None,
    pairing: Annotated[Pairing | None, typer.Option("--count", help="What counts as worked.")] = None,
    grace_in: Annotated[
        int | None, typer.Option("--grace-in", help="Minutes after which arriving counts as late.")
    ] = None,
    grace_out: Annotated[
        int | None, typer.Option("--grace-out", help="Minutes before which leaving counts as early.")
    ] = None,
    overtime_after: Annotated[
        int | None, typer.Option("--overtime-after", help="Minutes below which a surplus is not overtime.")
    ] = None,
    counts_early: Annotated[
        bool | None,
        typer.Option("--count-early/--not-early", help="Whether work before the shift counts."),
    ] = None,
    on_holidays: Annotated[
        bool | None, typer.Option("--on-holidays/--not-on-holidays", help="Whether holidays are worked.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Create a schedule, or change the given days and rules of an existing one."""
    from faceaccess.attendance.doubts import about_schedule
    from faceaccess.attendance.planning import new_schedule
    from faceaccess.store.policy.schedules import Shift

    times = parse_time(start), parse_time(end)
    shift = None if off else Shift(*times, pause, break_after, flexible, _hours_of(more or ()))
    rules = {
        "pairing": pairing,
        "grace_in_minutes": grace_in,
        "grace_out_minutes": grace_out,
        "overtime_after_minutes": overtime_after,
        "counts_early": counts_early,
        "works_on_holidays": on_holidays,
        "first_week": first_week and parse_day(first_week),
    }
    chosen = parse_days(days)
    with workspace(ctx, data_dir) as space:
        schedule = _found(space, name) or new_schedule(name)
        weeks = list(schedule.weeks)
        for number in range(len(weeks)) if week is None else [_week_number(week, weeks)]:
            weeks[number] = tuple(shift if day in chosen else own for day, own in enumerate(weeks[number]))
        said = {rule: value for rule, value in rules.items() if value is not None}
        changed = replace(schedule, shifts=sum(weeks, ()), **said)  # type: ignore[arg-type]
        space.office.planning.set_schedule(space.access.actor, changed)
        say(_in_words(changed))
        say_doubt(about_schedule(changed))


def _hours_of(typed: Sequence[str]) -> "tuple[Hours, ...]":
    """Return the working times of texts such as 17:00-21:00."""
    times = []
    for text in typed:
        start, dash, end = text.partition("-")
        if not dash:
            raise typer.BadParameter(f"{text!r} is not a time of work such as 17:00-21:00.")
        times.append((parse_time(start.strip()), parse_time(end.strip())))
    return tuple(times)


def _week_number(letter: str, weeks: "list[tuple[Shift | None, ...]]") -> int:
    """Return the number of a week, from 0; the one after the last is added, all of it off."""
    letters = _WEEKS[: len(weeks) + 1]
    number = letters.find(letter.strip().upper() or "-")
    if number < 0:
        raise typer.BadParameter(f"There is no week {letter!r}; choose one of {', '.join(letters)}.")
    if number == len(weeks):
        weeks.append((None,) * len(_DAYS))
    return number


@app.command("delete")
def delete(ctx: typer.Context, name: Name, data_dir: DataDir = None) -> None:
    """Delete a schedule; past days are counted without it too."""
    with workspace(ctx, data_dir) as space:
        space.office.planning.remove_schedule(space.access.actor, _find(space, name).schedule_id)


@app.command("assign")
def assign(
    ctx: typer.Context,
    name: Name,
    person: Annotated[str | None, typer.Option("--person", help="For this person only.")] = None,
    department: Annotated[str | None, typer.Option("--department", help="For a department.")] = None,
    since: Annotated[str | None, typer.Option("--from", help="First day; today by default.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Last day; none by default.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Apply a schedule to a person, a department or, with neither, everybody.

    A person's own holds from its first day; the others ask nothing of somebody before the day of the
    enrolment, unless there are entries.
    """
    from faceaccess.store.clock import utc_now
    from faceaccess.store.policy.schedules import Assignment

    if person is not None and department is not None:
        raise typer.BadParameter("Give a person or a department, not both.")
    with workspace(ctx, data_dir) as space:
        now = utc_now()
        today = space.office.timesheets.zones().day_of(now)
        number = space.office.planning.assign(
            space.access.actor,
            Assignment(
                _find(space, name).schedule_id,
                first_day=today if since is None else parse_day(since),
                last_day=None if until is None else parse_day(until),
                person_id=None if person is None else find_person(space.people, person).person_id,
                department=department,
            ),
            now=now,
        )
        say(f"Assignment {number}.")


@app.command("unassign")
def unassign(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(help="As `schedules list` shows it.")],
    data_dir: DataDir = None,
) -> None:
    """Remove an assignment as if it had never been."""
    with workspace(ctx, data_dir) as space:
        space.office.planning.unassign(space.access.actor, number)


@app.command("zone")
def zone(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="Such as Europe/Berlin; empty: this computer's.")],
    since: Annotated[str | None, typer.Option("--from", help="First day; always by default.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Set the company's time zone from a day onwards; earlier days keep theirs."""
    day = date.min if since is None else parse_day(since)
    with workspace(ctx, data_dir) as space:
        space.office.planning.set_zone(space.access.actor, name, day)


def _found(space: "Workspace", name: str) -> "Schedule | None":
    key = name.strip().casefold()
    return next(
        (schedule for schedule in space.office.planning.schedules() if schedule.name.casefold() == key), None
    )


def _find(space: "Workspace", name: str) -> "Schedule":
    from faceaccess.errors import AttendanceError

    schedule = _found(space, name)
    if schedule is None:
        raise AttendanceError(f"There is no schedule named {name!r}.", "See: faceaccess schedules list")
    return schedule


def _in_words(schedule: "Schedule") -> str:
    text = "; ".join(_shifts(schedule)) or "no shifts"
    is_rota = len(schedule.weeks) > 1
    first = f"; a week A: that of {schedule.first_week}" if is_rota else ""
    return f"{schedule.name}: {text}{first}"


def _shifts(schedule: "Schedule") -> list[str]:
    """Return the shifts as text, equal ones together, week by week."""
    lines = []
    for letter, week in zip(_WEEKS, schedule.weeks, strict=False):
        groups: dict[Shift, list[str]] = {}
        for day, shift in zip(_DAYS, week, strict=True):
            if shift is not None:
                groups.setdefault(shift, []).append(day)
        texts = [f"{','.join(days)} {_hours(shift)}" for shift, days in groups.items()]
        is_rota = len(schedule.weeks) > 1
        lines += [f"week {letter}: {text}" for text in texts or ["off"]] if is_rota else texts
    return lines


def _hours(shift: "Shift") -> str:
    hours = " and ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in shift.hours)
    if shift.flexible_minutes is not None:
        hours = f"{shift.flexible_minutes // 60}:{shift.flexible_minutes % 60:02} around {hours}"
    return hours + (f", break {shift.break_minutes} min" if shift.break_minutes else "")


def _whom(assignment: "Assignment", people: dict[str, str]) -> str:
    if assignment.person_id is not None:
        return people.get(assignment.person_id, assignment.person_id[:8])
    return f"department {assignment.department}" if assignment.department else "everybody"


def _span(assignment: "Assignment") -> str:
    until = f" to {assignment.last_day}" if assignment.last_day else ""
    return f"from {assignment.first_day}{until}"
