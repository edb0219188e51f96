"""Which photos a step sees."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faceaccess.learning.batches import Batches, BatchShape

LABELS = st.lists(st.integers(0, 6), min_size=4, max_size=40)


@settings(max_examples=60, deadline=None)
@given(labels=LABELS, people=st.integers(2, 5), photos=st.integers(2, 4), others=st.integers(0, 9))
def test_a_batch_has_p_people_with_k_photos_and_further_ones(labels, people, photos, others):
    counts = np.bincount(labels)
    with_two = np.flatnonzero(counts > 1)
    if len(set(labels)) < 2 or not len(with_two):
        with pytest.raises(ValueError, match="two people"):
            Batches(labels, BatchShape(people, photos, others), 0)
        return
    rows = Batches(labels, BatchShape(people, photos, others), 0).at(3)
    assert len(set(rows.tolist())) == len(rows)
    whose = np.array(labels)[rows]
    learnt = min(people, len(with_two))
    first = whose[: sum(min(photos, counts[person]) for person in dict.fromkeys(whose[:1]))]
    assert len(set(first)) == 1
    present = [person for person in dict.fromkeys(whose) if person in with_two]
    assert len(present) >= learnt
    for person in present[:learnt]:
        assert (whose == person).sum() == min(photos, counts[person])


def test_a_batch_follows_from_seed_and_step_alone():
    labels = np.repeat(np.arange(30), 3)
    shape = BatchShape(8, 2, 4)
    first, again = Batches(labels, shape, 5), Batches(labels, shape, 5)
    again.at(7)
    assert first.at(2).tolist() == again.at(2).tolist()
    assert first.at(2).tolist() != first.at(3).tolist()
    assert first.at(2).tolist() != Batches(labels, shape, 6).at(2).tolist()
