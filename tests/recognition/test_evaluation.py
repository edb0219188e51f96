from pathlib import Path

import numpy as np
import pytest

from faceaccess.errors import FaceAccessError
from faceaccess.recognition.evaluation import identification_report, open_set
from tests.builders import make_embedding

FOLDERS = {f"person{i}": [Path(f"{i}/{k}.jpg") for k in range(3)] for i in range(40)}
ALL = {path for photos in FOLDERS.values() for path in photos}
EXACT = {path: make_embedding(int(path.parent.name), 32) for path in ALL}


def test_the_split_keeps_people_and_photos_apart():
    split = open_set(FOLDERS, ALL, people=10, photos_each=2, seed=3)
    gallery, mated = {path for _, path in split.gallery}, {path for _, path in split.mated}
    assert (len(split.gallery), len(split.mated), len(split.non_mated)) == (20, 10, 90)
    assert not gallery & mated
    assert not {path.parent for path in split.non_mated} & {path.parent for path in gallery}
    assert all(path in FOLDERS[name] for name, path in split.gallery + split.mated)
    assert split == open_set(FOLDERS, ALL, people=10, photos_each=2, seed=3)
    assert split != open_set(FOLDERS, ALL, people=10, photos_each=2, seed=4)


def test_photos_without_a_face_are_left_out():
    usable = {path for path in ALL if path.name != "0.jpg"}
    split = open_set(FOLDERS, usable, people=10, photos_each=1)
    paths = [path for _, path in split.gallery + split.mated] + list(split.non_mated)
    assert set(paths) == usable


@pytest.mark.parametrize(("people", "photos_each"), [(41, 1), (10, 3), (40, 1)])
def test_too_few_people_or_no_strangers_are_said(people, photos_each):
    with pytest.raises(FaceAccessError):
        open_set(FOLDERS, ALL, people=people, photos_each=photos_each)


def test_embeddings_that_tell_people_apart_miss_nobody():
    report = identification_report(open_set(FOLDERS, ALL, people=10, photos_each=1), EXACT, EXACT)
    assert (report.people, report.photos_each, report.mated_probes, report.non_mated_probes) == (
        10,
        1,
        20,
        90,
    )
    assert report.rank_1 == 1
    assert [(row.fnir, row.fpir) for row in report.rows] == [(0, 0)] * 3


def test_a_mated_probe_nearest_to_another_is_a_miss_at_any_threshold():
    split = open_set(FOLDERS, ALL, people=10, photos_each=1)
    probes = dict(EXACT)
    (_, moved), (other, _) = split.mated[0], split.mated[-1]
    probes[moved] = EXACT[FOLDERS[other][0]]
    report = identification_report(split, EXACT, probes)
    assert report.rank_1 == pytest.approx(19 / 20)
    assert report.rows[0].fnir == pytest.approx(1 / 20)


def test_the_rate_of_accepted_strangers_never_passes_its_target():
    rng = np.random.default_rng(1)
    noisy = {
        path: (raw := embedding + rng.normal(0, 0.25, 32)) / np.linalg.norm(raw)
        for path, embedding in sorted(EXACT.items())
    }
    report = identification_report(open_set(FOLDERS, ALL, people=10, photos_each=1), EXACT, noisy)
    assert [row.fpir_target for row in report.rows] == [1e-2, 3e-3, 1e-3]
    assert all(row.fpir <= row.fpir_target for row in report.rows)
    assert sorted((row.threshold for row in report.rows), reverse=True) == [r.threshold for r in report.rows]
