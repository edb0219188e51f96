import numpy as np
import pytest

from faceaccess.lab.measures.hard_faces import HARD_FACES
from faceaccess.vision.types import Detection
from tests.builders import make_detection

FACE = make_detection(70, 60, 100)
EYES, NOSE, MOUTH = FACE.landmarks[:2], FACE.landmarks[2], FACE.landmarks[3:].mean(axis=0)


@pytest.fixture
def photo():
    rng = np.random.default_rng(0)
    return rng.integers(110, 150, (250, 250, 3)).astype(np.uint8)


def hard(kind, photo, face=FACE, seed=0):
    return HARD_FACES[kind](photo, face, np.random.default_rng(seed))


def is_covered(kind, photo, point):
    """Whether a picture's grain is gone around a point, x y."""
    x, y = np.round(point).astype(int)
    return bool(
        (hard(kind, photo)[y - 2 : y + 3, x - 2 : x + 3] != photo[y - 2 : y + 3, x - 2 : x + 3]).all()
    )


@pytest.mark.parametrize("kind", HARD_FACES)
def test_each_kind_is_a_picture_drawn_anew_and_the_same_again(kind, photo):
    before = photo.copy()
    drawn = hard(kind, photo)
    assert drawn.dtype == np.uint8
    assert drawn.shape != photo.shape or (drawn != photo).any()
    assert (photo == before).all()
    assert (hard(kind, photo) == drawn).all()


@pytest.mark.parametrize(
    ("kind", "covered", "open_"),
    [
        ("surgical_mask", [MOUTH, NOSE + (0, 6), MOUTH + (0, 25)], [*EYES, EYES.mean(axis=0) - (0, 30)]),
        ("headscarf", [EYES.mean(axis=0) - (0, 50), MOUTH + (0, 55), NOSE - (60, 0)], [*EYES, NOSE, MOUTH]),
        ("sunglasses", [*EYES], [MOUTH, NOSE + (0, 8), EYES.mean(axis=0) - (0, 25)]),
    ],
)
def test_what_is_worn_covers_its_part_of_the_face_only(kind, covered, open_, photo):
    assert [is_covered(kind, photo, point) for point in covered] == [True] * len(covered)
    assert [is_covered(kind, photo, point) for point in open_] == [False] * len(open_)


def test_what_is_worn_turns_with_a_tilted_face(photo):
    centre = FACE.landmarks.mean(axis=0)
    turned = (FACE.landmarks - centre) @ np.array([[0, 1], [-1, 0]]) + centre
    face = Detection(FACE.box, turned.astype(np.float32), 0.99)
    drawn = hard("sunglasses", photo, face)
    for x, y in np.round(face.landmarks[:2]).astype(int):
        assert drawn[y, x].mean() < 60


@pytest.mark.parametrize("kind", HARD_FACES)
@pytest.mark.parametrize(
    "points",
    [
        np.full((5, 2), 120),
        [[119, 100], [121, 100], [100, 120], [118, 140], [121, 140]],
        [[100, 120], [120, 100], [110, 110], [100, 120], [120, 100]],
        [[-40, -30], [-20, -30], [-30, -20], [-40, -10], [-20, -10]],
    ],
    ids=["one point", "in profile", "upside down", "outside"],
)
def test_no_face_is_too_odd_to_draw_on(kind, points, photo):
    face = Detection(np.array([80, 60, 160, 170], np.float32), np.array(points, np.float32), 0.9)
    assert hard(kind, photo, face).dtype == np.uint8


def test_pictures_in_bad_light_and_small_ones_are_so(photo):
    assert hard("dim_light", photo).mean() == pytest.approx(0.15 * photo.mean(), abs=1)
    window = hard("back_light", photo)
    assert window[110, 120].mean() < 70
    assert window[:20].mean() > 200
    grey = hard("infra_red", photo)
    assert (grey[..., 0] == grey[..., 1]).all()
    assert grey[90:130, 100:140].mean() > grey[:20, :20].mean()
    assert hard("face_40_px", photo).shape == (100, 100, 3)
    assert hard("face_40_px", photo, make_detection(70, 60, 30)).shape == photo.shape


def test_scarves_have_colours_of_their_own(photo):
    scarves = {tuple(hard("headscarf", photo, seed=seed)[50, 120] // 16) for seed in range(12)}
    assert len(scarves) > 2
