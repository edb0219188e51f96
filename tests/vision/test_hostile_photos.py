"""Files called photos that hang, never end, or claim to be small: refused, in bounded memory and time."""

import os
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from faceaccess.codes import PhotoProblem
from faceaccess.errors import EnrolmentError
from faceaccess.lab.measures.evaluation import PhotoEmbeddings
from faceaccess.people.arrivals.photo_pool import PhotoFile
from faceaccess.people.enrolment.photo_review import Reviewer
from faceaccess.recognition.gallery import Gallery
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.vision.sources import photo_decoding
from faceaccess.vision.sources.images import WORKING_PX, read_photo
from faceaccess.vision.sources.photo_decoding import GREATEST_BYTES, TooLargeError
from tests.fakes import ON_CPU, FakeDetector, FakeEmbedder

pytestmark = pytest.mark.slow

RED = (200, 30, 40)
MOST_MB, OWN_MB = 700, 250

MEASURED = """
import re, resource, sys
from pathlib import Path

if __name__ == "__main__":
    from faceaccess.errors import EnrolmentError
    from faceaccess.vision.sources.images import read_photo
    try:
        print(read_photo(Path(sys.argv[1])).image.shape)
    except EnrolmentError as exc:
        print(exc.message)
    # Not by `getrusage`, which counts what the process was before it became this program.
    print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def measured(path: Path) -> tuple[str, int, int]:
    """Return what came of reading a photo, and the peaks of memory in MB, of the program and its child."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, timeout=120, check=True
    )
    words, *peaks = done.stdout.splitlines()
    return words, *(int(peak) // 1024 for peak in peaks)


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices are POSIX's")
@pytest.mark.parametrize("kind", ["fifo", "device", "folder", "endless", "huge"])
def test_what_is_no_file_of_a_picture_is_refused_at_once(tmp_path, kind):
    """A pipe called x.jpg hung the whole import; /dev/zero filled the memory."""
    path = tmp_path / "x.jpg"
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "folder":
        path.mkdir()
    elif kind == "endless":
        # Says that it is empty, and isn't.
        path.symlink_to("/proc/self/maps")
    else:
        with path.open("wb") as file:
            file.truncate(GREATEST_BYTES + 1)
    with pytest.raises(EnrolmentError, match=r"x\.jpg"):
        read_photo(path)
    assert len(PhotoFile(path).sha256()) == 64


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are POSIX's")
def test_a_pipe_is_a_review_that_says_so(tmp_path):
    os.mkfifo(tmp_path / "x.jpg")
    recogniser = Recogniser(FakeDetector(), FakeEmbedder(), Gallery("fake:1", 8), ON_CPU)
    review = Reviewer(recogniser, None).review_file(tmp_path / "x.jpg")
    assert review.problem is PhotoProblem.UNREADABLE
    assert "it is no file" in str(review.detail)


@pytest.mark.parametrize("size", [(1, 1), (1, 20_000), (20_000, 1), (3, 5_000)])
@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tif"])
def test_tiny_tall_and_thin_photos_are_read(tmp_path, size, name):
    """A photo one pixel wide was made none wide, which ended the batch."""
    Image.new("RGB", size, RED).save(tmp_path / name)
    image = read_photo(tmp_path / name).image
    assert max(image.shape[:2]) <= WORKING_PX
    assert min(image.shape[:2]) >= 1
    assert np.abs(image.reshape(-1, 3).astype(int).mean(axis=0) - RED).max() < 12


@pytest.mark.parametrize("name", ["a.png", "a.tif", "a.jpg"])
def test_a_photo_decoded_in_bands_looks_as_it_did(tmp_path, name):
    rows, columns = np.mgrid[0:3001, 0:5003]
    shades = np.stack([rows / 3001, columns / 5003, (rows + columns) / 8004], axis=2) * 255
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(shades.astype(np.uint8)).save(tmp_path / name, exif=exif)
    image = read_photo(tmp_path / name).image
    assert image.shape == (2048, 1229, 3)
    turned = Image.fromarray(shades.astype(np.uint8)).transpose(Image.Transpose.ROTATE_270)
    expected = np.asarray(turned.resize(image.shape[1::-1], Image.Resampling.BOX), int)
    assert np.abs(image.astype(int) - expected).max() <= 4


def test_a_jpeg_of_endless_scans_is_refused_before_it_is_decoded(tmp_path):
    """Each scan of a progressive JPEG costs a pass over the picture, and takes 20 bytes in the file."""
    Image.new("RGB", (640, 480), RED).save(tmp_path / "a.jpg", progressive=True)
    data = (tmp_path / "a.jpg").read_bytes()
    last = data.rindex(b"\xff\xda")
    (tmp_path / "a.jpg").write_bytes(data[:last] + data[last:-2] * 1000 + data[-2:])
    with pytest.raises(EnrolmentError, match="damaged"):
        read_photo(tmp_path / "a.jpg")
    (tmp_path / "a.jpg").write_bytes(data)
    assert read_photo(tmp_path / "a.jpg").image.shape == (480, 640, 3)


def test_what_takes_too_long_to_decode_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(photo_decoding, "DECODING_S", 0)
    Image.new("RGB", (60, 40), RED).save(tmp_path / "a.tif")
    with pytest.raises(TooLargeError, match="too long"):
        read_photo(tmp_path / "a.tif")


@pytest.mark.skipif(sys.platform != "linux", reason="bounded by Linux")
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.jpg", {}),
        ("p.jpg", {"progressive": True, "subsampling": 0}),
        ("a.png", {"compress_level": 1}),
        ("a.tif", {"compression": "tiff_lzw"}),
        ("a.webp", {"method": 0}),
        ("a.avif", {"speed": 10, "quality": 30}),
    ],
)
def test_a_photo_of_sixty_megapixels_takes_no_more_memory_than_there_is_for_it(tmp_path, name, options):
    """A PNG of that size took 1.5 GB; a WebP of some kilobytes as much."""
    Image.new("RGB", (7740, 7740), RED).save(tmp_path / name, **options)
    words, own_mb, childs_mb = measured(tmp_path / name)
    # The program itself takes up to 530 MB while it imports.
    assert own_mb < OWN_MB
    assert childs_mb < MOST_MB
    if name in ("a.jpg", "p.jpg", "a.png", "a.tif"):
        assert words == "(2048, 2048, 3)"


@pytest.mark.skipif(sys.platform != "linux", reason="bounded by Linux")
def test_a_picture_that_says_it_is_small_is_decoded_within_bounds(tmp_path):
    """An AVIF of 2 kB that says 64 by 64 holds 100 megapixels, and was decoded whole in the program."""
    Image.new("RGB", (10_000, 10_000), RED).save(tmp_path / "a.avif", speed=10, quality=30)
    data = (tmp_path / "a.avif").read_bytes()
    at = data.index(b"ispe") + 8
    (tmp_path / "a.avif").write_bytes(data[:at] + struct.pack(">II", 64, 64) + data[at + 8 :])
    _, own_mb, childs_mb = measured(tmp_path / "a.avif")
    assert own_mb < 120
    assert childs_mb < MOST_MB


@pytest.mark.logs_warnings
def test_a_photo_that_cannot_be_read_does_not_end_a_measurement(tmp_path, caplog):
    Image.new("RGB", (60, 40), RED).save(tmp_path / "a.jpg")
    (tmp_path / "b.jpg").write_bytes(b"no photo")
    embeddings = PhotoEmbeddings(Recogniser(FakeDetector(), FakeEmbedder(), Gallery("fake:1", 8), ON_CPU))
    seen = []
    embeddings.crops([tmp_path / "b.jpg", tmp_path / "a.jpg"], lambda done, _: seen.append(done))
    assert seen == [1, 2]
    assert "b.jpg is not a photo" in caplog.text
