"""Pictures cut for the screen."""

import numpy as np
import pytest

from faceaccess.gui.pictures import face_pixmap, image_from_rgb
from faceaccess.store.journal.types import EntryCrop
from faceaccess.vision.alignment import loose_crop
from faceaccess.vision.sources.images import to_jpeg
from faceaccess.vision.types import LooseCrop
from tests.builders import make_detection


@pytest.mark.parametrize("x", [0, 100, 240])
def test_the_face_of_a_loose_crop_is_shown_not_its_surroundings(qapp, x) -> None:
    picture = np.zeros((300, 300, 3), np.uint8)
    picture[100:160, x : x + 60] = 255
    image, landmarks = loose_crop(picture, make_detection(x, 100, side=60))
    as_read = face_pixmap(EntryCrop(to_jpeg(image, 95), landmarks))
    as_seen = face_pixmap(LooseCrop(image, landmarks))
    assert as_read.size() == as_seen.size()
    assert as_seen.width() == as_seen.height()
    bright = np.array(
        [
            [as_seen.toImage().pixelColor(i, j).red() for i in range(as_seen.width())]
            for j in range(as_seen.height())
        ]
    )
    # In the middle of a picture a face would fill a quarter of its loose crop.
    assert (bright > 128).mean() > 0.4


def test_a_picture_without_landmarks_is_shown_whole(qapp) -> None:
    image = np.zeros((40, 50, 3), np.uint8)
    assert face_pixmap(EntryCrop(to_jpeg(image), None)).size() == image_from_rgb(image).size()
    assert face_pixmap(None).isNull()
    assert face_pixmap(EntryCrop(b"damaged", make_detection().landmarks)).isNull()
