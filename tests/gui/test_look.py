"""Wording, colours and icons: complete, and readable in both schemes."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from faceaccess import paths
from faceaccess.codes import CameraFault, CameraState, Drift, Outcome, PhotoProblem, Reason
from faceaccess.door.supervision import CameraStatus
from faceaccess.gui import icons, theme
from faceaccess.gui.theme import DARK, LIGHT, Theme, Tokens
from faceaccess.gui.wording import camera_codes, codes, setups
from faceaccess.gui.wording import photos as photo_text
from faceaccess.settings import CameraSettings, DoorSettings, LivenessSettings, MachineSettings
from tests.gui.drawn import make_decision, make_event, make_person

ICONS = sorted(path.stem for path in paths.resource("icons").glob("*.svg"))


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_label_icon_and_readable_colour(outcome: Outcome) -> None:
    wording = codes.outcome(outcome)
    assert wording.label
    assert wording.icon in ICONS
    assert outcome is Outcome.ACCEPTED or wording.advice
    assert contrast(theme.outcome_colour(outcome), theme.ON_OUTCOME) >= 5


def test_outcomes_differ_in_label_icon_and_colour() -> None:
    for attribute in (
        lambda o: codes.outcome(o).label,
        lambda o: codes.outcome(o).icon,
        theme.outcome_colour,
    ):
        assert len({attribute(outcome) for outcome in Outcome}) == len(Outcome)


@pytest.mark.parametrize("found", Drift)
def test_every_drift_says_what_to_look_at(found: Drift) -> None:
    words = camera_codes.drift(found, -0.304)
    assert "set-up: " in words
    assert words.endswith("?")
    assert found is Drift.TURNED or "30 %" in words


def test_a_source_is_named_without_its_secret() -> None:
    assert setups.source("rtsp://ann:s3cret@10.0.0.7/live?key=s3cret") == "rtsp://10.0.0.7/live"
    assert setups.source("usb:front-camera") == "front-camera"
    assert setups.source("0") == "webcam 1"


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_text_and_says_what_to_do(reason: Reason) -> None:
    wording = codes.reason(reason)
    assert wording.label
    is_good = reason in (Reason.MATCH, Reason.PIN_MATCH, Reason.CONFIRMED, Reason.ENTERED_BY_HAND)
    assert is_good or wording.advice.endswith(".")


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_text_is_readable_on_every_ground(tokens: Tokens) -> None:
    for ground in (tokens.window, tokens.surface, tokens.raised, tokens.accent_soft):
        for words in (tokens.text, tokens.muted):
            assert contrast(words, ground) >= 4.5, (words, ground)
    for words in (tokens.accent, tokens.good, tokens.caution, tokens.bad):
        assert contrast(words, tokens.surface) >= 4.5, words
    for ground in (tokens.good_soft, tokens.caution_soft, tokens.bad_soft):
        assert contrast(tokens.text, ground) >= 4.5, ground
    assert contrast(tokens.accent_text, tokens.accent) >= 4.5
    assert contrast(tokens.border_strong, tokens.surface) >= 3


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_style_sheet_leaves_no_token_unfilled(tokens: Tokens) -> None:
    sheet = theme.style_sheet(tokens)
    assert not re.search(r"@\w", sheet)
    for path in re.findall(r'url\("(.*?)"\)', sheet):
        assert Path(path).is_file()


@pytest.mark.parametrize("name", ICONS)
def test_every_icon_is_drawn_in_the_colour_asked_for(qapp, name: str) -> None:
    source = icons._source(name)
    assert "currentColor" in source
    assert not re.search(r"(stroke|fill)=\"#", source)
    image = icons.pixmap(name, "#ff0000", 24).toImage()
    colours = {image.pixelColor(x, y).name() for x in range(24) for y in range(24)}
    assert "#ff0000" in colours


def test_unknown_icon_raises(qapp) -> None:
    with pytest.raises(KeyError, match="no-such-icon"):
        icons.icon("no-such-icon")


def test_theme_follows_the_setting_and_redraws_icons(qtbot, qapp) -> None:
    shown = Theme(qapp, "light")
    label = QLabel()
    qtbot.addWidget(label)
    icons.set_icon(label, "door")
    light = label.pixmap().toImage()
    with qtbot.waitSignal(shown.changed):
        shown.apply("dark")
    assert shown.tokens is DARK
    assert label.pixmap().toImage() != light
    shown.apply("light")
    assert shown.tokens is LIGHT


def test_name_is_shown_only_where_the_decision_gives_one() -> None:
    person = make_person(1)
    names = {person.person_id: person.name}
    assert codes.decision_name(make_decision(Outcome.ACCEPTED, person), names) == person.name
    assert codes.decision_name(make_decision(Outcome.DENIED, person), names) == person.name
    assert person.name not in codes.decision_name(make_decision(Outcome.AMBIGUOUS, person), names)
    assert person.name not in codes.decision_name(make_decision(Outcome.UNKNOWN), names)
    assert codes.decision_name(make_decision(Outcome.LOW_QUALITY), names) == "Come closer."


@pytest.mark.parametrize("outcome", [Outcome.AMBIGUOUS, Outcome.SUSPECTED])
def test_an_event_that_is_not_sure_does_not_claim_a_person(outcome: Outcome) -> None:
    person = make_person(1)
    assert codes.event_name(make_event(1, person=person)) == person.name
    assert codes.event_name(make_event(1, outcome, person=person)) == f"{person.name}?"
    assert codes.event_name(make_event(1, Outcome.UNKNOWN)) == "Unknown person"
    assert codes.event_name(make_event(1, person_id="a" * 32)) == "Deleted person"


@pytest.mark.parametrize("group", [MachineSettings, DoorSettings, CameraSettings, LivenessSettings])
def test_every_choice_of_every_setting_has_a_wording(group: type) -> None:
    for setting in fields(group):
        for choice in setting.metadata.get("choices", ()):
            assert codes.choice(setting.name, choice)


@pytest.mark.parametrize("problem", PhotoProblem)
def test_every_photo_problem_says_what_to_do(problem: PhotoProblem) -> None:
    wording = photo_text.photo_problem(problem)
    assert wording.label
    assert wording.advice.endswith(".")


@pytest.mark.parametrize("state", CameraState)
def test_every_camera_state_has_a_wording_and_an_icon(state: CameraState) -> None:
    wording = camera_codes.state(state)
    assert wording.label
    assert wording.icon in ICONS
    assert state is not CameraState.OFFLINE or wording.advice


@pytest.mark.parametrize("fault", CameraFault)
def test_every_camera_fault_says_what_is_wrong_and_what_to_do(fault: CameraFault) -> None:
    wording = camera_codes.status(CameraStatus(CameraState.STALLED, fault))
    assert wording.label
    assert wording.advice
    assert wording.icon in ICONS
