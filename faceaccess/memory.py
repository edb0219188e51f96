"""Memory that was freed, given back to the system instead of kept for later."""

import ctypes
import sys

_MOST_ARENAS, _ARENAS = -8, 2
"""`M_ARENA_MAX` of glibc's malloc.h, and a value for it: by itself glibc has eight for each core, each of
which keeps what its threads freed. With two, window and door hold 18 MB less."""


def share_arenas() -> None:
    """Let all threads allocate from few arenas, where the system has them. Before there are threads."""
    _call("mallopt", _MOST_ARENAS, _ARENAS)


def give_back() -> None:
    """Return to the system what this process has freed, where its allocator would keep it.

    To be called after what takes much for a moment, such as loading a network. Takes some 20 ms. May be
    called on any thread.
    """
    _call("malloc_trim", 0)


def _call(name: str, *numbers: int) -> None:
    if sys.platform == "linux":
        function = getattr(ctypes.CDLL(None), name, None)
        if function is not None:  # musl has none of them, and keeps little
            function(*numbers)
