import cv2
import numpy as np
import pytest

from faceaccess.errors import FaceAccessError
from faceaccess.lab.measures.hard_report import KINDS, PLAIN, hard_rows
from faceaccess.recognition.gallery import Gallery
from faceaccess.recognition.pipeline import Recogniser
from tests.builders import make_detection
from tests.fakes import ON_CPU, FakeDetector, FakeEmbedder


class Faces(FakeDetector):
    """Finds a face in every picture but dim ones."""

    def detect(self, image, *, smallest_face_px=None):
        return [make_detection(60, 50, 80)] if image.mean() > 20 else []


@pytest.fixture
def folders(tmp_path):
    """Twelve people of eight photos, of one colour each; the last two of photos that nobody looks at."""
    found = {}
    for number in range(12):
        folder = tmp_path / f"person{number}"
        folder.mkdir()
        found[folder.name] = [folder / f"{place}.png" for place in range(8)]
        for path in found[folder.name]:
            cv2.imwrite(str(path), np.full((200, 200, 3), 40 + 5 * number, np.uint8))
    return found


def rows(folders, people=5):
    embedder = FakeEmbedder(32)
    recogniser = Recogniser(Faces(), embedder, Gallery(embedder.model_id, 32), ON_CPU)
    calls = []
    found = hard_rows(
        recogniser,
        folders,
        people=people,
        seeds=(0, 1),
        thresholds=(0.5,),
        progress=lambda done, count: calls.append((done, count)),
    )
    assert calls[-1] == (144, 144)
    return {(row.kind, row.is_enrolled_too): row for row in found}


@pytest.mark.slow
def test_every_kind_is_measured_with_and_without_being_enrolled(folders):
    found = rows(folders)
    assert list(found) == [(kind, too) for too in (False, True) for kind in KINDS]
    plain = found[PLAIN, False]
    assert (plain.report.people, plain.report.photos_each, plain.report.draws) == (5, 1, 2)
    # Six photos of each: two that may be enrolled, and four probes.
    assert (plain.report.mated_probes, plain.report.non_mated_probes) == (2 * 5 * 4, 2 * 7 * 6)
    assert (plain.without_face, plain.report.rank_1) == (0, 1)
    assert [row.fpir_target for row in plain.report.rows] == [1e-2, 3e-3, 1e-3, None]
    assert found["sunglasses", True].report.photos_each == 2


@pytest.mark.slow
def test_a_face_that_is_not_found_is_missed_and_cannot_be_enrolled(folders):
    found = rows(folders)
    dim = found["dim_light", False]
    assert (dim.without_face, dim.report.rank_1, dim.not_enrolled) == (1, 0, 0)
    assert [(row.fnir.mean, row.fpir) for row in dim.report.rows] == [(1, 0)] * 4
    enrolled = found["dim_light", True]
    assert (enrolled.not_enrolled, enrolled.report.photos_each) == (10, 1)


@pytest.mark.slow
def test_enrolling_a_hard_photo_too_finds_who_looks_so_again(folders):
    """Light from behind changes each person's colour, the same way each time; shrinking doesn't."""
    found = rows(folders)
    assert found["face_40_px", False].report.rank_1 == 1
    assert found["back_light", False].report.rank_1 < 0.5
    assert found["back_light", True].report.rank_1 == 1


def test_too_few_people_are_said(folders):
    with pytest.raises(FaceAccessError, match="Only 12 people"):
        rows(folders, people=20)
