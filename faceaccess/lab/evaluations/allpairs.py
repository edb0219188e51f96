"""`faceaccess evaluate allpairs`: verification over all pairs of the photos of a folder."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from faceaccess.cli.common import Json, failing_clearly
from faceaccess.cli.recogniser import Device, show_progress
from faceaccess.lab.evaluations.identify import interval, spaced
from faceaccess.lab.evaluations.labelled_people import Half, HalfOption, LeaveOut, people_in
from faceaccess.lab.evaluations.options import Beside, Model, Photos
from faceaccess.lab.evaluations.output import Html, show
from faceaccess.lab.evaluations.photo_model import NoCache, all_pairs_of, photo_model
from faceaccess.lab.reporting.report import Curve, Plot, Report, Table
from faceaccess.lab.reporting.spread import spread_curve

if TYPE_CHECKING:
    from faceaccess.lab.measures.all_pairs import AllPairsReport
    from faceaccess.lab.measures.embedded_photos import Embedded

_TARGETS = (1e-2, 1e-3, 1e-4, 1e-5)


def allpairs(
    photos: Photos,
    half: HalfOption = Half.ALL,
    leave_out: LeaveOut = None,
    beside: Beside = None,
    no_cache: NoCache = False,
    json: Json = False,
    html: Html = None,
    device: Device = "auto",
    model: Model = "sface",
) -> None:
    """Verification over all pairs of photos of a folder: FNMR at FMR 1e-2 to 1e-5, with 95 % intervals.

    The first photo of a pair is enrolled, the second its probe. Tens of millions of pairs are measured block
    by block, in little memory. The interval of FMR tells how far it may be off, for other people, at that
    threshold.
    """
    from faceaccess.lab.measures.all_pairs import all_pairs_report

    results: dict[str, tuple[Embedded, AllPairsReport]] = {}
    with failing_clearly():
        folders = people_in(photos, half, leave_out)
        shown = {path: name for name, paths in folders.items() for path in paths}
        for name in (model, beside):
            if name is None:
                continue
            embedded = photo_model(name, device, no_cache=no_cache).embed(
                list(shown), show_progress("photos")
            )
            pairs = all_pairs_of(embedded, shown, max(_TARGETS))
            results[embedded.model_id] = embedded, all_pairs_report(pairs, _TARGETS)
    show(_report(results, half), json=json, html=html)


def _report(results: "dict[str, tuple[Embedded, AllPairsReport]]", half: Half) -> Report:
    figures: list[dict[str, object]] = []
    sections: list[str | Table | Plot] = []
    for model_id, (embedded, report) in results.items():
        lost = len(embedded.without_face)
        figures.append(
            {**asdict(report), "photos_without_face": lost, "model_id": model_id, "half": half.value}
        )
        sections += [
            f"{embedded.name}  {report.people} people ({half}), {report.photos} photos, {lost} without "
            f"a face; {spaced(report.mated)} mated and {spaced(report.non_mated)} non-mated pairs",
            Table(
                ("FMR", "threshold", "FMR, other people", "FNMR"),
                tuple(
                    (
                        f"{row.fmr_target:g}",
                        f"{row.threshold:.4f}",
                        f"{row.fmr.low:.2g} to {row.fmr.high:.2g}",
                        interval(row.fnmr),
                    )
                    for row in report.rows
                ),
            ),
        ]
    _, first = next(iter(results.values()))
    counts = {name: getattr(first, name) for name in ("people", "photos", "mated", "non_mated")}
    plots = _plots({embedded.name: report for embedded, report in results.values()})
    return Report(tuple(figures), (*sections, *plots), tuple(results), counts)


def _plots(reports: "dict[str, AllPairsReport]") -> tuple[Plot, Plot]:
    curves = tuple(Curve(name, report.fnmr_by_fmr) for name, report in reports.items())
    first = next(iter(reports.values()))
    spread = (
        spread_curve("same person", first.mated_spread),
        spread_curve("different people", first.non_mated_spread),
    )
    return (
        Plot("Errors at every threshold", "FMR", "FNMR", curves, is_log_x=True, is_log_y=True),
        Plot("Distances", "squared L2", "part of the pairs", spread),
    )
