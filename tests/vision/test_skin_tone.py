import numpy as np
import pytest

from faceaccess.vision.skin_tone import PATCHES, SkinTone, ita, tone_of


def face(colour):
    return np.full((112, 112, 3), colour, np.uint8)


@pytest.mark.parametrize(
    ("colour", "degrees", "tone"),
    [
        # L* and b* by the formulas of CIE 15 with the white of D65, in double precision.
        ((235, 196, 166), 57.5, SkinTone.VERY_LIGHT),  # 81.78, 20.25
        ((224, 180, 150), 51.1, SkinTone.LIGHT),  # 76.49, 21.35
        ((205, 160, 125), 37.9, SkinTone.INTERMEDIATE),  # 69.19, 24.64
        ((190, 140, 100), 23.0, SkinTone.TAN),  # 62.19, 28.76
        ((150, 100, 70), -6.7, SkinTone.BROWN),  # 47.03, 25.15
        ((110, 75, 55), -39.6, SkinTone.DARK),  # 35.25, 17.85
    ],
)
def test_the_angle_of_known_colours(colour, degrees, tone):
    measured = ita(face(colour))
    assert measured == pytest.approx(degrees, abs=0.5)
    assert tone_of(measured) is tone


def test_hair_on_the_forehead_and_what_is_around_do_not_decide():
    crop = face((20, 60, 20))
    for top, bottom, left, right in PATCHES[1:]:
        crop[top:bottom, left:right] = (205, 160, 125)
    assert ita(crop) == pytest.approx(37.9, abs=0.5)


@pytest.mark.parametrize("colour", [(120, 120, 120), (150, 160, 200)])
def test_a_grey_or_blue_photo_tells_nothing(colour):
    assert ita(face(colour)) is None


@pytest.mark.parametrize(
    ("degrees", "tone"), [(55.1, "very light"), (55, "light"), (28, "tan"), (10, "brown"), (-30, "dark")]
)
def test_the_limits_belong_to_the_darker_group(degrees, tone):
    assert tone_of(degrees) == tone


def test_another_crop_is_refused():
    with pytest.raises(ValueError, match="112"):
        ita(np.zeros((150, 150, 3), np.uint8))
