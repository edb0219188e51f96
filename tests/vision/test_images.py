"""Whatever file somebody drops: decoded as it was meant, or refused with a reason."""

import base64
import hashlib

import numpy as np
import pytest
from PIL import Image

from faceaccess.errors import EnrolmentError
from faceaccess.vision.sources import photo_decoding
from faceaccess.vision.sources.images import limited, photo_files, read_photo
from faceaccess.vision.sources.photo_decoding import TooLargeError, UnknownFormatError

RED = (200, 30, 40)

HEIC = (
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "ACJpbG9jAAAAAERAAAEAAQAAAAABoQABAAAAAAAAABoAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRt"
    "AAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMA"
    "AAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5j"
    "bHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBp"
    "eGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAACJtZGF0AAAAFigBrxmA70mlv//fX9/0B6/4mrWmPm4="
)


def picture(mode="RGB", size=(60, 40), colour=RED):
    return Image.new(mode, size, colour)


def near(image, colour=RED, tolerance=12):
    return np.abs(image.reshape(-1, 3).astype(int).mean(axis=0) - colour).max() < tolerance


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.bmp", "a.webp", "a.tiff", "a.gif"])
def test_usual_kinds_are_read(tmp_path, name):
    picture().save(tmp_path / name)
    photo = read_photo(tmp_path / name)
    assert photo.image.shape == (40, 60, 3)
    assert photo.image.dtype == np.uint8
    assert near(photo.image)
    assert photo.sha256 == hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()


def test_a_wrong_ending_does_not_matter(tmp_path):
    picture().save(tmp_path / "a.png")
    (tmp_path / "a.png").rename(tmp_path / "a.jpg")
    assert near(read_photo(tmp_path / "a.jpg").image)


@pytest.mark.parametrize("content", [b"", b"not a picture", b"\xff\xd8\xff\xe0", b"<html></html>"])
def test_what_is_no_picture_is_refused(tmp_path, content):
    (tmp_path / "a.jpg").write_bytes(content)
    with pytest.raises(EnrolmentError, match=r"a\.jpg"):
        read_photo(tmp_path / "a.jpg")


def test_a_truncated_photo_is_refused(tmp_path):
    noise = np.random.default_rng(0).integers(0, 255, (200, 200, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "a.jpg")
    data = (tmp_path / "a.jpg").read_bytes()
    (tmp_path / "a.jpg").write_bytes(data[: len(data) // 2])
    with pytest.raises(EnrolmentError, match="damaged"):
        read_photo(tmp_path / "a.jpg")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(EnrolmentError, match="can't be read"):
        read_photo(tmp_path / "a.jpg")


def test_a_photo_on_its_side_is_turned_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    picture().save(tmp_path / "a.jpg", exif=exif)
    assert read_photo(tmp_path / "a.jpg").image.shape == (60, 40, 3)


def test_cmyk_and_grey_become_rgb(tmp_path):
    picture("RGB").convert("CMYK").save(tmp_path / "c.jpg")
    Image.new("L", (60, 40), 90).save(tmp_path / "g.png")
    assert near(read_photo(tmp_path / "c.jpg").image, tolerance=25)
    assert near(read_photo(tmp_path / "g.png").image, (90, 90, 90))


def test_sixteen_bits_become_eight(tmp_path):
    Image.fromarray(np.full((40, 60), 32768, np.uint16)).save(tmp_path / "a.png")
    assert near(read_photo(tmp_path / "a.png").image, (127, 127, 127))


def test_what_is_transparent_lies_on_white(tmp_path):
    picture("RGBA", colour=(200, 30, 40, 0)).save(tmp_path / "a.png")
    assert near(read_photo(tmp_path / "a.png").image, (255, 255, 255))


def test_the_first_picture_of_an_animation_counts(tmp_path):
    frames = [picture(), picture(colour=(0, 0, 250))]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    assert near(read_photo(tmp_path / "a.gif").image)


def test_a_huge_photo_is_made_smaller_and_a_monstrous_one_refused(tmp_path, monkeypatch):
    picture(size=(6000, 3000)).save(tmp_path / "a.jpg")
    assert max(read_photo(tmp_path / "a.jpg").image.shape) == 2048
    monkeypatch.setattr(photo_decoding, "GREATEST_PIXELS", 6000 * 3000 - 1)
    with pytest.raises(EnrolmentError, match="too large"):
        read_photo(tmp_path / "a.jpg")


def test_limited_keeps_what_is_small_enough():
    image = np.zeros((30, 60, 3), np.uint8)
    assert limited(image, 60) is image
    assert limited(image, 20).shape == (10, 20, 3)


def test_photos_of_a_folder_come_by_name_without_other_files(tmp_path):
    for name in ("b.JPG", "a.png", "notes.txt"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "c.jpg").mkdir()
    assert [path.name for path in photo_files(tmp_path)] == ["a.png", "b.JPG"]


@pytest.mark.parametrize("name", ["a.jfif", "a.jpe", "a.avif"])
def test_less_usual_kinds_are_photos_too(tmp_path, name):
    """Fault: .jfif, which browsers write, was passed over without a word."""
    picture(size=(64, 48)).save(tmp_path / name, format="AVIF" if name == "a.avif" else "JPEG")
    assert photo_files(tmp_path) == [tmp_path / name]
    assert near(read_photo(tmp_path / name).image, tolerance=20)


def test_photos_of_phones_are_read(tmp_path):
    """A HEIC of 64 by 48 pixels, all red."""
    (tmp_path / "a.heic").write_bytes(base64.b64decode(HEIC))
    assert photo_files(tmp_path) == [tmp_path / "a.heic"]
    photo = read_photo(tmp_path / "a.heic")
    assert photo.image.shape == (48, 64, 3)
    assert near(photo.image, tolerance=20)


@pytest.mark.parametrize("kind", ["PPM", "TGA", "ICO", "PCX", "SGI"])
def test_only_the_kinds_meant_are_opened_whatever_they_are_called(tmp_path, kind):
    picture().save(tmp_path / "a.jpg", format=kind)
    with pytest.raises(UnknownFormatError, match="kind"):
        read_photo(tmp_path / "a.jpg")


def test_a_monstrous_photo_is_refused_without_a_warning(tmp_path):
    """Fault: Pillow's warning of a possible bomb stood raw on the terminal."""
    Image.new("1", (10_000, 10_000)).save(tmp_path / "a.png")
    with pytest.raises(TooLargeError, match="too large"):
        read_photo(tmp_path / "a.png")


def test_snapshots_come_in_the_order_of_their_numbers(tmp_path):
    names = ["1.jpg", "2.jpg", "10.jpg", "shot.jpg", "shot2.jpg", "shot10.jpg"]
    for name in names:
        (tmp_path / name).touch()
    assert [path.name for path in photo_files(tmp_path)] == names
