"""`faceaccess trial`: a trial day from recordings."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import (
    DataDir,
    Json,
    complain,
    counted,
    print_json,
    require_paths,
    say,
    workspace,
)
from faceaccess.codes import Right

if TYPE_CHECKING:
    from faceaccess.door.trial_day.counting import Tally
    from faceaccess.door.trial_day.passes import Judged, Pass
    from faceaccess.door.trial_day.report import TrialReport
    from faceaccess.recognition.intervals import Rate
    from faceaccess.workspace import Workspace


def trial(
    ctx: typer.Context,
    recordings: Annotated[
        list[Path], typer.Argument(help="Video files in which people walk past.", metavar="RECORDING...")
    ],
    lists: Annotated[
        list[Path],
        typer.Option(
            "--list",
            help="A CSV file of who comes when: time,person. One for each recording, in their order.",
        ),
    ],
    pdf: Annotated[
        Path | None, typer.Option("--pdf", help="A PDF of the result, with its conditions.")
    ] = None,
    json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Count a trial day from recordings: right, missed, wrong, strangers accepted, time to entry.

    The people enrolled here are looked for. Entries are marked as those of recordings, and never count.
    """
    from faceaccess.errors import CameraError

    with workspace(ctx, data_dir, right=Right.SET_POLICY) as space:
        if len(lists) != len(recordings):
            raise CameraError(
                f"There are {counted(len(recordings), 'recording')} and {counted(len(lists), 'list')}.",
                "Give each recording its list: --list LIST.csv, in the order of the recordings.",
            )
        require_paths([*recordings, *lists])
        if pdf is not None:
            _require_new(space, pdf)
        report = _report(space, recordings, lists)
        if pdf is not None:
            _write(report, pdf)
        if json:
            _print_json(report)
        else:
            _print(report)


def _require_new(space: "Workspace", pdf: Path) -> None:
    """Journal that a page is written, before anything is counted.

    Raises:
        StoreError: there is a file already.
    """
    from faceaccess.errors import StoreError

    if pdf.exists():
        raise StoreError(f"{pdf} exists already.", "Name another file. Nothing was counted.")
    space.doors.trials.record_export(space.access.actor)


def _write(report: "TrialReport", pdf: Path) -> None:
    from faceaccess.gui.printing import write_trial
    from faceaccess.store.file.files import written_whole

    with written_whole(pdf) as part:
        write_trial(report, part)
    say(f"The page is in {pdf}.", err=True)


def _report(space: "Workspace", recordings: list[Path], lists: list[Path]) -> "TrialReport":
    """Play all recordings and count what the door made of them."""
    from faceaccess.door.trial_day.counting import count
    from faceaccess.door.trial_day.passes import Judged
    from faceaccess.door.trial_day.report import TrialReport, enrolled_of, taken_for
    from faceaccess.errors import SettingsError
    from faceaccess.store.clock import utc_now

    at = utc_now()
    judged = [_judged(space, *pair) for pair in zip(recordings, lists, strict=True)]
    whole = Judged(
        tuple(row for part in judged for row in part.passes),
        tuple(entry for part in judged for entry in part.unlisted),
    )
    policy = space.models.thresholds.in_force
    if policy is None:
        raise SettingsError("The model in use has no threshold.", "See: faceaccess models")
    trials, counted = space.doors.trials, count(whole)
    enrolled, photos = enrolled_of(space.people.list(model_id=policy.model_id))
    ids = [row.person_id for row in whole.passes if row.person_id]
    return TrialReport(
        counted,
        space.office.timesheets.zones().local(at),
        policy,
        enrolled,
        photos,
        tuple(recording.name for recording in recordings),
        0,
        trials.names([*ids, *taken_for(counted)]),
        is_of_recordings=True,
    )


def _judged(space: "Workspace", recording: Path, path: Path) -> "Judged":
    """Play a recording and judge the passes of its list."""
    from dataclasses import replace

    from faceaccess.door.trial_day.pass_list import read_list
    from faceaccess.door.trial_day.passes import by_list
    from faceaccess.door.watch import Callbacks
    from faceaccess.store.journal.types import Event

    comes = [replace(row, camera=recording.name) for row in read_list(path, space.people)]
    events: list[Event] = []
    space.doors.open(
        space.access.actor,
        Callbacks(on_event=events.append, on_error=complain),
        source=str(recording),
        is_paced=False,
        is_trial=True,
    ).run()
    trials = space.doors.trials
    return by_list(comes, [trials.entry(event, event.entry.time_s) for event in events])


def _print(report: "TrialReport") -> None:
    from statistics import median

    policy, count, total = report.policy, report.count, report.count.total
    say(
        f"{', '.join(report.cameras)}: {counted(total.staff, 'pass', 'passes')} of "
        f"{counted(count.people, 'person', 'people')}, {total.strangers} of {_strangers(report)}; "
        f"{counted(report.enrolled, 'person', 'people')} enrolled with {counted(report.photos, 'photo')}"
    )
    say(f"model {policy.model_id}  threshold {policy.threshold:.3f}  margin {policy.margin:.3f}")
    say(f"right               {total.right} of {total.staff}{_interval(count.right_rate)}")
    say(f"missed              {total.missed} of {total.staff}{_interval(count.missed_rate)}")
    say(f"under a wrong name  {total.wrong} of {total.staff}{_interval(count.wrong_rate)}")
    say(f"strangers accepted  {total.accepted} of {total.strangers}{_interval(count.accepted_rate)}")
    if count.waits_s:
        say(f"time to entry       {median(count.waits_s):.1f} s (median), {count.waits_s[-1]:.1f} s at most")
    if count.unlisted:
        say(f"entries while nobody was to come, not counted: {count.unlisted}")
    for fault in count.faults:
        say(_fault(report, fault))
    for row in count.by_person:
        say(_line("person", report.names.get(row.key, row.key), row))
    for row in count.by_stranger:
        say(f"by stranger {_stranger(int(row.key))}: accepted {row.accepted} of {row.strangers}")
    for row in count.by_light:
        say(_line("light", row.key.replace("_", " "), row))
    for row in count.by_camera:
        say(_line("camera", row.key, row))
    for advice in count.advice:
        say(advice)


def _line(name: str, key: str, row: "Tally") -> str:
    said = []
    if row.staff:
        said.append(f"right {row.right}, missed {row.missed}, wrong {row.wrong} of {row.staff}")
    if row.strangers:
        said.append(f"strangers accepted {row.accepted} of {row.strangers}")
    return f"by {name:<7} {key}: {'; '.join(said)}"


def _strangers(report: "TrialReport") -> str:
    """Return how many strangers there were, as far as they were told apart."""
    number = report.count.strangers
    if not number:
        return "strangers"
    untold = ", others not told apart" if any(row.key == "0" for row in report.count.by_stranger) else ""
    return f"{counted(number, 'stranger')}{untold}"


def _stranger(number: int) -> str:
    return str(number) if number else "not told apart"


def _fault(report: "TrialReport", fault: "Pass") -> str:
    """Return what went wrong at a pass."""
    who = (
        report.names.get(fault.person_id, "") if fault.person_id else f"stranger {_stranger(fault.stranger)}"
    )
    what = f"taken for {report.names.get(fault.taken_for, '')}" if fault.taken_for else "missed"
    where = f", {fault.camera}" if fault.camera else ""
    return f"went wrong: {who} {what}{where}, light {fault.light.replace('_', ' ')}"


def _interval(rate: "Rate | None") -> str:
    if rate is None:
        return ""
    if not rate.is_bounded:
        return f"  {100 * rate.mean:.1f} % (too few people for an interval)"
    return f"  {100 * rate.mean:.1f} % (95 % interval {100 * rate.low:.1f} to {100 * rate.high:.1f} %)"


def _print_json(report: "TrialReport") -> None:
    policy = report.policy
    values = {
        "at": report.at.isoformat(),
        "model_id": policy.model_id,
        "threshold": policy.threshold,
        "margin": policy.margin,
        "enrolled": report.enrolled,
        "photos": report.photos,
        "cameras": report.cameras,
        "names": dict(report.names),
    }
    counted = asdict(report.count) | {"advice": [str(text) for text in report.count.advice]}
    print_json(values | counted)
