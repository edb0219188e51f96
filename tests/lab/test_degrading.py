import numpy as np
import pytest

from faceaccess.lab.measures.degrading import CONDITIONS, DEGRADATIONS, back_lit, dimmed


@pytest.fixture
def photo():
    """A grey picture with a lighter face in the middle and darker mouth."""
    image = np.full((250, 250, 3), 90, np.uint8)
    image[80:180, 85:165] = 180
    image[150:160, 105:145] = 110
    return image


def worsened(name, photo, seed=0):
    return CONDITIONS[name](photo, np.random.default_rng(seed))


@pytest.mark.parametrize("name", CONDITIONS)
def test_every_condition_gives_another_picture_and_leaves_the_photo_alone(name, photo):
    before = photo.copy()
    worse = worsened(name, photo)
    assert worse.dtype == np.uint8
    assert worse.shape == ((100, 100, 3) if name == "size_40_percent" else photo.shape)
    assert worse.shape != photo.shape or (worse != photo).any()
    assert (photo == before).all()
    assert (worsened(name, photo) == worse).all()


def test_brightness_is_the_part_of_the_light_that_it_says(photo):
    assert worsened("brightness_15_percent", photo).mean() == pytest.approx(0.15 * photo.mean(), abs=0.6)
    noisy = worsened("brightness_10_percent_noisy", photo)
    assert noisy.mean() == pytest.approx(0.10 * photo.mean(), abs=0.6)
    assert noisy[:40, :40].std() > 3
    assert dimmed(photo, np.random.default_rng(0), brightness=0.15)[:40, :40].std() == 0


def test_only_the_lower_face_is_covered(photo):
    changed = (worsened("mouth_covered", photo) != photo).any(axis=2)
    rows, columns = np.nonzero(changed)
    assert (rows.min(), rows.max()) == (140, 191)
    assert (columns.min(), columns.max()) == (75, 174)


def test_a_back_lit_face_is_darker_than_what_is_around(photo):
    worse = worsened("back_lit", photo)
    assert worse[110:140, 110:140].mean() < 70
    assert worse[:20].mean() > 200
    left = back_lit(photo, (60, 125), 100)
    assert left[125, 60].mean() < 60 < left[125, 190].mean()


def test_a_tilted_photo_leans_to_either_side(photo):
    seen = {worsened("tilted_35_degrees", photo, seed).tobytes() for seed in range(8)}
    assert len(seen) == 2


def test_the_degradations_that_limits_were_measured_with_stay():
    assert list(DEGRADATIONS) == [
        "smaller", "blurred", "moved", "darkened", "overexposed", "tilted", "covered", "noisy"
    ]  # fmt: skip
