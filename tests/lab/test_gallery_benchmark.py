import numpy as np

from faceaccess.lab.benchmarks.gallery import _side_by_side
from faceaccess.lab.benchmarks.stored_templates import store
from faceaccess.store.file.database import Database
from faceaccess.store.people.templates import Templates


def unit(count, seed):
    rows = np.random.default_rng(seed).normal(size=(count, 128))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_the_stored_templates_are_those_of_a_data_folder(tmp_path):
    embeddings = unit(20, 0)
    store(tmp_path, "benchmark", embeddings)
    with Database.open(tmp_path, read_only=True) as database:
        loaded = Templates(database).load("benchmark")
        assert database.problems() == []
    np.testing.assert_array_equal(loaded.embeddings, embeddings)
    assert len(set(loaded.person_ids)) == 20


def test_both_ways_to_hold_templates_are_measured_on_the_same(tmp_path):
    embeddings = unit(300, 0)
    store(tmp_path, "benchmark", embeddings)
    probes = embeddings[:40] + 0.2 * unit(40, 1)
    probes /= np.linalg.norm(probes, axis=1, keepdims=True)
    full, compact = _side_by_side(tmp_path, probes)
    assert (full["held"], compact["held"]) == ("exact", "compact")
    for row in (full, compact):
        assert (row["templates"], row["index"], row["recall_at_1"]) == (300, "exact", 1.0)
        assert row["same_candidates"] == "40 of 40"
        assert row["search_ms_p50"] > 0
