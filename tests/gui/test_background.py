"""Jobs off the GUI thread and their way back."""

import threading

import pytest
from PySide6.QtCore import QObject, QThread

from faceaccess.errors import FaceAccessError
from faceaccess.gui.background import Lane, Progress, run_in_background, shutdown


class Receiver(QObject):
    """Takes note of what arrives, and on which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.results: list[object] = []
        self.errors: list[FaceAccessError] = []
        self.threads: list[QThread] = []

    def on_done(self, result: object) -> None:
        self.results.append(result)
        self.threads.append(QThread.currentThread())

    def on_error(self, error: FaceAccessError) -> None:
        self.errors.append(error)


def test_result_arrives_on_the_gui_thread(qtbot, qapp) -> None:
    receiver = Receiver()
    worked_on = []
    run_in_background(
        lambda: worked_on.append(threading.current_thread()) or 42,
        receiver.on_done,
        receiver.on_error,
        receiver,
    )
    qtbot.waitUntil(lambda: bool(receiver.results))
    assert receiver.results == [42]
    assert receiver.threads == [qapp.thread()]
    assert worked_on[0] is not threading.main_thread()


def test_failure_of_the_world_arrives_as_it_is(qtbot) -> None:
    receiver, error = Receiver(), FaceAccessError("The disk is full.", "Free some space.")

    def fail() -> None:
        raise error

    run_in_background(fail, receiver.on_done, receiver.on_error, receiver)
    qtbot.waitUntil(lambda: bool(receiver.errors))
    assert receiver.errors == [error]


@pytest.mark.logs_warnings
def test_bug_is_logged_reported_and_passed_to_the_excepthook(qtbot, caplog) -> None:
    receiver = Receiver()
    with qtbot.captureExceptions() as exceptions, caplog.at_level("CRITICAL"):
        run_in_background(lambda: 1 // 0, receiver.on_done, receiver.on_error, receiver)
        qtbot.waitUntil(lambda: bool(exceptions))
    assert exceptions[0][0] is ZeroDivisionError
    assert isinstance(receiver.errors[0], FaceAccessError)


def test_result_for_a_destroyed_page_is_dropped(qtbot) -> None:
    gate, receiver, page = threading.Event(), Receiver(), QObject()
    other = Receiver()
    run_in_background(lambda: gate.wait(5), receiver.on_done, receiver.on_error, page)
    page.deleteLater()
    qtbot.wait(20)
    gate.set()
    run_in_background(lambda: "after", other.on_done, other.on_error, other)
    qtbot.waitUntil(lambda: other.results == ["after"])
    assert receiver.results == []


def test_long_job_does_not_hold_up_a_short_one(qtbot) -> None:
    gate, slow, quick = threading.Event(), Receiver(), Receiver()
    run_in_background(lambda: gate.wait(5), slow.on_done, slow.on_error, slow, lane=Lane.LONG)
    run_in_background(lambda: 1, quick.on_done, quick.on_error, quick)
    qtbot.waitUntil(lambda: quick.results == [1])
    assert slow.results == []
    gate.set()
    qtbot.waitUntil(lambda: slow.results == [True])


def test_shutdown_cancels_running_jobs() -> None:
    progress, receiver = Progress(), Receiver()
    begun = threading.Event()

    def job() -> None:
        begun.set()
        while not progress.is_cancelled():
            threading.Event().wait(0.005)

    run_in_background(job, receiver.on_done, receiver.on_error, receiver, lane=Lane.LONG)
    assert begun.wait(5)
    shutdown()
    assert progress.is_cancelled()


@pytest.mark.parametrize(("done", "total", "shown"), [(1, 2, (1, 2)), (2**33, 2**34, (500, 1000))])
def test_progress_fits_into_qt_numbers(qtbot, done: int, total: int, shown: tuple[int, int]) -> None:
    progress = Progress()
    with qtbot.waitSignal(progress.progressed) as signal:
        progress.report(done, total)
    assert tuple(signal.args) == shown
