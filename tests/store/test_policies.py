"""Policies: kept, checked, journalled once per change."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from faceaccess.codes import Every, JournalKind, OpeningKind, Passage, ReportFormat, ReportKind, Right, Role
from faceaccess.errors import PermissionDenied, SettingsError
from faceaccess.settings import (
    BackupSettings,
    CameraSettings,
    ConsentSettings,
    DoorSettings,
    LivenessSettings,
    Notification,
    Opening,
    RetentionSettings,
    UpdateSettings,
)
from faceaccess.store.access.types import AccessGroup, AccessRules, Actor, Window
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.policy.attendance_policy import AttendancePolicy, ScheduledReport
from faceaccess.store.policy.forms import FORMS
from faceaccess.store.policy.policies import Policies, _without_password
from faceaccess.store.policy.types import (
    Channels,
    DeskPinHash,
    HeadsFolder,
    LearnedModel,
    LearnedModels,
    ModelChoice,
    StoredMatch,
)
from tests.store.builders import OPERATOR


def test_the_door_has_defaults_until_somebody_sets_it(policies: Policies) -> None:
    assert policies.read(DoorSettings) == DoorSettings()
    settings = DoorSettings(cool_down_s=5, agreeing_frames=4)
    policies.set(OPERATOR, settings)
    assert policies.read(DoorSettings) == settings
    policies.set(OPERATOR, DoorSettings())
    assert policies.read(DoorSettings) == DoorSettings()


@pytest.mark.parametrize(
    ("kept", "asks"), [({"uncertain_band": 0.02}, True), ({"uncertain_band": 0.0}, False)]
)
def test_a_band_of_the_former_models_scale_becomes_a_yes_or_no(
    policies: Policies, kept: dict[str, float], asks: bool
) -> None:
    policies._set(OPERATOR, "door", {**kept, "cool_down_s": 7})
    assert policies.read(DoorSettings) == DoorSettings(asks_desk=asks, cool_down_s=7)


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
    assert policies.read(ModelChoice).active is None
    policies.set(OPERATOR, ModelChoice(active="facenet-vggface2"))
    assert policies.read(ModelChoice).active == "facenet-vggface2"


def test_each_change_is_journalled_once_and_with_both_values(policies: Policies, journal: Journal) -> None:
    for _ in range(2):
        policies.set(OPERATOR, DoorSettings(cool_down_s=5))
        policies.set_match(OPERATOR, StoredMatch("a", 0.3, 0.05, "olga", 12))
        policies.set(OPERATOR, ModelChoice(active="a"))
    policies.set(OPERATOR, DoorSettings(cool_down_s=7))
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
SIGNED = LivenessSettings(is_risk_signed=True)


def _lab(policies: Policies) -> tuple[str, ...]:
    return policies.read(AccessRules).groups[0].doors


def test_a_door_that_is_renamed_keeps_what_opens_it_and_who_may_pass(policies: Policies) -> None:
    """It was opened by nothing after it, and its groups were refused everywhere."""
    gate, yard = CameraSettings(), CameraSettings(camera_id="b", name="Yard", door="Yard")
    policies.set_cameras(OPERATOR, [gate, yard])
    policies.set_door(OPERATOR, "main DOOR", HTTP, SIGNED)
    policies.set(OPERATOR, AccessRules((AccessGroup("g", "Lab", doors=("Main door",)),)))
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
    policies.set_door(OPERATOR, "Main door", HTTP, SIGNED)
    policies.set_cameras(OPERATOR, [one, replace(other, door="Hall")])
    assert (policies.opening("Main door"), policies.opening("Hall")) == (HTTP, Opening())
    policies.set_cameras(OPERATOR, [replace(one, door="Yard"), replace(other, door="Hall")])
    assert (policies.opening("Main door"), policies.opening("Yard")) == (Opening(), HTTP)


def test_two_doors_that_change_their_names_change_all(policies: Policies) -> None:
    one, other = CameraSettings(door="A"), CameraSettings(camera_id="b", name="B", door="B")
    policies.set_cameras(OPERATOR, [one, other])
    policies.set_door(OPERATOR, "A", HTTP, SIGNED)
    policies.set_cameras(OPERATOR, [replace(one, door="C"), replace(other, door="D")])
    assert (policies.opening("C"), policies.opening("D")) == (HTTP, Opening())


def test_a_door_that_no_camera_looks_at_is_refused(policies: Policies) -> None:
    with pytest.raises(SettingsError, match="Main Dor"):
        policies.set_door(OPERATOR, "Main Dor", HTTP, SIGNED)
    group = AccessGroup("g", "Lab", doors=("Laboratory",))
    with pytest.raises(SettingsError, match="Laboratory"):
        policies.set(OPERATOR, AccessRules((group,)))


def test_nothing_is_kept_when_journalling_fails(
    database: Database, policies: Policies, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> int:
        raise SettingsError("No.")

    monkeypatch.setattr(Journal, "record", fail)
    with pytest.raises(SettingsError):
        policies.set(OPERATOR, ModelChoice(active="a"))
    assert policies.read(ModelChoice).active is None


STORED = {
    "access": (
        AccessRules(
            (
                AccessGroup(
                    "g", " Lab ", (Window(frozenset({4, 0}), time(8), time(18, 30)),), ("main DOOR",), True
                ),
            ),
            frozenset({date(2026, 12, 25)}),
        ),
        '{"groups": [{"doors": ["Main door"], "group_id": "g", "name": "Lab", "on_holidays": true, '
        '"windows": [{"days": [0, 4], "end": "18:30:00", "start": "08:00:00"}]}], '
        '"holidays": ["2026-12-25"]}',
    ),
    "active_model": (
        ModelChoice("a", "b", None, datetime(2026, 1, 1, tzinfo=UTC)),
        '{"candidate": "b", "model": "a", "since": "2026-01-01T00:00:00.000000+00:00"}',
    ),
    "attendance": (
        AttendancePolicy(
            ((date(2000, 1, 1), "UTC"),),
            (ScheduledReport("r", ReportKind.DAILY, ReportFormat.CSV, "/out", Every.DAY, time(6)),),
        ),
        '{"reports": [{"at": "06:00", "every": "day", "folder": "/out", "format": "csv", "kind": "daily", '
        '"report_id": "r"}], "zones": [["2000-01-01", "UTC"]]}',
    ),
    "backups": (
        BackupSettings(folder="/b", secret="paper", every_h=3),
        '{"every_h": 3, "folder": "/b", "secret": "paper"}',
    ),
    "consent": (ConsentSettings(valid_months=3), '{"valid_months": 3}'),
    "door": (DoorSettings(cool_down_s=5, asks_desk=True), '{"asks_desk": true, "cool_down_s": 5.0}'),
    "heads": (HeadsFolder("/h"), '{"folder": "/h"}'),
    "learned_models": (
        LearnedModels((LearnedModel("mine", "Mine", "0" * 64, 128, 64, "yunet-onet", "own photos"),)),
        '{"models": [{"crop_px": 64, "detector": "yunet-onet", "dimension": 128, "licence": "own photos", '
        f'"name": "mine", "sha256": "{"0" * 64}", "title": "Mine"}}]}}',
    ),
    "kiosk": (DeskPinHash("digest"), '{"secret": "digest"}'),
    "notifications": (
        Channels((Notification(channel_id="c", name="n", secret="s" * 16, address="https://u:p@h/x"),)),
        '{"channels": [{"address": "https://u:p@h/x", "channel_id": "c", "name": "n", '
        '"secret": "ssssssssssssssss"}]}',
    ),
    "retention": (RetentionSettings(crops_days=3), '{"crops_days": 3}'),
    "updates": (
        UpdateSettings(address="https://it.example.com/n"),
        '{"address": "https://it.example.com/n"}',
    ),
}


def test_every_policy_of_the_site_is_stored_in_one_known_form() -> None:
    assert {form.key for form in FORMS.values()} == set(STORED)


@pytest.mark.parametrize("key", STORED)
def test_a_policy_is_stored_as_ever(
    database: Database, policies: Policies, journal: Journal, key: str
) -> None:
    """Folders of earlier versions are read by these texts."""
    policy, text = STORED[key]
    policies.set(OPERATOR, policy)
    with database.reader() as db:
        assert db.execute("SELECT key, value FROM policies").fetchall() == [(key, text)]
    (row,) = journal.rows.newest()
    assert row.details == {"policy": key, "before": {}, "after": _without_password(json.loads(text))}
    assert FORMS[type(policy)].values(policies.read(type(policy))) == json.loads(text)


@pytest.mark.parametrize("key", STORED)
def test_a_policy_is_set_by_the_right_that_its_form_names(policies: Policies, key: str) -> None:
    policy, _ = STORED[key]
    role = Role.SYSTEM if FORMS[type(policy)].right is not Right.KEEP else Role.RECEPTIONIST
    with pytest.raises(PermissionDenied):
        policies.set(Actor("x", role), policy)
    assert policies.read(type(policy)) != policy
