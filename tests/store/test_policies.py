"""Policies: kept, checked, journalled once per change."""

from dataclasses import replace

import pytest

from faceaccess.codes import JournalKind, OpeningKind, Passage
from faceaccess.errors import SettingsError
from faceaccess.settings import CameraSettings, DoorSettings, Opening
from faceaccess.store.access.types import AccessGroup, AccessRules
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.policy.policies import Policies
from faceaccess.store.policy.types import StoredMatch
from tests.store.builders import OPERATOR


def test_the_door_has_defaults_until_somebody_sets_it(policies: Policies) -> None:
    assert policies.door() == DoorSettings()
    settings = DoorSettings(cool_down_s=5, agreeing_frames=4)
    policies.set_door(OPERATOR, settings)
    assert policies.door() == settings
    policies.set_door(OPERATOR, DoorSettings())
    assert policies.door() == DoorSettings()


@pytest.mark.parametrize(
    ("kept", "asks"), [({"uncertain_band": 0.02}, True), ({"uncertain_band": 0.0}, False)]
)
def test_a_band_of_the_former_models_scale_becomes_a_yes_or_no(
    policies: Policies, kept: dict[str, float], asks: bool
) -> None:
    policies._set(OPERATOR, "door", {**kept, "cool_down_s": 7})
    assert policies.door() == DoorSettings(asks_desk=asks, cool_down_s=7)


def test_numbers_belong_to_a_model(policies: Policies) -> None:
    assert policies.match("a") is None
    policies.set_match(OPERATOR, StoredMatch("a", 0.3, 0.05, "olga", 12))
    assert policies.match("a") == StoredMatch("a", 0.3, 0.05, "olga", 12)
    assert policies.match("b") is None
    policies.forget_match(OPERATOR, "a")
    assert policies.match("a") is None


@pytest.mark.parametrize(
    ("threshold", "margin"), [(-0.1, 0), (4.1, 0), (0.3, -1), (float("nan"), 0), (0.3, 5)]
)
def test_impossible_numbers_are_refused(policies: Policies, threshold: float, margin: float) -> None:
    with pytest.raises(SettingsError, match="must be 0 to 4"):
        policies.set_match(OPERATOR, StoredMatch("a", threshold, margin))
    assert policies.match("a") is None


def test_the_active_model(policies: Policies) -> None:
    assert policies.active_model() is None
    policies.set_active_model(OPERATOR, "facenet-vggface2")
    assert policies.active_model() == "facenet-vggface2"


def test_each_change_is_journalled_once_and_with_both_values(policies: Policies, journal: Journal) -> None:
    for _ in range(2):
        policies.set_door(OPERATOR, DoorSettings(cool_down_s=5))
        policies.set_match(OPERATOR, StoredMatch("a", 0.3, 0.05, "olga", 12))
        policies.set_active_model(OPERATOR, "a")
    policies.set_door(OPERATOR, DoorSettings(cool_down_s=7))
    rows = journal.rows.newest()
    assert [row.details["policy"] for row in rows] == ["door", "active_model", "match:a", "door"]
    assert {row.kind for row in rows} == {JournalKind.POLICY_CHANGED}
    assert rows[0].details == {
        "policy": "door",
        "before": {"cool_down_s": 5.0},
        "after": {"cool_down_s": 7.0},
    }


def test_there_is_one_camera_until_somebody_sets_them_up(policies: Policies, journal: Journal) -> None:
    assert policies.cameras() == (CameraSettings(),)
    gate = CameraSettings(name="Gate", passage=Passage.IN, region=(0.1, 0, 0.9, 1))
    yard = CameraSettings(camera_id="b", name="Yard", source="usb:7", door="Back door")
    for _ in range(2):
        policies.set_cameras(OPERATOR, [gate, yard])
    assert policies.cameras() == (gate, yard)
    assert len(journal.rows.newest()) == 1


@pytest.mark.parametrize(
    ("cameras", "message"),
    [
        ([], "needs a camera"),
        ([CameraSettings(), CameraSettings(camera_id="b", name="DOOR")], "Two cameras are called Door"),
    ],
)
def test_cameras_that_could_not_be_told_apart_are_refused(
    policies: Policies, cameras: list[CameraSettings], message: str
) -> None:
    with pytest.raises(SettingsError, match=message):
        policies.set_cameras(OPERATOR, cameras)
    assert policies.cameras() == (CameraSettings(),)


def test_a_cameras_password_does_not_reach_the_journal(policies: Policies, journal: Journal) -> None:
    source = "rtsp://admin:p@ss/w@rd@10.0.0.7/stream"
    policies.set_cameras(OPERATOR, [CameraSettings(source=source)])
    assert policies.cameras()[0].source == source
    policies.set_cameras(OPERATOR, [CameraSettings()])
    for row in journal.rows.newest():
        assert "w@rd" not in str(row.details)
        assert "p@ss" not in str(row.details)
    assert "10.0.0.7/stream" in str(journal.rows.newest())


HTTP = Opening(kind=OpeningKind.HTTP, address="https://a/open")


def _lab(policies: Policies) -> tuple[str, ...]:
    return policies.access_rules().groups[0].doors


def test_a_door_that_is_renamed_keeps_what_opens_it_and_who_may_pass(policies: Policies) -> None:
    """It was opened by nothing after it, and its groups were refused everywhere."""
    gate, yard = CameraSettings(), CameraSettings(camera_id="b", name="Yard", door="Yard")
    policies.set_cameras(OPERATOR, [gate, yard])
    policies.set_opening(OPERATOR, "main DOOR", HTTP)
    policies.set_access_rules(OPERATOR, AccessRules((AccessGroup("g", "Lab", doors=("Main door",)),)))
    for name in ("Hall", "HALL"):
        policies.set_cameras(OPERATOR, [replace(gate, door=name), yard])
        assert policies.opening("hall") == HTTP
        assert policies.opening("Main door") == Opening()
        assert _lab(policies) == (name,)
    # A camera that is moved to another door renames nothing.
    policies.set_cameras(OPERATOR, [replace(gate, door="yard"), yard])
    assert policies.opening("Yard") == Opening()
    assert _lab(policies) == ("HALL",)
    assert policies.doors() == ("yard",)


def test_of_two_cameras_at_a_door_one_can_be_moved(policies: Policies) -> None:
    one, other = CameraSettings(), CameraSettings(camera_id="b", name="B")
    policies.set_cameras(OPERATOR, [one, other])
    policies.set_opening(OPERATOR, "Main door", HTTP)
    policies.set_cameras(OPERATOR, [one, replace(other, door="Hall")])
    assert (policies.opening("Main door"), policies.opening("Hall")) == (HTTP, Opening())
    policies.set_cameras(OPERATOR, [replace(one, door="Yard"), replace(other, door="Hall")])
    assert (policies.opening("Main door"), policies.opening("Yard")) == (Opening(), HTTP)


def test_two_doors_that_change_their_names_change_all(policies: Policies) -> None:
    one, other = CameraSettings(door="A"), CameraSettings(camera_id="b", name="B", door="B")
    policies.set_cameras(OPERATOR, [one, other])
    policies.set_opening(OPERATOR, "A", HTTP)
    policies.set_cameras(OPERATOR, [replace(one, door="C"), replace(other, door="D")])
    assert (policies.opening("C"), policies.opening("D")) == (HTTP, Opening())


def test_a_door_that_no_camera_looks_at_is_refused(policies: Policies) -> None:
    with pytest.raises(SettingsError, match="Main Dor"):
        policies.set_opening(OPERATOR, "Main Dor", HTTP)
    group = AccessGroup("g", "Lab", doors=("Laboratory",))
    with pytest.raises(SettingsError, match="Laboratory"):
        policies.set_access_rules(OPERATOR, AccessRules((group,)))


def test_nothing_is_kept_when_journalling_fails(
    database: Database, policies: Policies, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> int:
        raise SettingsError("No.")

    monkeypatch.setattr(Journal, "record", fail)
    with pytest.raises(SettingsError):
        policies.set_active_model(OPERATOR, "a")
    assert policies.active_model() is None
