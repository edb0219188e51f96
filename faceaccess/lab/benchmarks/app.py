"""`faceaccess benchmark`: milliseconds of each step, beside the usual tools, in one run."""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from faceaccess.cli.common import Commands, Json, failing_clearly, print_json, say
from faceaccess.lab.benchmarks import (
    cameras,
    door,
    end,
    evidence,
    gallery,
    gpu,
    growth,
    health,
    importing,
    log,
    memory,
    reembed,
    report,
    soak,
    start,
    window,
)

BLOCK = 6
SEARCHED = 100_000
LEAST_IOU = 0.7
SURE = 0.95


app = Commands(help="Time each step beside the usual tools.", no_args_is_help=False)
app.command("cameras")(cameras.cameras)
app.command("door")(door.door)
app.command("end")(end.end)
app.command("gallery")(gallery.gallery)
app.command("evidence")(evidence.evidence)
app.command("gpu")(gpu.gpu)
app.command("growth")(growth.growth)
app.command("health")(health.health)
app.command("import")(importing.importing)
app.command("log")(log.log)
app.command("memory")(memory.memory)
app.command("reembed")(reembed.reembed)
app.command("report")(report.report)
app.command("soak")(soak.soak)
app.command("start")(start.start)
app.command("window")(window.window)


@app.callback(invoke_without_command=True)
def benchmark(
    ctx: typer.Context,
    photo: Annotated[
        Path | None, typer.Option("--photo", help="A picture with a face; else a portrait of the demo.")
    ] = None,
    smallest_face: Annotated[
        int,
        typer.Option("--smallest-face", help="Smallest face searched for, pixels; the door's by default."),
    ] = 60,
    photos: Annotated[
        Path | None, typer.Option("--photos", help="Compare the boxes on all photos of this folder tree too.")
    ] = None,
    repeats: Annotated[
        int, typer.Option("--repeats", help="Turns of five laps each; the median is printed.")
    ] = 10,
    json: Json = False,
) -> None:
    """Time detection, alignment, embedding, search and the whole frame on 640x480 with one face.

    Beside facenet-pytorch's MTCNN at the same face size, SFace's file as its makers ship it, dlib's
    network, and the whole frame of the former model; warm, in turns.
    """
    if ctx.invoked_subcommand is not None:
        return
    with failing_clearly():
        report = _measure(_frame(photo), smallest_face, repeats)
        if photos is not None:
            report |= _agreement(photos, smallest_face)
    if json:
        print_json(report)
        return
    for name, value in report.items():
        say(f"{name:<44} {value:.4g}" if isinstance(value, float) else f"{name:<44} {value}")


def _frame(photo: Path | None) -> Any:  # noqa: ANN401 - an image
    import cv2

    from faceaccess.door.simulation import door_still, portraits
    from faceaccess.vision.sources.images import read_photo

    if photo is None:
        return door_still(portraits()[0])
    return cv2.resize(read_photo(photo).image, (640, 480), interpolation=cv2.INTER_AREA)


def _measure(image: Any, smallest_face: int, repeats: int) -> dict[str, object]:  # noqa: ANN401
    import numpy as np

    from faceaccess.cli.recogniser import load_recogniser
    from faceaccess.vision.embedder import DLIB
    from faceaccess.vision.networks.facenet_pytorch import import_facenet_pytorch
    from faceaccess.vision.types import Frame

    recogniser, former = load_recogniser("cpu"), load_recogniser("cpu", DLIB)
    detector, embedder = recogniser.detector, recogniser.embedder
    theirs = import_facenet_pytorch().MTCNN(min_face_size=smallest_face)
    faces = detector.detect(image, smallest_face_px=smallest_face)
    if not faces:
        from faceaccess.errors import CameraError

        raise CameraError("There is no face in the picture.", "Give another with --photo.")
    crop = embedder.alignment.align(image, faces[0])
    probe = embedder.embed_probes(crop[None])
    frame = Frame(np.ascontiguousarray(image), datetime.now(UTC), 0, 0.0)
    pipeline, before = (_pipeline(loaded, smallest_face) for loaded in (recogniser, former))
    times = _interleaved(
        {
            "detection": lambda: detector.detect(image, smallest_face_px=smallest_face),
            "detection by MTCNN": lambda: former.detector.detect(image, smallest_face_px=smallest_face),
            "detection by MTCNN of facenet-pytorch": lambda: theirs.detect(image, landmarks=True),
            "alignment": lambda: embedder.alignment.align(image, faces[0]),
            "embedding, one crop, one pass": lambda: embedder.embed_once(crop[None]),
            **_other_embeddings(crop),
            "embedding by the recipe of probes": lambda: embedder.embed_probes(crop[None]),
            f"search among {SEARCHED} templates": lambda: recogniser.gallery.search(probe),
            "whole frame": lambda: pipeline.process(frame),
            "whole frame with the former model": lambda: before.process(frame),
        },
        repeats,
    )
    return _compared(times) | {"smallest face, px": smallest_face}


def _pipeline(recogniser: Any, smallest_face: int) -> Any:  # noqa: ANN401
    """Return a door's pipeline in front of a large gallery."""
    from faceaccess.recognition.calibration import default_match
    from faceaccess.recognition.pipeline import Pipeline

    _fill(recogniser.gallery, SEARCHED)
    policy = default_match(recogniser.embedder.model_id, SEARCHED)
    assert policy is not None
    return Pipeline(recogniser, policy, smallest_face_px=smallest_face)


def _other_embeddings(crop: Any) -> dict[str, Callable[[], object]]:  # noqa: ANN401
    """Return SFace's own file in its two forms, and dlib's network, each on one crop."""
    import tempfile

    import cv2
    import numpy as np

    from faceaccess import paths
    from faceaccess.vision.dlib_peer import CHIP_PX, WEIGHTS, dlib_weights
    from faceaccess.vision.networks import sface
    from faceaccess.vision.runtime import OnnxNetwork
    from faceaccess.vision.weights import located

    weights = located("sface", paths.models_dir())
    planes = np.ascontiguousarray(crop.transpose(2, 0, 1)[None]).astype(np.float32)
    networks = []
    for is_dequantised in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "sface.onnx"
            sface.write_as_shipped(weights, path, is_dequantised=is_dequantised)
            networks.append(OnnxNetwork(path.read_bytes()))
    chip = cv2.resize(crop, (CHIP_PX, CHIP_PX))
    import dlib

    dlib_net = dlib.face_recognition_model_v1(str(dlib_weights(WEIGHTS)))
    return {
        "embedding by the file as shipped": lambda: networks[0].run(planes),
        "embedding by the file in float32": lambda: networks[1].run(planes),
        "embedding by dlib, one crop": lambda: dlib_net.compute_face_descriptor(chip),
    }


def _compared(times: dict[str, float]) -> dict[str, object]:
    report: dict[str, object] = {f"{name}, ms": value for name, value in times.items()}
    own = times["embedding, one crop, one pass"]
    ratios = {
        "detection is faster than facenet-pytorch's by": (
            "detection by MTCNN of facenet-pytorch",
            "detection",
        ),
        "the whole frame is faster than before by": ("whole frame with the former model", "whole frame"),
    }
    report |= {name: times[slow] / times[fast] for name, (slow, fast) in ratios.items()}
    for other in ("the file as shipped", "the file in float32", "dlib, one crop"):
        report[f"embedding is faster than by {other.split(',')[0]} by"] = times[f"embedding by {other}"] / own
    return report


def _interleaved(steps: dict[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Return the median milliseconds of each step, in turns of a few so that noise meets all alike."""
    laps: dict[str, list[float]] = {name: [] for name in steps}
    for turn in range(1 + repeats):
        for name, step in steps.items():
            for lap in range(BLOCK):
                started = time.perf_counter()
                step()
                # The first of a block meets threads and caches of the step before it.
                if turn and lap:
                    laps[name].append((time.perf_counter() - started) * 1000)
    return {name: statistics.median(values) for name, values in laps.items()}


def _fill(gallery: Any, count: int) -> None:  # noqa: ANN401
    import numpy as np

    rng = np.random.default_rng(0)
    embeddings = rng.standard_normal((count, gallery.dimension)).astype(np.float32)
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    gallery.replace(
        gallery.model_id,
        template_ids=np.arange(count, dtype=np.int64),
        person_ids=[f"{number:032x}" for number in range(count)],
        is_active=np.ones(count, bool),
        embeddings=embeddings,
    )


def _agreement(photos: Path, smallest_face: int) -> dict[str, object]:
    """Compare boxes with facenet-pytorch's on photos, as many as are there."""
    from PIL import Image

    from faceaccess.cli.recogniser import load_recogniser
    from faceaccess.vision.networks.facenet_pytorch import import_facenet_pytorch
    from faceaccess.vision.sources.images import PHOTO_SUFFIXES, read_photo
    from faceaccess.vision.tracking import overlap

    detector = load_recogniser("cpu").detector
    theirs = import_facenet_pytorch().MTCNN(min_face_size=smallest_face)
    sure = matched = 0
    for path in sorted(path for path in photos.rglob("*") if path.suffix.lower() in PHOTO_SUFFIXES):
        image = read_photo(path).image
        boxes, scores = theirs.detect(Image.fromarray(image))
        own = detector.detect(image, smallest_face_px=smallest_face)
        for box, score in zip(boxes if boxes is not None else (), scores, strict=False):
            if score is None or score < SURE:
                continue
            sure += 1
            matched += any(overlap(face.box, box) >= LEAST_IOU for face in own)
    return {
        f"boxes of facenet-pytorch of probability {SURE} and more": sure,
        f"part of them found with IoU {LEAST_IOU} and more": matched / max(sure, 1),
    }
