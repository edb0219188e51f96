"""A compact gallery decides as one that holds every template in full."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faceaccess.errors import GalleryError
from faceaccess.recognition.compact import BEYOND, compacted
from faceaccess.recognition.gallery import Gallery
from tests.builders import make_embedding
from tests.fakes import KeptTemplates


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def scattered(count, dimension):
    return unit(np.random.default_rng(1).standard_normal((count, dimension)))


def crowded(count, dimension):
    """Return people with ten templates each, many of whom lie nearer to each other than rounding errs."""
    rng = np.random.default_rng(2)
    centres = unit(rng.standard_normal((1, dimension))) + 0.004 * rng.standard_normal(
        (count // 10, dimension)
    )
    return unit(np.repeat(centres, 10, axis=0) + 0.001 * rng.standard_normal((count, dimension)))


def both(embeddings, owners, **options):
    """Return a gallery that holds templates in full, one that doesn't, and where it reads them."""
    kept = KeptTemplates()
    ids = kept.add(embeddings)
    full = Gallery("m", embeddings.shape[1], **options)
    compact = Gallery("m", embeddings.shape[1], read=kept.read, **options)
    is_active = np.arange(len(ids)) % 3 > 0
    full.replace(
        "m", template_ids=ids, person_ids=owners, is_active=is_active, embeddings=np.array(embeddings)
    )
    compact.fill(ids, owners, is_active)
    for gallery in (full, compact):
        gallery.settle()
    return full, compact, kept


def probes_of(embeddings, count=60, spread=0.01):
    rng = np.random.default_rng(3)
    chosen = embeddings[rng.permutation(len(embeddings))[:count]]
    return np.vstack(
        [
            chosen[: count // 3],
            unit(chosen[count // 3 :] + spread * rng.standard_normal(chosen[count // 3 :].shape)),
            scattered(count, embeddings.shape[1]),
        ]
    )


@pytest.mark.parametrize("options", [{}, {"exact_up_to": 100, "cells": 16, "probed_cells": 4}])
@pytest.mark.parametrize(
    ("make", "dimension"), [(scattered, 16), (scattered, 128), (crowded, 16), (crowded, 128)]
)
@pytest.mark.parametrize("count", [40, 3000])
def test_candidates_and_distances_are_those_of_the_full_gallery_to_the_bit(make, dimension, count, options):
    embeddings = make(count, dimension)
    owners = [f"p{row // 10}" for row in range(count)]
    full, compact, _ = both(embeddings, owners, **options)
    assert compact.is_exact == full.is_exact == (count < 100 or not options)
    for probe in probes_of(embeddings, min(60, count)):
        for people in (1, 2, 5):
            assert compact.search(probe[None], people) == full.search(probe[None], people)


def test_the_nearest_rounded_templates_alone_would_name_others():
    """What the test above shows is not that rounding is harmless: without the second look it is not."""
    embeddings = crowded(3000, 128)
    full, compact, _ = both(embeddings, [f"p{row}" for row in range(3000)])
    rounded = compact._snapshot.main.codes
    probes = probes_of(embeddings)
    firsts = [full.search(probe[None])[0][0].template_id - 1 for probe in probes]
    assert np.any(rounded.search(probes, 1)[1][:, 0] != firsts)


def test_several_probes_are_answered_as_each_alone():
    embeddings = scattered(500, 16)
    _, compact, _ = both(embeddings, [f"p{row // 5}" for row in range(500)])
    probes = probes_of(embeddings, 30)
    assert compact.search(probes, 3) == [compact.search(probe[None], 3)[0] for probe in probes]


def test_few_templates_are_read_for_a_search():
    embeddings = scattered(3000, 128)
    _, compact, kept = both(embeddings, [f"p{row}" for row in range(3000)])
    kept.asked.clear()
    for probe in probes_of(embeddings):
        compact.search(probe[None])
    assert max(kept.asked) <= 32
    assert np.median(kept.asked) == 8


def test_a_template_takes_a_byte_a_number_and_none_is_held_in_full():
    _, compact, _ = both(scattered(300, 128), ["p"] * 300)
    state = compact._snapshot
    assert (state.main.codes.sa_code_size(), state.main.ntotal, state.recent.ntotal) == (128, 300, 0)


def test_no_template_lies_farther_from_its_rounded_one_than_is_said():
    embeddings = crowded(500, 16)
    kept = KeptTemplates()
    index = compacted(kept.add(embeddings), 16, kept.read)
    away = np.linalg.norm(index.codes.reconstruct_n(0, 500) - embeddings, axis=1)
    assert index.error == pytest.approx(away.max(), rel=1e-4)
    assert index.error > 0


def test_what_others_may_be_nearer_than_is_not_said():
    """All templates lie equally far from the probe: none of eight looked at is known to be the nearest."""
    embeddings = unit(np.hstack([np.ones((200, 1)), scattered(200, 15)]))
    kept = KeptTemplates()
    index = compacted(kept.add(embeddings), 16, kept.read)
    probe = np.eye(16, dtype=np.float32)[:1]
    _, rows, _ = index.search(probe, 8)
    assert rows[0][0] == BEYOND
    _, rows, _ = index.search(probe, 200)
    assert sorted(rows[0]) == list(range(200))


def test_a_template_erased_between_search_and_reading_is_nobody():
    embeddings = scattered(50, 16)
    full, compact, kept = both(embeddings, [f"p{row}" for row in range(50)])
    nearest, second = full.search(embeddings[:1])[0]
    kept.erase(nearest.template_id)
    assert [c.person_id for c in compact.search(embeddings[:1])[0]][0] == second.person_id
    for template_id in list(kept.rows):
        kept.erase(template_id)
    assert compact.search(embeddings[:1]) == [()]


def test_a_template_erased_while_an_index_is_made_is_nobody_and_spoils_no_other():
    embeddings = scattered(50, 16)
    kept = KeptTemplates()
    ids = kept.add(embeddings)
    kept.erase(7)
    compact = Gallery("m", 16, read=kept.read)
    compact.fill(ids, [f"p{row}" for row in ids], np.ones(50, bool))
    for row, probe in enumerate(embeddings):
        assert (compact.search(probe[None])[0][0].person_id == f"p{row + 1}") == (row != 6)


def test_a_newcomer_does_not_stand_before_somebody_who_was_not_looked_at():
    near, far = make_embedding(11, 16), make_embedding(12, 16)
    beside = make_embedding(13, 16)
    tied = near + 0.3 * beside + 1e-4 * np.random.default_rng(0).standard_normal((39, 16))
    many = unit(np.vstack([near, tied]))
    embeddings = np.vstack([many, unit((near + 0.5 * far)[None]), scattered(20, 16)])
    owners = ["a"] * 40 + ["b"] + [f"p{row}" for row in range(20)]
    full, compact, kept = both(embeddings, owners)
    late = unit((near + 0.8 * far)[None])
    (ids,) = kept.add(late)
    for gallery in (full, compact):
        gallery.update(
            "m",
            template_ids=np.arange(1, ids + 1, dtype=np.int64),
            person_ids=[*owners, "late"],
            is_active=np.arange(len(owners) + 1) % 3 > 0,
            embeddings=late,
        )
    assert [c.person_id for c in compact.search(near[None])[0]] == ["a", "b"]
    assert compact.search(near[None], 3) == full.search(near[None], 3)


@pytest.mark.parametrize(
    ("template", "said"), [(2 * make_embedding(1), "norm"), (make_embedding(1, 16), r"expected \(N, 8\)")]
)
def test_templates_of_another_norm_or_length_are_refused(template, said):
    kept = KeptTemplates()
    with pytest.raises(GalleryError, match=said):
        Gallery("m", 8, read=kept.read).fill(kept.add(template[None]), ["a"], np.ones(1, bool))


def test_an_empty_one_finds_nobody():
    compact = Gallery("m", 8, read=KeptTemplates().read)
    compact.fill(np.empty(0, np.int64), [], np.empty(0, bool))
    assert compact.search(make_embedding(1)[None]) == [()]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("abcdef"), st.booleans()), max_size=30),
    st.sampled_from([3, 1000]),
    st.integers(1, 5),
)
def test_after_any_changes_it_is_as_the_full_gallery(changes, exact_up_to, often):
    """Also when its index is made anew all the time; a person is added to, or goes."""
    kept, rows = KeptTemplates(), []
    options = {"exact_up_to": exact_up_to, "cells": 1, "probed_cells": 1}
    full, compact = Gallery("m", 16, **options), Gallery("m", 16, read=kept.read, **options)
    for number, (owner, is_added) in enumerate(changes):
        if is_added:
            (template_id,) = kept.add(make_embedding(number + 70, 16)[None])
            rows.append((int(template_id), owner))
        else:
            for template_id in [row[0] for row in rows if row[1] == owner]:
                kept.erase(template_id)
            rows = [row for row in rows if row[1] != owner]
        if number % often:
            continue
        ids = np.array([row[0] for row in rows], np.int64)
        people, is_active = [row[1] for row in rows], np.ones(len(rows), bool)
        for gallery in (full, compact):
            new = ids[ids > gallery.newest_id]
            gallery.update(
                "m",
                template_ids=ids,
                person_ids=people,
                is_active=is_active,
                embeddings=np.array([kept.rows[i] for i in new], np.float32).reshape(-1, 16),
            )
        if number % 7 == 0:
            compact.fill(ids, people, is_active)
        for seed in range(3):
            probe = make_embedding(9000 + seed, 16)[None]
            assert compact.search(probe, 3) == full.search(probe, 3)
    compact.settle()
