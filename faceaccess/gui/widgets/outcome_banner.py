"""The latest decisions, in letters that can be read from afar."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from faceaccess.codes import Direction, Method, Outcome, Reason
from faceaccess.gui import icons
from faceaccess.gui.layout import STRETCH, column
from faceaccess.gui.plain import Label
from faceaccess.gui.turning.prompts import TurnPrompts
from faceaccess.gui.widgets.elided_label import ElidedLabel
from faceaccess.gui.wording import amounts, codes
from faceaccess.recognition.types import FrameResult, TrackedFace
from faceaccess.steady import steady_s
from faceaccess.store.journal.types import Entry, Event

_HELD_S, _READ_S, _MISSED_S = 5.0, 1.5, 0.5
"""How long an event stands: not heard of any longer; its face gone; its face gone and another there."""

_HINT_HELD_MS = 700
_HEIGHT_PX, _ICON_PX = 104, 56
_UNCLEAR = frozenset({Outcome.LOW_QUALITY, Outcome.AMBIGUOUS})
_LARGE_HEIGHT_PX, _LARGE_ICON_PX = 210, 128


def _nobody(_: str) -> None:
    return None


def _is_faceless(event: Event) -> bool:
    return event.entry.method is Method.PIN


def is_of(event: Event, face: TrackedFace) -> bool:
    """Tell whether a face at the door is the one that an event is about."""
    person_id, decision = event.entry.person_id, face.decision
    if person_id is not None and decision.person_id == person_id:
        return True
    if face.track_id != event.entry.track_id or decision.person_id is not None:
        return False
    # Whoever steps into a track that bore a name is a stranger once that is decided.
    return person_id is None or decision.outcome is not Outcome.UNKNOWN


def others_there(events: Sequence[Event], result: FrameResult) -> bool:
    """Tell whether somebody is there whom none of the events is about; far away counts as not there."""
    near = (face for face in result.faces if face.decision.reason is not Reason.FACE_TOO_SMALL)
    return any(not any(is_of(event, face) for event in events) for face in near)


class BannerPanel(QFrame):
    """One message in large letters, coloured by its outcome."""

    def __init__(self, parent: QWidget | None = None, *, is_large: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setProperty("isLarge", is_large)
        self._symbol = Label(self)
        self._icon_px = _LARGE_ICON_PX if is_large else _ICON_PX
        self._symbol.setFixedSize(self._icon_px, self._icon_px)
        least, two_lines = (20, 38) if is_large else (14, 18)
        self.title = ElidedLabel("", self, least_points=least, two_lines_points=two_lines)
        self.title.setObjectName("bannerTitle")
        self.advice = Label(self)
        self.advice.setWordWrap(True)
        self.advice.setObjectName("bannerAdvice")
        labels = column(STRETCH, self.title, self.advice, STRETCH, spacing=0)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 8, 20, 8)
        row.setSpacing(18)
        row.addWidget(self._symbol)
        row.addLayout(labels, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_LARGE_HEIGHT_PX if is_large else _HEIGHT_PX)

    def set_compact(self, is_compact: bool) -> None:
        """Use smaller letters and a smaller icon, because another panel stands beside this one."""
        self.setProperty("isCompact", is_compact)
        if self.property("isLarge"):
            self._icon_px = _ICON_PX if is_compact else _LARGE_ICON_PX
            self._symbol.setFixedSize(self._icon_px, self._icon_px)

    def show_message(self, outcome: Outcome | None, title: str, advice: str, *, icon: str = "info") -> None:
        """Show a message; `icon` is used when there is no outcome."""
        self.setProperty("outcome", str(outcome) if outcome else "")
        self.setProperty("isDecided", outcome is not None)
        for widget in (self, self._symbol, self.title, self.advice):
            widget.style().unpolish(widget)
            widget.style().polish(widget)
        self.title.setText(title)
        self.advice.setText(advice)
        self.advice.setVisible(bool(advice))
        self.setAccessibleName(f"{title}. {advice}".strip())
        icons.set_icon(self._symbol, codes.outcome(outcome).icon if outcome else icon, self._icon_px)


@dataclass(frozen=True)
class _Message:
    """A message without an outcome."""

    title: str = ""
    advice: str = ""
    icon: str = "info"


class OutcomeBanner(QWidget):
    """Up to two events side by side, for as long as their people are there; in between, what to do.

    An event goes a moment after its face has gone, and sooner when somebody else stands there.
    What is shown, the first that there is: what somebody is asked, in `turns`; events; a notice, for some
    seconds; words that are kept until they are taken back; a fault, as long as it stands; what to do.
    """

    def __init__(self, parent: QWidget | None = None, *, is_large: bool = False) -> None:
        super().__init__(parent)
        self._is_large = is_large
        self.panels = (BannerPanel(self, is_large=is_large), BannerPanel(self, is_large=is_large))
        self.turns = TurnPrompts(self, is_large=is_large)
        self._events: list[Event] = []
        self._until_s: dict[int, float] = {}
        self._notice: _Message | None = None
        self._kept: dict[int, _Message] = {}
        self._fault: _Message | None = None
        self._idle = _Message()
        self._names_camera = False
        self._hint_age = QElapsedTimer()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        for panel in self.panels:
            row.addWidget(panel, 1)
        row.addWidget(self.turns, 1)
        self.turns.changed.connect(self._repaint)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._expire)
        self._repaint()

    def set_camera_count(self, count: int) -> None:
        """Name the camera of an event, where there are several."""
        self._names_camera = count > 1
        self.turns.set_camera_count(count)

    def show_event(self, event: Event) -> None:
        """Show an event beside the one before it, if that is still on show."""
        others = [
            shown
            for shown in self._events
            if shown.entry.track_id != event.entry.track_id and shown.entry.person_id != event.entry.person_id
        ]
        self._events, self._notice = [event, *others][:2], None
        self._until_s[event.seq] = steady_s() + _HELD_S
        self._wait()
        self._repaint()

    def follow(self, camera: str, result: FrameResult) -> None:
        """Let each event stand as long as its person is there, and no longer than that.

        Args:
            camera: name of the result's camera; "" where only one is shown.
            result: the faces there now.
        """
        now_s = steady_s()
        mine = [
            event for event in self._events if camera in ("", event.entry.camera) and not _is_faceless(event)
        ]
        if not mine:
            return
        has_others = others_there(mine, result)
        for event in mine:
            if any(is_of(event, face) for face in result.faces):
                self._until_s[event.seq] = now_s + _HELD_S
            else:
                # A face is missed for a frame now and then.
                left_s = _MISSED_S if has_others else _READ_S
                self._until_s[event.seq] = min(self._until_s[event.seq], now_s + left_s)
        self._expire()

    def show_notice(self, title: str, advice: str = "", *, icon: str = "check") -> None:
        """Show a message for as long as an event."""
        self._events, self._notice = [], _Message(title, advice, icon)
        self._timer.start(int(_HELD_S * 1000))
        self._repaint()

    def keep_notice(self, number: int, title: str) -> None:
        """Show a message until `drop_notice` of the same number."""
        self._kept[number] = _Message(title, "", "check")
        self._repaint()

    def drop_notice(self, number: int) -> None:
        """Stop showing a message that was kept."""
        if self._kept.pop(number, None) is not None:
            self._repaint()

    def drop_notices(self) -> None:
        """Stop showing all messages that were kept."""
        self._kept = {}
        self._repaint()

    def show_fault(self, title: str, advice: str = "", *, icon: str = "camera-off") -> None:
        """Show a fault until `clear_fault`; nobody is asked to look into a blind camera."""
        self._fault = _Message(title, advice, icon)
        self._repaint()

    def clear_fault(self) -> None:
        """Stop showing the fault."""
        if self._fault is not None:
            self._fault = None
            self._repaint()

    def show_idle(self, title: str, advice: str = "", *, icon: str = "info") -> None:
        """Set the message shown while there is no other."""
        if _Message(title, advice, icon) != self._idle:
            self._idle = _Message(title, advice, icon)
            self._repaint()

    def show_hint(self, result: FrameResult, entered: "Callable[[str], Event | None]" = _nobody) -> None:
        """Set the advice to the person before the camera; steady enough to be read.

        Args:
            result: the faces there now.
            entered: returns the entry for which a person makes no other one now, by the person's id.
        """
        if self._hint_age.isValid() and not self._hint_age.hasExpired(_HINT_HELD_MS):
            return
        self._hint_age.restart()
        people = [
            face.decision.person_id for face in result.faces if face.decision.outcome is Outcome.ACCEPTED
        ]
        again = next((event for person_id in people if person_id and (event := entered(person_id))), None)
        if again is not None:
            self.show_idle(codes.event_name(again), self._already(again), icon="check")
            return
        unclear = [face.decision for face in result.faces if face.decision.outcome in _UNCLEAR]
        if unclear:
            wording = codes.reason(unclear[0].reason)
            icon = codes.outcome(unclear[0].outcome).icon
            self.show_idle(wording.advice.rstrip("."), wording.label, icon=icon)
        else:
            self.show_idle(self.tr("Look into the camera"), icon="camera")

    def _wait(self) -> None:
        """Look again when the next event has stood long enough."""
        left_s = min(self._until_s[event.seq] for event in self._events) - steady_s()
        self._timer.start(max(1, int(left_s * 1000)))

    def _expire(self) -> None:
        """Take away what has stood long enough."""
        now_s = steady_s()
        events = [event for event in self._events if self._until_s[event.seq] > now_s]
        if not events:
            self.clear()
            return
        if len(events) < len(self._events):
            self._events = events
            self._repaint()
        self._wait()

    def clear(self) -> None:
        """Go back to the message shown while there is no event."""
        self._events, self._notice, self._until_s = [], None, {}
        self._timer.stop()
        self._repaint()

    def _already(self, event: Event) -> str:
        at = amounts.time_of_day(event.entry.at)
        if event.entry.direction is Direction.OUT:
            return self.tr("Already out since {0}").format(at)
        if event.entry.direction is Direction.IN:
            return self.tr("Already in since {0}").format(at)
        return self.tr("Already recorded at {0}").format(at)

    def _repaint(self) -> None:
        has_two = len(self._events) > 1
        self.panels[0].setVisible(not self.turns.is_asking)
        self.panels[1].setVisible(has_two and not self.turns.is_asking)
        for panel in self.panels:
            panel.set_compact(has_two)
        if not self._events:
            notice = next(iter(self._kept.values()), None)
            shown = self._notice or notice or self._fault or self._idle
            self.panels[0].show_message(None, shown.title, shown.advice, icon=shown.icon)
        for panel, event in zip(self.panels, self._events, strict=False):
            panel.show_message(event.entry.outcome, *self._texts(event))

    def _greeting(self, entry: Entry) -> str:
        """Return the greeting of somebody let in; nobody is let in during a trial day or a drill."""
        if entry.is_trial:
            return self.tr("Trial: {0}")
        if entry.drill is not None:
            by_face = entry.method is Method.FACE
            return self.tr("Drill: taken for {0}") if by_face else self.tr("Drill: {0}")
        return self.tr("Goodbye, {0}") if entry.direction is Direction.OUT else self.tr("Welcome, {0}")

    def _texts(self, event: Event) -> tuple[str, str]:
        entry = event.entry
        outcome, reason = codes.outcome(entry.outcome), codes.reason(entry.reason)
        title, advice = outcome.label, reason.advice or outcome.advice
        if entry.outcome is Outcome.SUSPECTED:
            # Whoever holds up a photo isn't told what gave them away.
            advice = outcome.advice
        if entry.outcome is Outcome.ACCEPTED:
            title = self._greeting(entry).format(codes.event_name(event))
            advice = amounts.time_of_day(entry.at) if self._is_large else ""
            if entry.is_trial or entry.drill is not None:
                advice = self.tr("This entry doesn't count")
        elif entry.outcome is Outcome.DENIED:
            title = self.tr("{0}: no access").format(codes.event_name(event))
        if entry.drill is not None and entry.outcome is not Outcome.ACCEPTED:
            title = self.tr("Drill: {0}").format(title)
        if self._names_camera:
            advice = f"{entry.camera}: {advice}" if advice else entry.camera
        return title, advice
