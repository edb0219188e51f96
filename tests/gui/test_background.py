"""Jobs off the GUI thread and their way back."""

import gc
import sys
import threading
from functools import partial

import pytest
from PySide6.QtCore import QObject, QThread

from faceaccess.errors import FaceAccessError
from faceaccess.gui.background import Lane, Progress, run_in_background, shutdown
from faceaccess.gui.window.collecting import Collector


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


class Witness:
    """Takes note of the thread that lets go of it last, as a widget would be deleted there."""

    def __init__(self, threads: list[int]) -> None:
        self._threads = threads

    def __del__(self) -> None:
        self._threads.append(threading.get_ident())

    def fail(self) -> None:
        raise FaceAccessError("The disk is full.", "Free some space.")


def _note(arrived: list[object], _page: Witness, outcome: object) -> None:
    arrived.append(type(outcome))


@pytest.mark.parametrize("is_failing", [False, True])
def test_worker_never_deletes_what_a_job_holds(qtbot, is_failing: bool) -> None:
    """A job's callbacks hold widgets: when the worker let go of them last, the program crashed."""
    threads: list[int] = []
    arrived: list[object] = []
    parent = QObject()
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for count in range(1, 301):
            job, page = Witness(threads), Witness(threads)
            run_in_background(
                job.fail if is_failing else partial(id, job),
                partial(_note, arrived, page),
                partial(_note, arrived, page),
                parent,
            )
            del job, page
            qtbot.waitUntil(lambda count=count: len(arrived) == count)
    finally:
        sys.setswitchinterval(before)
    shutdown()
    assert len(threads) == 600
    assert set(threads) == {threading.get_ident()}


def test_cycles_are_collected_on_the_gui_thread(qapp, qtbot) -> None:
    """A cycle holds a widget easily; Python's own trigger collects on any thread that allocates."""
    threads: list[int] = []
    allocated: list[list[int]] = []
    collector = Collector()
    qapp.processEvents()

    def allocate() -> None:
        cycle = Witness(threads)
        cycle.itself = cycle
        del cycle
        allocated.extend([number] for number in range(100_000))

    worker = threading.Thread(target=allocate)
    worker.start()
    worker.join()
    assert threads == []
    qtbot.waitUntil(lambda: bool(threads))
    assert threads == [threading.get_ident()]
    collector.deleteLater()
    gc.unfreeze()
