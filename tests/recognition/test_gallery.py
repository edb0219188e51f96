import numpy as np
import pytest

from faceaccess.errors import GalleryError
from faceaccess.recognition.gallery import Gallery
from tests.builders import make_embedding


def fill(gallery, embeddings, owners, active=None):
    gallery.replace(
        gallery.model_id,
        template_ids=np.arange(len(owners), dtype=np.int64) + 100,
        person_ids=owners,
        is_active=np.ones(len(owners), bool) if active is None else np.array(active),
        embeddings=embeddings,
    )


def brute_force(probe, embeddings, owners, people):
    best = {}
    for row, owner in zip(embeddings, owners, strict=True):
        distance = float(np.sum((row.astype(np.float64) - probe) ** 2))
        best[owner] = min(distance, best.get(owner, 9))
    return sorted(best.items(), key=lambda item: item[1])[:people]


@pytest.mark.parametrize(("count", "people"), [(1, 1), (40, 7), (900, 100), (900, 2)])
def test_search_equals_brute_force(count, people):
    embeddings = np.stack([make_embedding(seed, 16) for seed in range(count)])
    owners = [f"p{seed % people}" for seed in range(count)]
    gallery = Gallery("m", 16)
    fill(gallery, embeddings, owners)
    probes = np.stack([make_embedding(5000 + seed, 16) for seed in range(20)])
    for probe, found in zip(probes, gallery.search(probes, people=3), strict=True):
        expected = brute_force(probe, embeddings, owners, 3)
        assert [c.person_id for c in found] == [owner for owner, _ in expected]
        assert [c.distance for c in found] == pytest.approx([d for _, d in expected], abs=1e-5)


def test_one_person_with_many_near_templates_does_not_hide_the_runner_up():
    near = make_embedding(1, 16)
    embeddings = np.stack([near] * 50 + [make_embedding(2, 16)])
    gallery = Gallery("m", 16)
    fill(gallery, embeddings, ["a"] * 50 + ["b"])
    assert [c.person_id for c in gallery.search(near[None])[0]] == ["a", "b"]


def test_an_empty_gallery_finds_nobody():
    assert Gallery("m", 8).search(make_embedding(1)[None]) == [()]


def test_candidates_carry_template_and_activity():
    gallery = Gallery("m", 8)
    fill(gallery, make_embedding(1)[None], ["a"], [False])
    (found,) = gallery.search(make_embedding(1)[None])[0]
    assert (found.template_id, found.is_active) == (100, False)
    assert found.distance == pytest.approx(0, abs=1e-6)
    assert found.distance >= 0


def test_another_models_templates_are_refused():
    gallery = Gallery("m", 8)
    with pytest.raises(GalleryError, match="other"):
        gallery.replace(
            "other",
            template_ids=np.array([1]),
            person_ids=["a"],
            is_active=np.array([True]),
            embeddings=make_embedding(1)[None],
        )


def test_wrong_sizes_and_norms_are_refused_and_change_nothing():
    gallery = Gallery("m", 8)
    fill(gallery, make_embedding(1)[None], ["a"])
    with pytest.raises(GalleryError, match=r"\(N, 8\)"):
        fill(gallery, make_embedding(1, 16)[None], ["b"])
    with pytest.raises(GalleryError, match="norm"):
        fill(gallery, 2 * make_embedding(1)[None], ["b"])
    with pytest.raises(GalleryError, match=r"\(N, 8\)"):
        gallery.search(make_embedding(1, 16)[None])
    assert gallery.search(make_embedding(1)[None])[0][0].person_id == "a"
