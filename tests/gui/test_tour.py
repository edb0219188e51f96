"""Every page as every role, again and again, while a camera runs: no warning, no failure, no growth."""

import gc
from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np
import psutil
import pytest
from PySide6.QtCore import Qt

from faceaccess.codes import Outcome, Role
from faceaccess.door import simulation
from faceaccess.gui.live_bridge import RunState
from faceaccess.gui.main_window import MainWindow
from faceaccess.settings import CameraSettings
from faceaccess.store.journal.types import EventFilter
from faceaccess.workspace import Workspace
from tests.gui.site import PASSWORD
from tests.gui.test_user_tasks import LONG_MS, enrol
from tests.mjpeg import MjpegCamera

pytestmark = [pytest.mark.models, pytest.mark.filterwarnings("ignore"), pytest.mark.slow]

ROLES = (Role.ADMIN, Role.RECEPTIONIST, Role.AUDITOR, Role.DOOR)
FIRST_ROUNDS, ROUNDS = 2, 4
LOOK_MS = 250
PICTURES_EACH = 60
"""Of an arrival, or of nobody: four seconds."""


class Door(MjpegCamera):
    """Shows the two portraits by turns, and nobody between them."""

    def __init__(self) -> None:
        super().__init__()
        portraits = [portrait.image for portrait in simulation.portraits()]
        nobody = np.full_like(portraits[0], 110)
        self._scenes = (portraits[0], nobody, portraits[1], nobody)
        self._shown = 0

    def _part(self) -> bytes:
        scene = self._scenes[self._shown // PICTURES_EACH % len(self._scenes)]
        self._shown += 1
        noise = self._rng.integers(0, 6, scene.shape, dtype=np.uint8)
        jpeg = cv2.imencode(".jpg", cv2.cvtColor(cv2.add(scene, noise), cv2.COLOR_RGB2BGR))[1].tobytes()
        head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
        return head.encode() + jpeg + b"\r\n"


@pytest.fixture
def workspace(tmp_path) -> Iterator[Workspace]:
    """A closed folder with an operator of each role, one person, and a network camera."""
    camera = Door()
    camera.start()
    with Workspace.open(tmp_path / "data") as space:
        enrol(space)
        space.policies.set_cameras(space.access.actor, [CameraSettings(name="Gate", source=camera.address)])
        space.machine.save(replace(space.machine.settings, starts_door=True))
        space.access.operators.close_folder(space.access.actor, f"our {Role.ADMIN}", PASSWORD)
        admin = space.access.sign_in(f"our {Role.ADMIN}", PASSWORD)
        for role in ROLES[1:]:
            space.access.operators.create(admin, f"our {role}", role, PASSWORD)
        space.access.sign_out()
        yield space
    camera.stop()


def tour(qtbot, window: MainWindow, role: Role) -> int:
    """Sign in as a role, open every page it is offered, sign out; return how many pages those were."""
    view = window.gate.sign_in
    view.name.selectAll()
    qtbot.keyClicks(view.name, f"our {role}")
    qtbot.keyClicks(view.password, PASSWORD)
    qtbot.keyClick(view.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.gate.is_locked, timeout=LONG_MS)
    buttons = [window.rail.button(number) for number in range(len(window.pages))]
    offered = [number for number, button in enumerate(buttons) if button.isEnabled()]
    for number in offered:
        qtbot.mouseClick(buttons[number], Qt.MouseButton.LeftButton)
        assert window.stack.currentWidget() is window.pages[number]
        qtbot.wait(LOOK_MS)
        window.grab()
    window.gate.lock()
    return len(offered)


def test_every_page_as_every_role_while_the_door_runs(qtbot, workspace, theme, window_settings) -> None:
    window = MainWindow(workspace, theme, window_settings)
    qtbot.addWidget(window)
    failures: list[object] = []
    window.bridge.failed.connect(failures.append)
    window.begin(None, is_gallery_empty=False)
    window.show()
    qtbot.waitExposed(window)
    qtbot.waitUntil(lambda: window.bridge.run_state is RunState.RUNNING, timeout=LONG_MS)
    process, used = psutil.Process(), []
    for _ in range(FIRST_ROUNDS + ROUNDS):
        offered = [tour(qtbot, window, role) for role in ROLES]
        gc.collect()
        used.append(process.memory_info().rss)
    assert offered == [len(window.pages), 7, 5, 1]
    assert failures == []
    outcomes = [event.entry.outcome for event in workspace.journal.events.all(EventFilter())]
    assert {Outcome.ACCEPTED, Outcome.UNKNOWN} <= set(outcomes)
    growth = used[-1] / used[FIRST_ROUNDS - 1] - 1
    assert growth < 0.03, f"memory after each round, MB: {[round(rss / 2**20) for rss in used]}"
    window.close()
