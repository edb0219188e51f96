"""Photos that don't fit: planted into made-up galleries, against brute force."""

import numpy as np
import pytest

from faceaccess.recognition.consistency import Portraits, copies, look_alikes, rise, strangers


def faces(seed: int, count: int, *, spread: float = 0.05, dimension: int = 32) -> np.ndarray:
    """Return (count, dimension) unit embeddings of one made-up person."""
    rng = np.random.default_rng(seed)
    centre = rng.normal(size=dimension)
    centre /= np.linalg.norm(centre)
    made = centre + spread * rng.normal(size=(count, dimension))
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


def portraits(*people: np.ndarray) -> Portraits:
    numbers = np.repeat(np.arange(len(people)), [len(each) for each in people])
    return Portraits(numbers, np.concatenate(people))


def test_a_wrong_photo_is_found_with_whose_it_is() -> None:
    ada, bea = faces(1, 4), faces(2, 4)
    (found,) = strangers(portraits(np.concatenate([ada, bea[:1]]), bea[1:]), 0.5)
    assert (found.row, found.distance > 0.5) == (4, True)
    assert found.nearest in (5, 6, 7)
    assert found.nearest_distance < 0.5


def test_of_three_photos_the_wrong_one_is_named_and_not_those_beside_it() -> None:
    """With one wrong photo of three, each right one is far from half of the others."""
    (found,) = strangers(portraits(np.concatenate([faces(1, 2), faces(3, 1)])), 0.5)
    assert (found.row, found.nearest) == (2, None)


def test_of_two_photos_the_one_that_is_nearer_to_somebody_else_is_named() -> None:
    mixed = np.concatenate([faces(1, 1), faces(2, 3)[:1]])
    assert [found.row for found in strangers(portraits(mixed, faces(2, 3)[1:]), 0.5)] == [1]
    assert sorted(found.row for found in strangers(portraits(mixed), 0.5)) == [0, 1]


def test_who_has_one_photo_or_good_ones_is_not_named() -> None:
    assert strangers(portraits(faces(1, 1), faces(2, 5), faces(3, 2)), 0.5) == []


def test_copies_are_of_one_person() -> None:
    ada = faces(1, 3)
    again = ada[:1] + 1e-3
    again /= np.linalg.norm(again)
    (pair,) = copies(portraits(np.concatenate([ada, again]), again), 0.004)
    assert (pair.first, pair.second) == (0, 3)


def brute(made: Portraits, base: float, weight: float, farthest: float) -> dict[tuple[int, int], float]:
    """Who may be one person, pair by pair and photo by photo."""
    people = sorted(set(made.people))
    near = {
        (one, other): min(
            float(np.sum((first - second) ** 2))
            for first in made.embeddings[made.people == one]
            for second in made.embeddings[made.people == other]
        )
        for one in people
        for other in people
        if one != other
    }

    def crowd(who: int, but: int) -> float:
        others = sorted(min(near[who, each], farthest) for each in people if each not in (who, but))[:3]
        return float(np.mean(others + [farthest] * (3 - len(others))))

    return {
        (one, other): distance
        for (one, other), distance in near.items()
        if one < other and distance < base + weight * (crowd(one, other) + crowd(other, one))
    }


@pytest.mark.parametrize(("people", "photos"), [(20, 1), (20, 11), (20, 1000), (3, 3), (2, 1000), (5, 1000)])
def test_look_alikes_equal_brute_force_over_blocks(
    monkeypatch: pytest.MonkeyPatch, people: int, photos: int
) -> None:
    """Blocks of people who have so many photos together; with one photo, of one person each."""
    count = sum(1 + seed % 4 for seed in range(people))
    monkeypatch.setattr("faceaccess.recognition.consistency._DISTANCES", photos * count)
    made = portraits(*(faces(seed, 1 + seed % 4, spread=0.3, dimension=6) for seed in range(people)))
    expected = brute(made, 0.1, 0.4, 0.9)
    found = look_alikes(made, base=0.1, weight=0.4, crowd=3, farthest=0.9)
    assert {(int(made.people[each.first]), int(made.people[each.second])) for each in found} == set(expected)
    assert people < 20 or len(found) > 5
    for pair in found:
        key = int(made.people[pair.first]), int(made.people[pair.second])
        assert pair.distance == pytest.approx(expected[key], abs=1e-5)
    assert [pair.distance for pair in found] == sorted(pair.distance for pair in found)


def test_nobody_and_nothing() -> None:
    nobody = Portraits(np.empty(0, np.int64), np.empty((0, 4), np.float32))
    assert strangers(nobody, 0.1) == copies(nobody, 0.1) == []
    assert look_alikes(nobody, base=1, weight=1, crowd=3, farthest=1) == []
    with pytest.raises(ValueError, match="rising"):
        Portraits(np.array([1, 0]), np.zeros((2, 4), np.float32))


def test_a_rise_is_told_from_chance() -> None:
    """Of a thousand people whose distances stay the same, hardly one seems to drift."""
    rng = np.random.default_rng(5)
    alarms = found = 0
    for _ in range(1000):
        before, lately = rng.gamma(16, 0.004, (2, 25))
        rose, error = rise(before, lately)
        alarms += rose > max(3 * error, 0.0106)
        rose, error = rise(before, lately * 1.5)
        found += rose > max(3 * error, 0.0106)
    assert alarms <= 6
    assert found > 900
