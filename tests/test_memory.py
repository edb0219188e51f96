"""Memory is given back where the system's allocator can, and nothing fails where it can't."""

import ctypes
import sys

import psutil
import pytest

from faceaccess import memory


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's")
def test_what_was_freed_is_given_back() -> None:
    if not hasattr(ctypes.CDLL(None), "malloc_trim"):
        pytest.skip("this system's allocator keeps little")
    process, below_mmap = psutil.Process(), 100_000
    blocks = [bytes(below_mmap) for _ in range(400)]
    last, full = blocks[-1], process.memory_info().rss
    del blocks
    memory.give_back()
    assert process.memory_info().rss < full - 20 * 2**20
    assert len(last) == below_mmap


def test_a_system_without_these_functions_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda _: object())
    memory.share_arenas()
    memory.give_back()
