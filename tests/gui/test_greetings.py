"""A greeting stands as long as the person greeted is there, and nobody else stands under it."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtGui import QFontMetrics

from faceaccess.codes import Direction, Method, Outcome, Passage, Reason
from faceaccess.gui.kiosk.not_me import NotMe
from faceaccess.gui.live_bridge import RunState
from faceaccess.gui.widgets import outcome_banner
from faceaccess.gui.widgets.outcome_banner import OutcomeBanner
from faceaccess.gui.wording import codes
from faceaccess.settings import CameraSettings
from tests.gui.drawn import make_decision, make_event, make_face, make_frame, make_person, make_result
from tests.gui.site import add_entry

ADA, BEN = make_person(1), make_person(2)
CAMERA = "Front door"


@pytest.fixture
def banner(qtbot, theme) -> OutcomeBanner:
    """A banner with something to say while nobody is there."""
    made = OutcomeBanner()
    qtbot.addWidget(made)
    made.resize(900, 104)
    made.show()
    made.show_idle("Look into the camera")
    return made


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    """The time, which tests move on."""
    now = [1000.0]
    monkeypatch.setattr(outcome_banner, "steady_s", lambda: now[0])
    return now


def face(outcome: Outcome, person=None, track: int = 1):
    """A face at the door."""
    return make_face(make_decision(outcome, person), track)


def titles(banner: OutcomeBanner) -> list[str]:
    """The words on show."""
    return [panel.title.text() for panel in banner.panels if panel.isVisible()]


def test_a_greeting_stands_as_long_as_the_person_is_there(banner, clock) -> None:
    banner.show_event(make_event(1, person=ADA))
    for _ in range(20):
        clock[0] += 1
        banner.follow(CAMERA, make_result(face(Outcome.ACCEPTED, ADA)))
    assert titles(banner) == ["Welcome, Person 1"]
    banner.follow(CAMERA, make_result())
    clock[0] += 1
    banner.follow(CAMERA, make_result())
    assert titles(banner) == ["Welcome, Person 1"], "it can still be read"
    clock[0] += 1
    banner.follow(CAMERA, make_result())
    assert titles(banner) == ["Look into the camera"]


@pytest.mark.parametrize(
    "other",
    [face(Outcome.UNKNOWN, track=2), face(Outcome.ACCEPTED, BEN, track=1), face(Outcome.UNKNOWN, track=1)],
)
def test_nobody_else_stands_under_a_greeting(banner, clock, other) -> None:
    """A stranger stood under a green welcome for five seconds."""
    banner.show_event(make_event(1, person=ADA))
    banner.follow(CAMERA, make_result(other))
    assert titles(banner) == ["Welcome, Person 1"], "a face is missed for a frame now and then"
    clock[0] += 0.6
    banner.follow(CAMERA, make_result(other))
    assert titles(banner) == ["Look into the camera"]


def test_somebody_far_behind_ends_no_greeting(banner, clock) -> None:
    banner.show_event(make_event(1, person=ADA))
    for _ in range(3):
        clock[0] += 1
        far = face(Outcome.LOW_QUALITY, track=8)
        banner.follow(CAMERA, make_result(face(Outcome.LOW_QUALITY, track=1), far))
    assert titles(banner) == ["Welcome, Person 1"]


def test_of_two_greetings_the_one_whose_person_is_there_stays(banner, clock) -> None:
    banner.show_event(make_event(1, person=ADA))
    banner.show_event(make_event(2, person=BEN))
    clock[0] += 3
    banner.follow("Back door", make_result(face(Outcome.UNKNOWN, track=9)))
    assert len(titles(banner)) == 2, "another camera's faces say nothing about this one's"
    banner.follow(CAMERA, make_result(face(Outcome.ACCEPTED, BEN, track=7)))
    clock[0] += 2
    banner.follow(CAMERA, make_result(face(Outcome.ACCEPTED, BEN, track=7)))
    assert titles(banner) == ["Welcome, Person 2"]


def test_a_person_who_used_a_pin_is_greeted_for_some_seconds(banner, clock) -> None:
    banner.show_event(make_event(1, person=ADA, method=Method.PIN))
    banner.follow(CAMERA, make_result(face(Outcome.UNKNOWN, track=3)))
    assert titles(banner) == ["Welcome, Person 1"]


@pytest.mark.parametrize("direction", list(Direction))
@pytest.mark.parametrize("is_large", [False, True])
def test_nobody_is_welcome_during_a_trial_day(qtbot, theme, direction, is_large) -> None:
    """The door said "Welcome" to people whose entry doesn't count and who are not let in."""
    made = OutcomeBanner(is_large=is_large)
    qtbot.addWidget(made)
    made.show()
    made.show_event(make_event(1, person=ADA, direction=direction, is_trial=True, is_recording=True))
    assert titles(made) == ["Trial: Person 1"]
    assert made.panels[0].advice.text() == "This entry doesn't count"
    made.show_event(make_event(2, person=BEN, direction=Direction.IN))
    assert titles(made) == ["Welcome, Person 2", "Trial: Person 1"]


@pytest.mark.parametrize(
    "reason",
    [
        Reason.TURN_NOT_MADE,
        Reason.WRONG_SIDE,
        Reason.SOMEBODY_ELSE,
        Reason.LIVENESS_FAILED,
        Reason.REPLAYED,
        Reason.CAMERA_CHANGED,
    ],
)
def test_who_is_suspected_is_not_told_why_nor_by_name(banner, reason) -> None:
    """Whoever holds up a photo would know what to do better, and whose it is."""
    banner.show_event(make_event(1, Outcome.SUSPECTED, person=ADA, reason=reason))
    (panel,) = [panel for panel in banner.panels if panel.isVisible()]
    assert panel.title.text() == "Not confirmed as live"
    assert panel.advice.text() == "Please use a PIN, or ask at the desk."
    assert codes.reason(reason).label not in panel.accessibleName()


@pytest.mark.parametrize(
    ("direction", "words"),
    [
        (Direction.IN, "Already in since"),
        (Direction.OUT, "Already out since"),
        (Direction.BOTH, "Already recorded at"),
    ],
)
def test_who_is_known_again_is_told_of_the_entry_there_is(banner, direction, words) -> None:
    entered = {ADA.person_id: make_event(1, person=ADA, direction=direction)}
    banner.show_hint(make_result(face(Outcome.ACCEPTED, ADA)), entered.get)
    assert titles(banner) == ["Person 1"]
    assert banner.panels[0].advice.text().startswith(words)


def test_the_door_knows_the_entries_before_it_was_opened_and_their_direction(qtbot, space, live) -> None:
    """Who had just come in read "already in" on the way out, too."""
    ada, ben = space.people.list()[:2]
    cameras = [
        CameraSettings(camera_id=str(way), name=str(way), door="Gate", source=source, passage=way)
        for way, source in ((Passage.IN, "0"), (Passage.OUT, "1"), (Passage.BY_TURNS, "2"))
    ]
    space.policies.set_cameras(space.access.actor, cameras)
    now = datetime.now(UTC)
    add_entry(space, person=ada, at=now - timedelta(seconds=5), direction=Direction.IN)
    add_entry(space, person=ben, at=now - timedelta(hours=5), direction=Direction.IN)
    live.start(None)
    qtbot.waitUntil(lambda: live.run_state is RunState.RUNNING)
    entry = live.entry_in_cool_down(str(Passage.IN), ada.person_id, at=now)
    assert entry.entry.person_id == ada.person_id
    assert live.entry_in_cool_down(str(Passage.BY_TURNS), ada.person_id, at=now) == entry
    assert live.entry_in_cool_down(str(Passage.OUT), ada.person_id, at=now) is None
    assert live.entry_in_cool_down(str(Passage.IN), ben.person_id, at=now) is None
    later = entry.entry.at + timedelta(hours=1)
    assert live.entry_in_cool_down(str(Passage.IN), ada.person_id, at=later) is None
    live.event_voided.emit(entry)
    assert live.entry_in_cool_down(str(Passage.IN), ada.person_id, at=now) is None


def test_long_names_go_on_in_a_second_line(qtbot, banner) -> None:
    person = make_person(1, name="Sarah Michelle Featherstonehaugh-Cholmondeley of Wolfeschlegelstein")
    banner.show_event(make_event(1, person=person))
    title = banner.panels[0].title
    qtbot.waitUntil(
        lambda: title.height() >= 2 * QFontMetrics(title._fitting(title.width())[0]).lineSpacing()
    )
    banner.grab()
    assert title.toolTip() == "", "nothing is cut off"


@pytest.mark.parametrize(
    "others",
    [
        (face(Outcome.ACCEPTED, ADA), face(Outcome.UNKNOWN, track=2)),
        # Somebody who stepped into the track that bore the name.
        (face(Outcome.UNKNOWN, track=1),),
    ],
)
def test_not_me_goes_when_somebody_else_is_there(qtbot, space, others) -> None:
    """A stranger could take back an entry that wasn't theirs."""
    not_me = NotMe(space.access, space.doors)
    qtbot.addWidget(not_me)
    not_me.offer(make_event(1, person=ADA))
    not_me.follow(make_result(face(Outcome.ACCEPTED, ADA)))
    not_me.follow(make_result())
    assert list(not_me.buttons) == [1]
    not_me.follow(make_result(*others))
    assert not not_me.buttons
    assert not_me.isHidden()


def test_nothing_is_left_of_the_last_frame_after_stop(qtbot, space, live, sessions, theme) -> None:
    from faceaccess.gui.widgets.live_picture import LivePicture

    picture = LivePicture(live)
    qtbot.addWidget(picture)
    live.start(None)
    qtbot.waitUntil(lambda: live.run_state is RunState.RUNNING)
    picture.show_picture(make_frame().image)
    picture.show_result(make_result(face(Outcome.ACCEPTED, ADA)))
    live.stop()
    qtbot.waitUntil(lambda: live.run_state is RunState.STOPPED)
    assert not picture.has_picture()
    assert picture.marks == ()
