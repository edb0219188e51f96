"""A guard that keeps the screen on while it shows something that must be seen."""

import logging
from contextlib import ExitStack

from wakepy import keep

logger = logging.getLogger(__name__)


class Awake:
    """Asks the system not to switch the screen off; some systems can't be asked."""

    def __init__(self) -> None:
        self._held = ExitStack()

    def begin(self) -> bool:
        """Keep the screen on from now on; return whether the system does."""
        mode = self._held.enter_context(keep.presenting(on_fail="pass"))
        if not mode.active:
            logger.warning("the screen can't be kept on: this system offers no way to ask for it")
        return bool(mode.active)

    def end(self) -> None:
        """Let the screen go off again. May be called again."""
        self._held.close()


def can_keep_awake() -> bool:
    """Return whether the system can be asked. May take a moment: call it on a worker."""
    with keep.presenting(on_fail="pass") as mode:
        is_active = mode.active
    return bool(is_active)
