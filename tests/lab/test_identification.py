from pathlib import Path

import numpy as np
import pytest

from faceaccess.errors import FaceAccessError
from faceaccess.lab.measures.identification import (
    FPIR_TARGETS,
    Identified,
    fnir_difference,
    identification_report,
    identify,
    identify_draws,
    mean_rate,
    open_set,
)
from tests.builders import make_embedding
from tests.fakes import FakeEmbedder

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


def test_others_are_enrolled_and_not_searched_for():
    """Twenty people have three photos, twenty have one: ten of each are enrolled."""
    folders = {name: photos[: 1 if int(name[6:]) < 20 else 3] for name, photos in FOLDERS.items()}
    split = open_set(folders, ALL, people=10, others=10, photos_each=1, seed=3)
    probed = {name for name, _ in split.mated}
    enrolled = {name for name, _ in split.gallery}
    assert (len(split.gallery), len(split.mated), len(split.non_mated)) == (20, 20, 40)
    assert len(enrolled) == 20
    assert {int(name[6:]) >= 20 for name in probed} == {True}
    assert {int(name[6:]) < 20 for name in enrolled - probed} == {True}
    assert not enrolled & {f"person{path.parent.name}" for path in split.non_mated}
    without = open_set(folders, ALL, people=10, photos_each=1, seed=3)
    assert {name for name, _ in without.mated} == probed
    report = identification_report([identify(split, EXACT, EXACT)])
    assert (report.people, report.others, report.mated_probes) == (20, 10, 20)
    with pytest.raises(FaceAccessError, match="exactly 1 photos"):
        open_set(folders, ALL, people=10, others=21, photos_each=1)


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
    report = identification_report([identify(open_set(FOLDERS, ALL, people=10, photos_each=1), EXACT, EXACT)])
    assert (report.people, report.photos_each, report.mated_probes, report.non_mated_probes) == (
        10,
        1,
        20,
        90,
    )
    assert report.rank_1 == 1
    assert [(row.fnir.mean, row.fpir) for row in report.rows] == [(0, 0)] * 3


def test_a_mated_probe_nearest_to_another_is_a_miss_at_any_threshold():
    split = open_set(FOLDERS, ALL, people=10, photos_each=1)
    probes = dict(EXACT)
    (_, moved), (other, _) = split.mated[0], split.mated[-1]
    probes[moved] = EXACT[FOLDERS[other][0]]
    report = identification_report([identify(split, EXACT, probes)])
    assert report.rank_1 == pytest.approx(19 / 20)
    assert report.rows[0].fnir.mean == pytest.approx(1 / 20)


def test_the_rate_of_accepted_strangers_never_passes_its_target():
    rng = np.random.default_rng(1)
    noisy = {
        path: (raw := embedding + rng.normal(0, 0.25, 32)) / np.linalg.norm(raw)
        for path, embedding in sorted(EXACT.items())
    }
    report = identification_report([identify(open_set(FOLDERS, ALL, people=10, photos_each=1), EXACT, noisy)])
    assert [row.fpir_target for row in report.rows] == [1e-2, 3e-3, 1e-3]
    assert all(row.fpir <= row.fpir_target for row in report.rows)
    assert sorted((row.threshold for row in report.rows), reverse=True) == [r.threshold for r in report.rows]


def drawn(missed, strangers=100):
    """A draw in which each person's probes are missed (1) or right (0), by name."""
    names = tuple(name for name, each in missed.items() for _ in each)
    right = np.array([not miss for each in missed.values() for miss in each])
    far = np.linspace(1.0, 2.0, strangers, dtype=np.float32)
    return Identified(len(missed), 1, names, np.full(len(names), 0.5, np.float32), right, far)


def test_strangers_accepted_are_counted_over_all_draws():
    draws = [drawn({"a": [0], "b": [0]}, 1000), drawn({"a": [0], "c": [1]}, 1000)]
    report = identification_report(draws, thresholds=[1.1])
    assert (report.draws, report.mated_probes, report.non_mated_probes) == (2, 4, 2000)
    assert [row.fpir_target for row in report.rows] == [*FPIR_TARGETS, None]
    assert [row.strangers_accepted for row in report.rows] == [20, 6, 2, 200]
    assert report.rows[-1].fpir == pytest.approx(0.1)
    assert report.rows[-1].threshold_by_draw == (1.1, 1.1)
    assert report.rows[0].fnir_by_draw == (0.0, 0.5)
    assert report.rows[0].fnir.mean == pytest.approx(0.25)
    assert report.rank_1 == pytest.approx(0.75)


def test_the_interval_counts_people_and_not_their_photos():
    """Ten photos of one person are missed together: they are one case, not ten."""
    people = {str(i): [i < 20] for i in range(100)}
    many = {name: each * 10 for name, each in people.items()}
    once, tenfold = (mean_rate([draw], [draw.missed_at(0.01)]) for draw in (drawn(people), drawn(many)))
    assert once == tenfold
    assert once.mean == pytest.approx(0.2)
    # Of 100 independent cases: 0.2 with a standard error of 0.04.
    assert (once.low, once.high) == (pytest.approx(0.12, abs=0.02), pytest.approx(0.28, abs=0.02))


def test_the_same_people_drawn_again_make_nothing_surer():
    draw = drawn({str(i): [i < 20] for i in range(100)})
    one = mean_rate([draw], [draw.missed_at(0.01)])
    assert mean_rate([draw] * 5, [draw.missed_at(0.01)] * 5) == one
    others = [drawn({f"{k}-{i}": [i < 20] for i in range(100)}) for k in range(5)]
    five = mean_rate(others, [other.missed_at(0.01) for other in others])
    assert five.high - five.low < 0.6 * (one.high - one.low)


def test_a_difference_is_taken_probe_by_probe():
    first = drawn({str(i): [i < 20] for i in range(100)})
    second = drawn({str(i): [i < 30] for i in range(100)})
    rate = fnir_difference([first], [second], 0.01)
    assert rate.mean == pytest.approx(-0.1)
    assert -0.17 < rate.low < rate.high < -0.03
    assert fnir_difference([first], [first], 0.01).high == 0
    with pytest.raises(ValueError, match="same photos"):
        fnir_difference([first], [drawn({"x": [0]})], 0.01)


class CountingEmbedder(FakeEmbedder):
    def __init__(self):
        super().__init__()
        self.embedded = 0

    def embed_probes(self, crops):
        self.embedded += len(crops)
        return super().embed_probes(crops)

    def embed_templates(self, crops):
        return self.embed_probes(crops)


def test_photos_are_embedded_once_for_all_draws():
    crops = {path: np.full((16, 16, 3), int(path.parent.name), np.uint8) for path in ALL}
    splits = [open_set(FOLDERS, ALL, people=10, photos_each=1, seed=seed) for seed in range(4)]
    embedder = CountingEmbedder()
    draws = identify_draws(embedder, crops, splits)
    enrolled = {path for split in splits for _, path in split.gallery}
    assert embedder.embedded <= len(enrolled) + len(ALL)
    assert [draw.is_right.all() for draw in draws] == [True] * 4
