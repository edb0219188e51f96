"""Work on what may be hostile, done by another process that has only so much memory and time."""

import multiprocessing
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

from faceaccess.errors import FaceAccessError

_Arguments = ParamSpec("_Arguments")
_Answer = TypeVar("_Answer")


def run_apart(
    most_bytes: int,
    most_s: float,
    function: Callable[_Arguments, _Answer],
    *arguments: _Arguments.args,
    **options: _Arguments.kwargs,
) -> _Answer:
    """Return what a function returns when called in a process of its own, which then ends.

    Memory is bounded on Linux; time everywhere.

    Args:
        most_bytes: that it may take on top of its libraries.
        most_s: seconds that it may take.
        function: of a module; it, its arguments and what it returns must be picklable.
        arguments: of the function.
        options: of the function.

    Raises:
        FaceAccessError: the function raised it.
        MemoryError: it needs more memory.
        TimeoutError: it needs more time.
        EOFError: the process died.
    """
    context = multiprocessing.get_context("spawn")
    answers, childs_end = context.Pipe(duplex=False)
    process = context.Process(
        target=_run, args=(childs_end, most_bytes, most_s, function, arguments, options),
        name="apart", daemon=True,
    )  # fmt: skip
    process.start()
    childs_end.close()
    try:
        if not answers.poll(most_s):
            raise TimeoutError
        answer = answers.recv()
    finally:
        answers.close()
        process.kill()
        process.join()
        process.close()
    if isinstance(answer, FaceAccessError | MemoryError):
        raise answer
    return cast(_Answer, answer)


def _run(
    answers: Connection,
    most_bytes: int,
    most_s: float,
    function: Callable[..., object],
    arguments: tuple[object, ...],
    options: dict[str, object],
) -> None:
    """Send what a function returns or raises. Runs in the other process."""
    limit_memory(most_bytes)
    _limit_time(most_s)
    answer: object = MemoryError()
    # What is caught holds on to the memory that it was short of.
    with suppress(MemoryError):
        answer = _answer(function, arguments, options)
    answers.send(answer)


def _answer(
    function: Callable[..., object], arguments: tuple[object, ...], options: dict[str, object]
) -> object:
    try:
        return function(*arguments, **options)
    except FaceAccessError as exc:
        return exc


def _limit_time(most_s: float) -> None:
    """Limit this process's time, in case nobody is left to end it."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (int(most_s) + 1, int(most_s) + 1))


def limit_memory(most_bytes: int) -> None:
    """Limit how much more memory this process may take, where the system can enforce it."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5])
        most = pages * resource.getpagesize() + most_bytes
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
