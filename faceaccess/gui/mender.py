"""Does what changes people in the background, says so, and offers to undo it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from faceaccess.errors import FaceAccessError
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.notices import Notices

if TYPE_CHECKING:
    from faceaccess.people.reception import Reception
    from faceaccess.store.access.access import Access


class Mender(QObject):
    """Runs changes one after the other; `changed` follows each, `failed` one that was refused."""

    changed = Signal()
    failed = Signal()

    def __init__(self, access: "Access", reception: "Reception", notices: Notices, parent: QObject) -> None:
        super().__init__(parent)
        self._access, self._reception = access, reception
        self._notices = notices

    def run(self, change: Callable[[], object], person_id: str, message: str) -> None:
        """Change something and say so, with a button that undoes it where it can be.

        Args:
            change: what to do; runs in the background.
            person_id: whose history it stands in.
            message: said when it was done.
        """
        job = partial(_changed, self._reception, change, person_id)
        done = partial(self._on_done, message)
        run_in_background(job, done, self._on_failed, self, lane=Lane.FACES)

    def undo(self, seq: int) -> None:
        """Undo a change."""
        job = partial(self._reception.mending.undo, self._access.actor, seq)
        done = partial(self._on_done, self.tr("It is as it was before."))
        run_in_background(job, done, self._on_failed, self, lane=Lane.FACES)

    def _on_done(self, message: str, seq: int | None) -> None:
        action = None if seq is None else (self.tr("Undo"), partial(self.undo, seq))
        self._notices.notify(message, is_success=True, action=action)
        self.changed.emit()

    def _on_failed(self, error: FaceAccessError) -> None:
        self._notices.fail(error)
        self.failed.emit()


def _changed(reception: "Reception", change: Callable[[], object], person_id: str) -> int | None:
    """Change something; return the journal row that can be undone now, if it is a new one."""
    before = _undoable(reception, person_id)
    change()
    after = _undoable(reception, person_id)
    return None if after == before else after


def _undoable(reception: "Reception", person_id: str) -> int | None:
    changes = reception.mending.history(person_id)
    return next((change.row.seq for change in changes if change.can_be_undone), None)
