"""`faceaccess benchmark reembed`: how fast everybody is made ready for another model."""

import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Json, failing_clearly, print_json, say
from faceaccess.lab.evaluations.options import Model

if TYPE_CHECKING:
    from faceaccess.recognition.pipeline import Recogniser
    from faceaccess.store.file.database import Database
    from faceaccess.store.people.templates import Templates
    from faceaccess.vision.types import ImageArray

_POLL_S = 0.05


def reembed(
    photos: Annotated[
        Path | None, typer.Option("--photos", help="A folder tree of photos; else portraits of the demo.")
    ] = None,
    people: Annotated[int, typer.Option("--people", min=2, help="How many people.")] = 100,
    photos_each: Annotated[int, typer.Option("--each", min=1, help="Photos of each.")] = 3,
    side: Annotated[
        int, typer.Option("--side", help="Longer side of the photos in pixels; 0 leaves them as they are.")
    ] = 0,
    model: Model = "sface-mtcnn",
    json: Json = False,
) -> None:
    """Embed kept crops with another model, beside finding the faces anew; then kill it and resume.

    The naive way decodes each kept photo, detects at full size and embeds by the same recipe.
    """
    with failing_clearly(), tempfile.TemporaryDirectory() as folder:
        report = _measure(Path(folder), _pictures(photos, people * photos_each, side), photos_each, model)
    if json:
        print_json(report)
        return
    for name, value in report.items():
        say(f"{name:<44} {value:.4g}" if isinstance(value, float) else f"{name:<44} {value}")


def _pictures(folder: Path | None, count: int, side: int) -> "list[ImageArray]":
    import cv2

    from faceaccess.door.simulation import portraits
    from faceaccess.errors import SettingsError
    from faceaccess.vision.sources.images import PHOTO_SUFFIXES, read_photo

    paths = [portrait.path for portrait in portraits()]
    if folder is not None:
        paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in PHOTO_SUFFIXES)
    if not paths:
        raise SettingsError(f"There are no photos in {folder}.", "Name another folder with --photos.")
    images = [read_photo(path).image for path in paths[:count]]
    if side:
        scales = [side / max(image.shape[:2]) for image in images]
        images = [
            cv2.resize(image, None, fx=scale, fy=scale) for image, scale in zip(images, scales, strict=True)
        ]
    return [images[number % len(images)] for number in range(count)]


def _measure(folder: Path, images: "list[ImageArray]", photos_each: int, model: str) -> dict[str, object]:
    from faceaccess.cli.recogniser import load_recogniser
    from faceaccess.models.reembedding import reembed as embed_again
    from faceaccess.store.file.database import Database
    from faceaccess.store.people.templates import Templates

    candidate = load_recogniser("cpu", model)
    with Database.open(folder) as database:
        stored = _store(database, images, photos_each, candidate)
    killed_at = _kill_halfway(folder, model, candidate.embedder.model_id)
    with Database.open(folder) as database:
        templates = Templates(database)
        began_s = time.perf_counter()
        embed_again(templates, candidate.detector, candidate.embedder)
        resumed_s = time.perf_counter() - began_s
        after_all = templates.by_model.counts()[candidate.embedder.model_id]
        templates.by_model.forget(candidate.embedder.model_id)
        began_s = time.perf_counter()
        lost = embed_again(templates, candidate.detector, candidate.embedder)
        ours_s = time.perf_counter() - began_s
        naive_s = _naive_s(templates, candidate)
    return {
        "photos": stored,
        "photos that can't be used": lost,
        "photos a second": stored / ours_s,
        "photos a second, the naive way": stored / naive_s,
        "faster by": naive_s / ours_s,
        "killed when so many people were ready": killed_at,
        "resumed in, s": resumed_s,
        "templates after all": after_all,
    }


def _store(database: "Database", images: "list[ImageArray]", photos_each: int, model: "Recogniser") -> int:
    """Store people with their photos as enrolment keeps them; return how many photos that were."""
    import numpy as np

    from faceaccess.store.people.people import People
    from faceaccess.store.people.templates import Templates
    from faceaccess.store.people.types import NewTemplate
    from faceaccess.vision.alignment import loose_crop
    from faceaccess.vision.portrait import main_face
    from faceaccess.vision.sources.images import KEPT_PX, limited, to_jpeg

    other = np.eye(1, 128, dtype=np.float32)[0]
    people, templates, stored, person_id = People(database), Templates(database), 0, ""
    for number, image in enumerate(images):
        if number % photos_each == 0:
            person_id = people.create(name=f"Person {number // photos_each}").person_id
        photo = limited(image, KEPT_PX)
        faces = model.detector.detect(photo, smallest_face_px=max(20, min(photo.shape[:2]) // 30))
        if not faces:
            continue
        crop, points = loose_crop(photo, main_face(faces, photo))
        template = NewTemplate(other, "before", 1.0, to_jpeg(photo), f"{number:064x}", to_jpeg(crop), points)
        templates.add(person_id, [template])
        stored += 1
    return stored


def _kill_halfway(folder: Path, model: str, model_id: str) -> int:
    """Let `models try` run in a process of its own, kill it half way; return how many people are ready."""
    from faceaccess.store.file.database import Database
    from faceaccess.store.people.templates import Templates

    command = [sys.executable, "-m", "faceaccess", "--data-dir", str(folder), "models", "try", model]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with Database.open(folder, read_only=True) as database:
        templates = Templates(database)
        while child.poll() is None:
            known = templates.by_model.readiness(model_id)
            if known.ready * 2 >= known.people:
                child.send_signal(signal.SIGKILL)
                break
            time.sleep(_POLL_S)
        child.wait()
        return templates.by_model.readiness(model_id).ready


def _naive_s(templates: "Templates", model: "Recogniser") -> float:
    """Return how long it takes to find and embed the faces of all photos that are kept."""
    from faceaccess.vision.portrait import main_face
    from faceaccess.vision.sources.images import from_jpeg

    embedder = model.embedder
    began_s = time.perf_counter()
    for person_id in templates.by_model.lacking("nobody's"):
        for jpeg in templates.photos(person_id):
            image = from_jpeg(jpeg)
            faces = model.detector.detect(image, smallest_face_px=max(20, min(image.shape[:2]) // 30))
            if faces:
                embedder.embed_templates(embedder.alignment.align(image, main_face(faces, image))[None])
    return time.perf_counter() - began_s
