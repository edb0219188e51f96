"""The kiosk's PIN pad at work: lets people in, and lets whoever has the desk's PIN leave the kiosk."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from faceaccess.codes import Outcome
from faceaccess.errors import FaceAccessError
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.kiosk.pin_pad import PinPad
from faceaccess.gui.wording import codes, failures

if TYPE_CHECKING:
    from faceaccess.door.doors import Doors
    from faceaccess.door.pin import PinAnswer
    from faceaccess.store.journal.types import Event


class KioskPin(QObject):
    """`left` says that the kiosk may be left; `told` what to say to who stands there.

    `failed` carries what went wrong while the pad was not seen.
    """

    left = Signal()
    told = Signal(str)
    failed = Signal(object)

    def __init__(self, doors: "Doors", camera_id: str, window: QWidget) -> None:
        super().__init__(window)
        self._doors = doors
        self._window = window
        self.camera_id = camera_id
        self._is_leaving = False
        self.pad = PinPad(window)
        self.pad.hide()
        self.pad.entered.connect(self._on_entered)
        self.pad.resized.connect(self.place)

    def ask(self) -> None:
        """Ask for staff number and PIN."""
        self._is_leaving = False
        self.pad.open_pad()
        self.place()

    def ask_to_leave(self) -> None:
        """Ask for the desk's PIN; without one anybody at this computer may leave."""
        run_in_background(partial(_has_pin, self._doors), self._go_on_leaving, self._fail, self)

    def place(self) -> None:
        """Put the pad in the middle of the window."""
        self.pad.adjustSize()
        room = self._window.size() - self.pad.size()
        self.pad.move(room.width() // 2, room.height() // 2)
        self.pad.raise_()

    def _go_on_leaving(self, has_pin: bool) -> None:
        if not has_pin:
            self.left.emit()
            return
        self._is_leaving = True
        self.pad.ask_for_pin_only()
        self.place()

    def _on_entered(self, staff_number: str, pin: str) -> None:
        doors = self._doors
        if self._is_leaving:
            check = partial(doors.check_desk_pin, pin)
            run_in_background(check, self._on_desk_pin, self._fail, self, lane=Lane.DOOR)
            return
        job = partial(doors.enter_pin, self.camera_id, staff_number, pin)
        run_in_background(job, self._on_pin, self._fail, self, lane=Lane.DOOR)

    def _on_pin(self, reply: "tuple[PinAnswer, Event | None]") -> None:
        answer, event = reply
        if answer.outcome is Outcome.ACCEPTED:
            self.pad.close_pad()
            if event is None:
                self.told.emit(self.tr("You are checked in already"))
        else:
            wording = codes.reason(answer.reason)
            self.pad.show()
            self.pad.say(f"{wording.label}. {wording.advice}")

    def _on_desk_pin(self, is_right: bool) -> None:
        if is_right:
            self.pad.close_pad()
            self.left.emit()
        else:
            self.pad.say(self.tr("This is not the desk's PIN, or it was tried too often: wait a while."))

    def _fail(self, error: FaceAccessError) -> None:
        if self.pad.isVisible():
            self.pad.say(failures.whole(error))
        else:
            self.failed.emit(error)


def _has_pin(doors: "Doors") -> bool:
    return doors.desk_pin.is_set
