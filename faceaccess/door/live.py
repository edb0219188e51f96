"""The live session: frames of all cameras in, entries out, while the window only looks on."""

import logging
import math
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import partial
from queue import SimpleQueue

from faceaccess.door.desk import Answer
from faceaccess.door.feed import CameraFeed, LatestFrames
from faceaccess.door.pin import PinAnswer
from faceaccess.door.watch import STALE_S, Callbacks, Watch
from faceaccess.errors import FaceAccessError, StoreError
from faceaccess.recognition.types import FrameResult, MatchPolicy
from faceaccess.settings import CameraSettings
from faceaccess.steady import steady_s
from faceaccess.store.journal.types import Event
from faceaccess.vision.sources.capture import Capture
from faceaccess.vision.types import Frame

logger = logging.getLogger(__name__)

JOIN_S = 3.0
ENTER_S = 5.0


class LiveSession:
    """The cameras in service: one thread and one capture process each, and one inference thread.

    Where there are several cameras, faces are found and recognised in as many of their pictures at once as
    there are cores; what comes of them is decided on the inference thread, one picture after the other.
    """

    is_recording = False

    def __init__(
        self,
        cameras: Sequence[tuple[Watch, Callable[[], Capture]]],
        callbacks: Callbacks,
        *,
        counts: bool = True,
    ) -> None:
        """Take the parts.

        Args:
            cameras: the watch over each, and what opens its capture (raises CameraError).
            callbacks: called from the session's threads.
            counts: whether entries are attendance and open doors.
        """
        self._callbacks, self.counts = callbacks, counts
        self._frames = LatestFrames()
        self._watches = {watch.camera.camera_id: watch for watch, _ in cameras}
        self._feeds = {
            watch.camera.camera_id: CameraFeed(
                open_capture,
                on_frame=partial(self._frames.put, watch.camera.camera_id),
                on_status=watch.camera_changed,
                on_error=callbacks.on_error,
            )
            for watch, open_capture in cameras
        }
        self._stopping = threading.Event()
        self._failing: set[str] = set()
        self._orders: SimpleQueue[tuple[Future[Event | None], Callable[[], Event | None]]] = SimpleQueue()
        self._at_once = min(len(self._watches), os.cpu_count() or 1)
        self._thread = threading.Thread(target=self._inference_loop, name="inference", daemon=True)

    @property
    def cameras(self) -> tuple[CameraSettings, ...]:
        """The cameras in service."""
        return tuple(watch.camera for watch in self._watches.values())

    def start(self) -> None:
        """Begin; a camera that can't be opened is reported and tried again."""
        for feed in self._feeds.values():
            feed.start()
        self._thread.start()

    def run(self) -> None:
        """Keep the door in service until the calling thread is interrupted."""
        self.start()
        try:
            # In turns: on Windows, an endless wait can't be interrupted.
            while not self._stopping.wait(1.0):
                pass
        finally:
            self.stop()

    def stop(self) -> None:
        """Stop and let go of the cameras. Waits a few seconds at most; may be called again."""
        self._stopping.set()
        self._frames.wake()
        for feed in self._feeds.values():
            feed.begin_stop()
        for feed in self._feeds.values():
            feed.stop()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(JOIN_S)

    @property
    def is_running(self) -> bool:
        """Whether frames are still being processed."""
        return self._thread.is_alive()

    def latest_frame(self, camera_id: str = "") -> Frame | None:
        """Return a camera's newest frame; "" means the first camera's. May be called from any thread."""
        feed = self._feeds.get(camera_id or next(iter(self._feeds)))
        return feed.latest_frame() if feed is not None else None

    def retry_now(self, camera_id: str | None = None) -> None:
        """Try a lost camera, or all that are lost, again without waiting. May be called from any thread."""
        for feed_id, feed in self._feeds.items():
            if camera_id in (None, feed_id):
                feed.retry_now()

    def enter(self, camera_id: str, answer: PinAnswer, at: datetime) -> Event | None:
        """Enter somebody who gave a PIN at a camera; None when they have just made an entry.

        May be called from any thread but the inference thread, for which it waits.

        Raises:
            FaceAccessError: it could not be written, or the door is closed; there is no entry.
        """
        return self._on_inference_thread(partial(self._watches[camera_id].admit, answer, at))

    def answer(self, answer: Answer) -> Event | None:
        """Enter the desk's answer; None when it came too late or the person has just made an entry.

        May be called from any thread but the inference thread, for which it waits.

        Raises:
            FaceAccessError: it could not be written, or the door is closed; the question stays open.
        """
        return self._on_inference_thread(partial(self._answer, answer))

    def forget(self, person_id: str, door: str | None = None) -> None:
        """Let a person enter at once: their last entry was somebody else's, or did not open the door.

        Args:
            person_id: who.
            door: where; None everywhere.

        May be called from any thread but the inference thread, for which it waits.
        """
        self._on_inference_thread(partial(self._forget, person_id, door))

    def _forget(self, person_id: str, door: str | None) -> None:
        for watch in self._watches.values():
            if door is None or watch.camera.door.casefold() == door.casefold():
                watch.forget(person_id)

    def _answer(self, answer: Answer) -> Event | None:
        events = [watch.answer(answer) for watch in self._watches.values()]
        return next((event for event in events if event is not None), None)

    def _on_inference_thread(self, work: Callable[[], Event | None]) -> Event | None:
        done: Future[Event | None] = Future()
        self._orders.put((done, work))
        self._frames.wake()
        try:
            return done.result(ENTER_S)
        except TimeoutError as exc:
            done.cancel()
            raise StoreError("The door doesn't answer.", "Start it again.") from exc

    def use_policy(self, policy: MatchPolicy) -> None:
        """Decide by another threshold from the next frame on. May be called from any thread."""
        for watch in self._watches.values():
            watch.use_policy(policy)

    def _inference_loop(self) -> None:
        with ThreadPoolExecutor(self._at_once, thread_name_prefix="looking") as pool:
            while not self._stopping.is_set():
                self._enter_waiting()
                taken = self._frames.take(0.2, self._at_once)
                # Before the judging: however long that takes, nobody is lost sight of by it.
                now_s = steady_s()
                self._judge([frame for frame in taken if frame[1].time_s >= now_s - STALE_S], pool)
                for camera_id, watch in self._watches.items():
                    self._guarded(camera_id, partial(watch.end_questions, steady_s()))
                    if watch.has_lost_sight(now_s):
                        self._guarded(camera_id, watch.end_tracks)
            for camera_id, watch in self._watches.items():
                self._guarded(camera_id, partial(watch.end_questions, math.inf))

    def _judge(self, taken: Sequence[tuple[str, Frame]], pool: ThreadPoolExecutor) -> None:
        """Judge the newest frames of some cameras: all are looked at together, then decided on in turn."""
        if len(taken) == 1:
            camera_id, frame = taken[0]
            self._guarded(camera_id, partial(self._watches[camera_id].judge, frame))
            return
        looks: list[tuple[str, Frame, Future[FrameResult]]] = []
        for camera_id, frame in taken:
            self._guarded(camera_id, partial(self._look, camera_id, frame, looks, pool))
        for camera_id, frame, look in looks:
            self._guarded(camera_id, partial(self._decide, camera_id, frame, look))

    def _look(
        self,
        camera_id: str,
        frame: Frame,
        looks: list[tuple[str, Frame, Future[FrameResult]]],
        pool: ThreadPoolExecutor,
    ) -> None:
        look = self._watches[camera_id].look_at(frame)
        if look is not None:
            looks.append((camera_id, frame, pool.submit(look)))

    def _decide(self, camera_id: str, frame: Frame, look: Future[FrameResult]) -> bool:
        self._watches[camera_id].decide(frame, look.result())
        return True

    def _enter_waiting(self) -> None:
        """Enter the people who gave a PIN meanwhile, except those who gave up waiting."""
        while not self._orders.empty():
            done, work = self._orders.get()
            if not done.set_running_or_notify_cancel():
                continue
            try:
                done.set_result(work())
            except Exception as exc:  # noqa: BLE001 - raised where it is waited for
                done.set_exception(exc)

    def _guarded(self, camera_id: str, work: Callable[[], object]) -> None:
        """Do a camera's work; whatever fails in it is never an entry, and stops no other camera."""
        try:
            if work():
                self._failing.discard(camera_id)
        except FaceAccessError as exc:
            # Not written, so not shown: the next frames try again.
            self._callbacks.on_error(exc)
        except Exception:  # the edge of the inference loop: no entry, and the next frame is tried
            if camera_id not in self._failing:
                logger.exception("a frame could not be judged")
                self._callbacks.on_error(
                    FaceAccessError("A picture could not be judged.", "The log file says more.")
                )
            self._failing.add(camera_id)
