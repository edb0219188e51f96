import logging

import cv2
import numpy as np
import pytest

from faceaccess.lab.measures.embedded_photos import RECIPES, PhotoModel
from faceaccess.lab.measures.embedding_cache import EmbeddingCache, Use
from faceaccess.recognition.gallery import Gallery
from faceaccess.recognition.pipeline import Recogniser
from tests.builders import make_embedding
from tests.fakes import ON_CPU, FakeDetector, FakeEmbedder


class Blind(FakeDetector):
    """Finds no face in a black picture."""

    def detect(self, image, *, smallest_face_px=None):
        faces = super().detect(image)
        return faces if image[0, 0, 0] else []


class Model:
    """Counts how often it is loaded and how many photos it looks at."""

    def __init__(self, cache):
        self.detector, self.loaded = Blind(), 0
        self.photos = PhotoModel("fake:1", self._load, cache)

    def _load(self):
        self.loaded += 1
        return Recogniser(self.detector, FakeEmbedder(), Gallery("fake:1", 8), ON_CPU)

    def embed(self, paths, uses=RECIPES):
        return self.photos.embed(paths, lambda _done, _count: None, uses)


@pytest.fixture
def cache(tmp_path):
    return EmbeddingCache(tmp_path / "cache")


@pytest.fixture
def photos(tmp_path):
    paths = [tmp_path / f"{value}.png" for value in (0, 50, 100, 150)]
    for path in paths:
        cv2.imwrite(str(path), np.full((100, 100, 3), int(path.stem), np.uint8))
    return paths


def same(one, other):
    assert one.without_face == other.without_face
    for first, second in ((one.templates, other.templates), (one.probes, other.probes)):
        assert first.keys() == second.keys()
        assert all((first[path] == second[path]).all() for path in first)


def test_the_second_time_no_model_is_loaded_and_the_result_is_the_same(cache, photos):
    first, again = Model(cache), Model(cache)
    result = first.embed(photos)
    assert (result.without_face, len(result.probes), len(result.templates)) == ({photos[0]}, 3, 3)
    same(again.embed(photos), result)
    assert (first.loaded, first.detector.calls, again.loaded) == (1, 4, 0)


def test_a_copy_under_another_name_is_known_and_a_changed_photo_is_not(cache, photos, tmp_path):
    Model(cache).embed(photos)
    copy = tmp_path / "copy.png"
    copy.write_bytes(photos[2].read_bytes())
    cv2.imwrite(str(photos[1]), np.full((100, 100, 3), 60, np.uint8))
    model = Model(cache)
    result = model.embed([*photos, copy])
    assert model.detector.calls == 1
    assert (result.probes[copy] == result.probes[photos[2]]).all()
    assert not np.allclose(result.probes[photos[1]], result.probes[photos[2]])


def test_templates_and_probes_are_kept_apart(cache, photos):
    Model(cache).embed(photos, [Use.PROBE])
    again, templates = Model(cache), Model(cache)
    assert again.embed(photos, [Use.PROBE]).templates == {}
    assert again.loaded == 0
    assert len(templates.embed(photos, [Use.TEMPLATE]).templates) == 3
    assert templates.loaded == 1


def test_without_a_cache_nothing_is_kept(photos, tmp_path):
    for _ in range(2):
        model = Model(None)
        model.embed(photos)
        assert model.loaded == 1
    assert not (tmp_path / "cache").exists()


def test_another_model_knows_nothing_of_it(cache, photos):
    Model(cache).embed(photos)
    assert cache.read("fake:2", Use.PROBE) == {}
    cache.path("fake:1", Use.PROBE).replace(cache.path("fake:2", Use.PROBE))
    assert cache.read("fake:2", Use.PROBE) == {}


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: b"PK\x03\x04 something else",
        lambda data: data[:-1],
        lambda data: data[: len(data) // 2],
        lambda data: bytes([*data[:80], data[80] ^ 1, *data[81:]]),
        lambda data: data + b"more",
    ],
)
def test_a_damaged_or_foreign_file_is_written_anew(cache, photos, damage):
    result = Model(cache).embed(photos)
    path = cache.path("fake:1", Use.PROBE)
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    assert cache.read("fake:1", Use.PROBE) == {}
    same(Model(cache).embed(photos), result)
    assert path.read_bytes() == whole


@pytest.mark.logs_warnings
def test_a_cache_that_can_not_be_written_stops_nothing(photos, tmp_path, caplog):
    (tmp_path / "cache").write_text("a file", "utf-8")
    with caplog.at_level(logging.WARNING):
        assert len(Model(EmbeddingCache(tmp_path / "cache")).embed(photos).probes) == 3
    assert "not kept" in caplog.text


@pytest.mark.logs_warnings
def test_a_photo_that_can_not_be_read_has_no_face(cache, photos, tmp_path):
    missing, broken = tmp_path / "missing.png", tmp_path / "broken.png"
    broken.write_bytes(b"no photo")
    result = Model(cache).embed([*photos, missing, broken])
    assert result.without_face == {photos[0], missing, broken}


def test_many_rows_come_back_bit_for_bit(cache):
    rows = {bytes([number]) * 32: make_embedding(number, 128) for number in range(200)} | {b"x" * 32: None}
    cache.write("fake:1", Use.TEMPLATE, rows)
    again = cache.read("fake:1", Use.TEMPLATE)
    assert again.keys() == rows.keys()
    assert again.pop(b"x" * 32) is None
    assert all((again[digest] == rows[digest]).all() for digest in again)
