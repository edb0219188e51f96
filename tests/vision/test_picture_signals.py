"""What betrays a picture of a face: its edges and its pattern."""

import cv2
import numpy as np
import pytest

from faceaccess.vision.liveness.edges import picture_edge
from faceaccess.vision.liveness.pattern import periodic_pattern
from tests.builders import make_detection

FACE = make_detection(260, 180, 120)


def room(seed=0):
    """A blurred room with noise, (480, 640, 3)."""
    rng = np.random.default_rng(seed)
    blocks = rng.integers(80, 180, (5, 6, 3)).astype(np.uint8)
    smooth = cv2.resize(blocks, (640, 480), interpolation=cv2.INTER_CUBIC)
    return np.clip(smooth + rng.normal(0, 3, smooth.shape), 0, 255).astype(np.uint8)


def sheet(corners, image=None):
    """The room with something flat and white in it."""
    image = room() if image is None else image
    cv2.fillPoly(image, [np.array(corners, np.int32)], (240, 240, 235))
    return image


def test_a_sheet_around_a_face_has_edges_and_a_room_has_none():
    plain = picture_edge(room(), FACE)
    straight = picture_edge(sheet([(210, 110), (430, 110), (430, 390), (210, 390)]), FACE)
    slanted = picture_edge(sheet([(200, 120), (420, 90), (440, 370), (230, 400)]), FACE)
    assert plain < 5
    assert min(straight, slanted) > 3 * plain
    assert min(straight, slanted) > 15


def test_three_edges_are_a_doorway():
    doorway = picture_edge(sheet([(210, 110), (430, 110), (430, 500), (210, 500)]), FACE)
    assert doorway < 5


def test_edges_count_alike_however_large_the_face_is():
    image = sheet([(210, 110), (430, 110), (430, 390), (210, 390)])
    half = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    assert picture_edge(half, make_detection(130, 90, 60)) == pytest.approx(
        picture_edge(image, FACE), rel=0.2
    )


@pytest.mark.parametrize("place", [(-40, -40, 100), (600, 440, 100), (0, 0, 640), (300, 200, 0)])
def test_a_face_at_an_edge_or_of_any_size_is_looked_at(place):
    detection = make_detection(*place)
    assert np.isfinite(picture_edge(room(), detection))
    assert np.isfinite(periodic_pattern(room(), detection))


@pytest.mark.parametrize("period", [2.6, 4.3, 6.7])
def test_stripes_stand_out_and_noise_does_not(period):
    image = room()
    stripes = 6 * np.cos(2 * np.pi * np.arange(640) / period)
    striped = np.clip(image + stripes[None, :, None], 0, 255).astype(np.uint8)
    assert periodic_pattern(image, FACE) < 3
    assert periodic_pattern(striped, FACE) > periodic_pattern(image, FACE) + 1


def test_the_blocks_of_jpeg_are_no_pattern():
    _, packed = cv2.imencode(".jpg", room(), [cv2.IMWRITE_JPEG_QUALITY, 40])
    assert periodic_pattern(cv2.imdecode(packed, cv2.IMREAD_COLOR), FACE) < 3.5


def test_a_small_face_has_no_pattern():
    assert periodic_pattern(room(), make_detection(100, 100, 40)) == 0
