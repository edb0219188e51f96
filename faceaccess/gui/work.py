"""The background work of a page or card: for the operator, and with one way to fail."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from PySide6.QtWidgets import QWidget

from faceaccess.errors import FaceAccessError
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.notices import Notices
from faceaccess.store.access.types import Actor

if TYPE_CHECKING:
    from faceaccess.store.access.access import Access

_P = ParamSpec("_P")
_Result = TypeVar("_Result")


class Work:
    """Reads, and carries out use cases; a failure is shown, and what is in force is read again.

    Args:
        page: the owner of the work; once it is gone, nothing is delivered.
        access: knows the operator.
        notices: shows failures.
        reload: shows again what is in force.
        busy: the widgets disabled while a use case runs.
        lane: the worker that does it.
    """

    def __init__(
        self,
        page: QWidget,
        access: "Access",
        notices: Notices,
        *,
        reload: Callable[[], None] = lambda: None,
        busy: Sequence[QWidget] = (),
        lane: Lane = Lane.SHORT,
    ) -> None:
        self._page, self._access, self._notices = page, access, notices
        self._reload, self._busy, self._lane = reload, busy, lane

    def read(self, read: Callable[[], _Result], show: Callable[[_Result], None]) -> None:
        """Read on the worker and show the result."""
        run_in_background(read, show, self._notices.fail, self._page, lane=self._lane)

    def by_actor(
        self,
        use_case: Callable[Concatenate[Actor, _P], _Result],
        *args: _P.args,
        **options: _P.kwargs,
    ) -> Callable[[], _Result]:
        """Return a use case for the present operator, to be carried out."""
        return partial(use_case, self._access.actor, *args, **options)

    def carry_out(
        self, job: Callable[[], _Result], then: Callable[[_Result], None] | None = None, *, said: str = ""
    ) -> None:
        """Carry out a job; where it fails, show why and read again what is in force.

        Args:
            job: see `by_actor`.
            then: receives its result; None reads again what is in force.
            said: shown when it went well.
        """
        self._set_busy(True)
        run_in_background(
            job, partial(self._on_done, then, said), self._on_failed, self._page, lane=self._lane
        )

    def _on_done(self, then: Callable[[_Result], None] | None, said: str, result: _Result) -> None:
        self._set_busy(False)
        if said:
            self._notices.notify(said, is_success=True)
        if then is None:
            self._reload()
        else:
            then(result)

    def _on_failed(self, error: FaceAccessError) -> None:
        self._set_busy(False)
        self._notices.fail(error)
        self._reload()

    def _set_busy(self, is_busy: bool) -> None:
        for widget in self._busy:
            widget.setEnabled(not is_busy)
