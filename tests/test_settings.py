"""Settings: ranges, plain values, and a file that is never silently overwritten."""

from dataclasses import fields, replace
from pathlib import Path

import pytest

from faceaccess.codes import Passage
from faceaccess.errors import SettingsError
from faceaccess.settings import (
    LEAST_REGION,
    Appearance,
    CameraSettings,
    Device,
    DoorSettings,
    MachineSettings,
    Notification,
    SourceKind,
    chosen_data_dir,
    load_machine_settings,
    machine_settings_path,
    save_machine_settings,
    source_kind,
)


@pytest.fixture(autouse=True)
def config_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FACEACCESS_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.delenv("FACEACCESS_DATA_DIR", raising=False)
    return tmp_path / "config"


@pytest.mark.parametrize("group", [MachineSettings, DoorSettings, CameraSettings])
def test_every_setting_has_label_help_and_limits(group: type) -> None:
    for setting in fields(group):
        metadata = setting.metadata
        assert metadata["label"]
        assert metadata["help"].endswith(".")
        assert metadata["kind"] in ("choice", "int", "float", "text", "region", "flag")
        limits = {"choice": "choices", "flag": "kind"}.get(metadata["kind"], "range")
        assert limits in metadata
        assert getattr(group(), setting.name) == setting.default


@pytest.mark.parametrize(
    "setting",
    [s for s in fields(DoorSettings) if s.metadata["kind"] in ("int", "float")],
    ids=lambda s: s.name,
)
def test_a_number_may_reach_its_limits_but_not_pass_them(setting: object) -> None:
    least, most = setting.metadata["range"]
    for good in (least, most):
        assert getattr(DoorSettings(**{setting.name: good}), setting.name) == good
    for bad in (least - 1, most + 1, float("nan"), "5", None, True):
        with pytest.raises(SettingsError, match=setting.name):
            DoorSettings(**{setting.name: bad})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"agreeing_frames": 0}, "agreeing_frames is 0; it must be 1 to 30"),
        ({"agreeing_frames": 2.5}, "whole number"),
        ({"cool_down_s": -1}, "cool_down_s is -1; it must be 0 to 86400 s"),
        ({"passage": "sideways"}, "passage is 'sideways'; it must be one of in, out, both, by_turns"),
        ({"source": "  "}, "source must have 1 to 2000 characters"),
        ({"name": "a\nb"}, "control characters"),
        ({"name": 5}, "must be text"),
        ({"notifies_faults": "yes"}, "true or false"),
        ({"region": [0, 0, 1]}, "four numbers"),
        ({"region": "all"}, "four numbers"),
        ({"region": None}, "four numbers"),
        ({"region": (0, 0, 1, 1.1)}, "within the picture"),
        ({"region": (0, 0, float("nan"), 1)}, "within the picture"),
        ({"region": (0.5, 0, 0.5 + LEAST_REGION - 0.01, 1)}, "too small"),
        ({"region": (0.9, 0, 0.1, 1)}, "too small"),
    ],
)
def test_the_message_names_field_and_range(changes: dict[str, object], message: str) -> None:
    groups = (DoorSettings, CameraSettings, MachineSettings)
    group = next(each for each in groups if set(changes) <= set(each().values()))
    with pytest.raises(SettingsError, match=message):
        group(**changes)


def test_values_take_the_fields_type() -> None:
    values = {"passage": "in", "name": " Gate ", "region": [0, 0, 0.5, 1]}
    camera = CameraSettings.from_values(values)
    assert camera.passage is Passage.IN
    assert camera.name == "Gate"
    assert camera.region == (0.0, 0.0, 0.5, 1.0)
    assert camera.overrides() == {"passage": "in", "name": "Gate", "region": (0.0, 0.0, 0.5, 1.0)}
    assert CameraSettings.from_values(camera.values()) == camera
    assert isinstance(DoorSettings.from_values({"cool_down_s": 5}).cool_down_s, float)
    with pytest.raises(SettingsError, match="no setting named colour"):
        DoorSettings.from_values({"colour": 1})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"secret": "short"}, "at least 16 characters"),
        ({"address": "ftp://x/"}, "https://host/path"),
        ({"address": "https://"}, "https://host/path"),
        ({"address": "https://host:99999/"}, "https://host/path"),
        ({"kind": "mqtt", "address": "mqtt://host"}, "mqtt://host/topic"),
        ({"kind": "mqtt", "address": "https://host/path"}, "mqtt://host/topic"),
    ],
)
def test_a_notification_that_could_not_be_told_is_refused(changes: dict[str, str], message: str) -> None:
    good = {"channel_id": "a", "name": "A", "address": "https://host/path", "secret": "s" * 16}
    Notification(**good).check()
    with pytest.raises(SettingsError, match=message):
        Notification(**(good | changes)).check()


def test_a_source_says_what_it_is(tmp_path: Path) -> None:
    for source in ("0", "usb:46d-c920", "Desk camera", str(tmp_path / "gone.mp4")):
        assert source_kind(source) is SourceKind.WEBCAM
    assert source_kind("rtsp://10.0.0.7/stream") is SourceKind.STREAM
    assert source_kind(str(tmp_path)) is SourceKind.RECORDING


def test_only_overrides_are_stored() -> None:
    assert load_machine_settings() == MachineSettings()
    save_machine_settings(MachineSettings(device=Device.CPU))
    assert machine_settings_path().read_text() == '{\n  "device": "cpu"\n}\n'
    loaded = load_machine_settings()
    assert loaded == MachineSettings(device=Device.CPU)
    save_machine_settings(replace(loaded, appearance=Appearance.DARK))
    assert load_machine_settings().appearance is Appearance.DARK
    assert [path.name for path in machine_settings_path().parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "\x00", '{"device": "abacus"}', '{"colour": 1}', '{"device": []}']
)
def test_a_damaged_file_is_named_and_kept(text: str) -> None:
    path = machine_settings_path()
    path.parent.mkdir()
    path.write_text(text)
    for call in (load_machine_settings, lambda: save_machine_settings(MachineSettings())):
        with pytest.raises(SettingsError, match="settings.json") as caught:
            call()
        assert str(path) in caught.value.hint
    assert path.read_text() == text


def test_bytes_that_are_no_text_are_damage_too() -> None:
    machine_settings_path().parent.mkdir()
    machine_settings_path().write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="damaged"):
        load_machine_settings()


def test_a_folder_that_can_not_be_made_is_a_settings_error(config_dir: Path) -> None:
    config_dir.write_text("")
    with pytest.raises(SettingsError, match="can't be"):
        save_machine_settings(MachineSettings())


def test_the_data_folder_is_as_given_then_by_environment_then_by_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = MachineSettings(data_folder=str(tmp_path / "set"))
    assert chosen_data_dir(tmp_path / "given", settings) == tmp_path / "given"
    assert chosen_data_dir(None, settings) == tmp_path / "set"
    assert chosen_data_dir(None, MachineSettings()).name == "FaceAccess"
    monkeypatch.setenv("FACEACCESS_DATA_DIR", str(tmp_path / "environment"))
    assert chosen_data_dir(None, settings) == tmp_path / "environment"
