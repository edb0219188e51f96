"""Photos looked at on several threads, ahead of what is done with them."""

import hashlib
import logging
import os
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Protocol, TypeVar

from faceaccess.codes import PhotoProblem
from faceaccess.foreign_files import open_file
from faceaccess.people.enrolment.photo_review import PhotoReview, Reviewer
from faceaccess.vision.sources.photo_decoding import GREATEST_BYTES

logger = logging.getLogger(__name__)

MOST_AHEAD = 8
"""Photos waiting to be used: a large one takes 12 MB."""

_T = TypeVar("_T")


@dataclass(frozen=True)
class Look:
    """The reviewed state of a photo file.

    Attributes:
        sha256: hex digest of the file's bytes; of its path, where they can't be read.
        review: None for a photo that is known already.
    """

    sha256: str
    review: PhotoReview | None


class PhotoSource(Protocol):
    """The source of a photo."""

    def sha256(self) -> str:
        """Return the hex digest of the original file's bytes, or what tells it from others."""

    def reviewed_by(self, reviewer: Reviewer) -> PhotoReview:
        """Look at it. Slow."""


@dataclass(frozen=True)
class PhotoFile:
    """A photo file."""

    path: Path

    def sha256(self) -> str:
        """Return the hex digest of the file's bytes; where they can't be read, of its path."""
        try:
            with open_file(self.path, GREATEST_BYTES) as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return hashlib.sha256(os.fsencode(self.path)).hexdigest()

    def reviewed_by(self, reviewer: Reviewer) -> PhotoReview:
        """Look at it; what is wrong with it is in the review, not raised."""
        return reviewer.review_file(self.path)


class PhotoPool:
    """Looks at photos with several reviewers at once, each on one thread at a time."""

    def __init__(self, executor: ThreadPoolExecutor, reviewers: Sequence[Reviewer]) -> None:
        """Use `opened`."""
        self._executor = executor
        self._idle: SimpleQueue[Reviewer] = SimpleQueue()
        for reviewer in reviewers:
            self._idle.put(reviewer)

    @classmethod
    @contextmanager
    def opened(cls, new_reviewer: Callable[[], Reviewer], threads: int) -> Iterator["PhotoPool"]:
        """Give a pool; what was not begun when it is left is not done."""
        executor = ThreadPoolExecutor(threads, thread_name_prefix="photos")
        try:
            yield cls(executor, [new_reviewer() for _ in range(threads)])
        finally:
            executor.shutdown(wait=True, cancel_futures=True)

    def looked_at(
        self, jobs: Iterable[tuple[_T, Sequence[PhotoSource], Collection[str]]]
    ) -> Iterator[tuple[_T, list[Look]]]:
        """Yield each job with the looks at its photos, in order; the next ones are under way.

        Args:
            jobs: anything, its photos, and the SHA-256 of photos that needn't be looked at.
        """
        ahead: deque[tuple[_T, list[Future[Look]]]] = deque()
        for job, photos, known in jobs:
            ahead.append((job, [self._executor.submit(self._look, photo, known) for photo in photos]))
            while len(ahead) > 1 and sum(len(looks) for _, looks in ahead) > MOST_AHEAD:
                done, looks = ahead.popleft()
                yield done, [look.result() for look in looks]
        for done, looks in ahead:
            yield done, [look.result() for look in looks]

    def _look(self, photo: PhotoSource, known: Collection[str]) -> Look:
        sha256 = photo.sha256()
        if sha256 in known:
            return Look(sha256, None)
        reviewer = self._idle.get()
        try:
            return Look(sha256, photo.reviewed_by(reviewer))
        except Exception:
            # The edge of a loop over files of any origin: one of them never stops the others.
            logger.exception("A photo could not be looked at")
            return Look(sha256, PhotoReview(sha256, PhotoProblem.UNREADABLE, sha256=sha256))
        finally:
            self._idle.put(reviewer)
