"""The cost and gain of limits for photos: photos refused against faces missed later."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from faceaccess.errors import FaceAccessError
from faceaccess.lab.measures.degrading import DEGRADATIONS
from faceaccess.lab.measures.evaluation import nearest
from faceaccess.recognition.error_rates import thresholds_at
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.vision.gates import Gate, faults
from faceaccess.vision.portrait import main_face
from faceaccess.vision.quality import assess
from faceaccess.vision.sources.images import pixels
from faceaccess.vision.types import FloatArray, ImageArray, Quality

CLEAN = "clean"
OFFERED = 8
"""Photos of a person that may be enrolled; the others are probes."""

PROBES = 8
DEGRADED_PART = 0.6
SMALLEST_FACE_PX = 20
FPIRS = (1e-2, 3e-3)
LIMIT_STEPS = (0.6, 0.8, 1.0, 1.25, 1.6)


@dataclass(frozen=True, eq=False)
class Sample:
    """A photo as it is or made worse, measured.

    Attributes:
        kind: CLEAN or a name of `DEGRADATIONS`.
        template, probe: (D,) float32 of unit norm, by the recipe of each.
    """

    person: str
    photo: Path
    kind: str
    quality: Quality
    template: FloatArray
    probe: FloatArray


@dataclass(frozen=True)
class GateRow:
    """The effect of one gate at one limit.

    Attributes:
        clean_refused, worse_refused: parts of photos as they are, and made worse.
        distance_passed, distance_refused: median squared L2 of the photos made worse to the person's
            other photos as they are: of those that pass, and of those refused; None for none.
    """

    gate: Gate
    clean_refused: float
    worse_refused: float
    distance_passed: float | None
    distance_refused: float | None


@dataclass(frozen=True)
class MissRow:
    """Faces missed with the gates off and on, each at the same FPIR.

    Attributes:
        photos_each: enrolled of each person.
        is_retaken: whether a refused photo was taken again, up to `OFFERED` in all; else it is left
            out, unless somebody has no better one.
        fnir_off, fnir_on: part of probes missed or misnamed.
    """

    photos_each: int
    is_retaken: bool
    fpir: float
    fnir_off: float
    fnir_on: float

    @property
    def saved(self) -> float:
        """Return the part of the misses that the gates save."""
        return 1 - self.fnir_on / self.fnir_off if self.fnir_off else 0.0


def measure(
    recogniser: Recogniser,
    folders: Mapping[str, Sequence[Path]],
    *,
    seed: int,
    progress: Callable[[int, int], None],
) -> list[Sample]:
    """Measure people's photos: all as they are, those offered made worse at random too.

    Raises:
        FaceAccessError: nobody has enough photos.
    """
    rng = np.random.default_rng(seed)
    rich = {name: photos for name, photos in folders.items() if len(photos) > OFFERED + 1}
    if len(rich) < 2:
        raise FaceAccessError(f"Nobody has more than {OFFERED + 1} photos.", "Give a folder with more.")
    samples: list[Sample] = []
    for done, (name, photos) in enumerate(sorted(rich.items()), 1):
        order = [photos[place] for place in rng.permutation(len(photos))][: OFFERED + PROBES]
        for place, path in enumerate(order):
            image = pixels(path)
            if image is None:
                continue
            samples += _sampled(recogniser, name, path, CLEAN, image)
            if place < OFFERED:
                kind = list(DEGRADATIONS)[rng.integers(len(DEGRADATIONS))]
                worse = DEGRADATIONS[kind](image, float(rng.uniform()), rng)
                samples += _sampled(recogniser, name, path, kind, worse)
        progress(done, len(rich))
    return samples


def measure_strangers(
    recogniser: Recogniser, photos: Sequence[Path], progress: Callable[[int, int], None]
) -> FloatArray:
    """Return (N, D) probes of people who are not enrolled."""
    probes = []
    for done, path in enumerate(photos, 1):
        image = pixels(path)
        faces = [] if image is None else recogniser.detector.detect(image, smallest_face_px=SMALLEST_FACE_PX)
        if image is not None and faces:
            crop = recogniser.embedder.alignment.align(image, main_face(faces, image))
            probes.append(recogniser.embedder.embed_probes(crop[None])[0])
        progress(done, len(photos))
    if not probes:
        raise FaceAccessError("There are no strangers to measure with.", "Give more people with few photos.")
    return np.stack(probes)


def _sampled(recogniser: Recogniser, person: str, path: Path, kind: str, image: ImageArray) -> list[Sample]:
    """Return the sample of a picture; none where no face is found, as the desk would say itself."""
    faces = recogniser.detector.detect(image, smallest_face_px=SMALLEST_FACE_PX)
    if not faces:
        return []
    face, embedder = main_face(faces, image), recogniser.embedder
    crop = embedder.alignment.align(image, face)
    templates, clarity = embedder.embed_measured(crop[None])
    quality = assess(face, image, crop, smallest_face_px=SMALLEST_FACE_PX)
    quality = replace(quality, clarity=float(clarity[0]))
    return [Sample(person, path, kind, quality, templates[0], embedder.embed_probes(crop[None])[0])]


def gate_rows(samples: Sequence[Sample], gates: Sequence[Gate]) -> list[GateRow]:
    """Return the effect of each gate at its limit and at looser and tighter ones."""
    own = _own_distances(samples)
    return [
        _gate_row(samples, own, replace(gate, limit=_stepped(gate, step)))
        for gate in gates
        for step in LIMIT_STEPS
    ]


def refused_parts(samples: Sequence[Sample], gates: Sequence[Gate]) -> dict[str, float]:
    """Return the part of photos of each kind that all gates together refuse."""
    kinds = dict.fromkeys(sample.kind for sample in samples)
    return {
        kind: float(np.mean([bool(faults(s.quality, gates)) for s in samples if s.kind == kind]))
        for kind in kinds
    }


def miss_rows(
    samples: Sequence[Sample],
    strangers: FloatArray,
    gates: Sequence[Gate],
    *,
    photos_each: Collection[int],
    draws: int = 10,
) -> list[MissRow]:
    """Return the misses with the gates off and on, at equal FPIR, as means over random draws.

    Of the photos offered of each person, six in ten are those made worse.
    """
    bad = {id(sample) for sample in samples if faults(sample.quality, gates)}
    by_person: dict[str, dict[Path, dict[str, Sample]]] = {}
    for sample in samples:
        kinds = by_person.setdefault(sample.person, {}).setdefault(sample.photo, {})
        kinds[CLEAN if sample.kind == CLEAN else "worse"] = sample
    rows = []
    for count in photos_each:
        for is_retaken in (True, False):
            fnir = np.mean(
                [
                    _draw(by_person, strangers, bad, count, is_retaken, np.random.default_rng(seed))
                    for seed in range(draws)
                ],
                axis=0,
            )
            rows += [
                MissRow(count, is_retaken, fpir, float(off), float(on))
                for fpir, off, on in zip(FPIRS, fnir[0], fnir[1], strict=True)
            ]
    return rows


def _draw(
    by_person: Mapping[str, Mapping[Path, Mapping[str, Sample]]],
    strangers: FloatArray,
    bad: Collection[int],
    photos_each: int,
    is_retaken: bool,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Return FNIR at each of `FPIRS`, (2, len(FPIRS)): with the gates off, and on."""
    off: list[Sample] = []
    on: list[Sample] = []
    probes: list[Sample] = []
    for photos in by_person.values():
        offered = []
        for kinds in [photos[path] for path in photos][:OFFERED]:
            kind = "worse" if rng.random() < DEGRADED_PART else CLEAN
            offered += [kinds[kind]] if kind in kinds else []
        good = [
            sample for sample in (offered if is_retaken else offered[:photos_each]) if id(sample) not in bad
        ]
        off += offered[:photos_each]
        on += good[:photos_each] or _clearest(offered[:photos_each])
        probes += [photos[path][CLEAN] for path in list(photos)[OFFERED:] if CLEAN in photos[path]]
    return np.array([_fnir(enrolled, probes, strangers) for enrolled in (off, on)])


def _clearest(offered: Sequence[Sample]) -> list[Sample]:
    """Return the best of photos that were all refused; none of none."""
    return sorted(offered, key=lambda sample: -sample.quality.clarity)[:1]


def _fnir(enrolled: Sequence[Sample], probes: Sequence[Sample], strangers: FloatArray) -> NDArray[np.float64]:
    gallery = np.stack([sample.template for sample in enrolled])
    near, who = nearest(np.stack([sample.probe for sample in probes]), gallery)
    right = np.array(
        [enrolled[place].person == probe.person for place, probe in zip(who, probes, strict=True)]
    )
    thresholds = thresholds_at(nearest(strangers, gallery)[0], FPIRS)
    return np.array([1 - float(np.mean((near <= threshold) & right)) for threshold in thresholds])


def _own_distances(samples: Sequence[Sample]) -> FloatArray:
    """Return (N,) the median distance of each sample to the person's other photos as they are."""
    probes: dict[str, list[Sample]] = {}
    for sample in samples:
        if sample.kind == CLEAN:
            probes.setdefault(sample.person, []).append(sample)
    return np.array(
        [
            np.median(
                [2 - 2 * float(s.template @ o.probe) for o in probes.get(s.person, ()) if o.photo != s.photo]
                or [np.nan]
            )
            for s in samples
        ],
        np.float32,
    )


def _stepped(gate: Gate, step: float) -> float:
    """Return a limit that is looser or tighter; a probability stays one."""
    return gate.limit**step if gate.measure == "detection_score" else gate.limit * step


def _gate_row(samples: Sequence[Sample], own: FloatArray, gate: Gate) -> GateRow:
    refused = np.array([gate.refuses(sample.quality) for sample in samples])
    clean = np.array([sample.kind == CLEAN for sample in samples])
    return GateRow(
        gate,
        float(refused[clean].mean()),
        float(refused[~clean].mean()),
        _median(own[~clean & ~refused]),
        _median(own[~clean & refused]),
    )


def _median(values: FloatArray) -> float | None:
    values = values[~np.isnan(values)]
    return float(np.median(values)) if len(values) else None
