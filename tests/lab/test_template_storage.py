from pathlib import Path

import numpy as np
import pytest

from faceaccess.errors import ModelError
from faceaccess.lab.measures.template_storage import as_stored, indexes, stored_size
from tests.cli.conftest import json_lines


def unit(count, dimension=128, seed=0):
    rows = np.random.default_rng(seed).normal(size=(count, dimension))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def kinds():
    return indexes(unit(600))


def test_each_kind_takes_the_bytes_it_says(kinds):
    sizes = {kind: stored_size(kind, index, [], 0).template_bytes for kind, index in kinds.items()}
    assert sizes == {
        "float32": 512,
        "float16": 256,
        "int8": 128,
        "product, 32 parts": 32,
        "product, 16 parts": 16,
    }


def test_the_fewer_the_bytes_the_farther_a_template_comes_back_from_itself(kinds):
    templates = {Path(str(number)): row for number, row in enumerate(unit(50, seed=1))}
    away = []
    for index in kinds.values():
        stored = as_stored(index, templates)
        assert stored.keys() == templates.keys()
        away.append(np.mean([np.sum((stored[path] - row) ** 2) for path, row in templates.items()]))
        assert [np.linalg.norm(row) for row in stored.values()] == pytest.approx([1] * 50, abs=1e-5)
        assert index.ntotal == 0
    assert away == sorted(away)
    assert away[0] == pytest.approx(0, abs=1e-12)
    assert away[2] < 1e-3 < 0.1 < away[4]


def test_a_search_is_timed_among_as_many_as_asked_for(kinds):
    people = [unit(3, seed=number) for number in range(10)]
    size = stored_size("int8", kinds["int8"], people, 3000)
    assert size.search_ms > 0
    assert kinds["int8"].ntotal == 0


def test_the_command_states_what_each_kind_costs(run, painted):
    words = ("evaluate", "templates", "--photos", str(painted), "--people", "3", "--draws", "2")
    found = json_lines(run(*words, "--templates", "1000", "--json"))
    assert [(row["kind"], row["template_bytes"]) for row in found] == [
        ("float32", 32),
        ("float16", 16),
        ("int8", 8),
    ]
    assert [error["difference"]["mean"] for error in found[0]["errors"]] == [0] * 7
    assert all(row["search_ms"] > 0 for row in found)
    assert "ms to search 1 000" in run(*words, "--templates", "1000").stdout
    (untimed, *_) = json_lines(run(*words, "--templates", "0", "--json"))
    assert untimed["search_ms"] is None


def test_too_few_photos_to_fit_codes_to_are_said():
    """FAISS ended the command with an error of its own."""
    with pytest.raises(ModelError, match="too few photos to fit codes to: 255"):
        indexes(unit(255))
