"""The log's end, kept outside the data folder, and compared with the log at every start.

A folder that was exchanged for an older copy, or whose last rows were cut off, is good in itself: only an end
that was kept elsewhere shows it. One is always kept with this computer's settings; another disk, chosen by an
admin, is out of reach of whoever can write to both.
"""

import hashlib
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from faceaccess import paths
from faceaccess.codes import JournalKind
from faceaccess.errors import StoreError
from faceaccess.store.access.types import SYSTEM
from faceaccess.store.file.faults import mapped_faults
from faceaccess.store.journal import heads
from faceaccess.store.journal.chain import Head, is_signed
from faceaccess.store.journal.journal import Journal
from faceaccess.store.policy.policies import Policies
from faceaccess.store.policy.types import HeadsFolder
from faceaccess.upkeep.chores import last_done

logger = logging.getLogger(__name__)

_NAME_DIGITS = 16
_EVERY = timedelta(hours=1)


class KeptEnds:
    """Keeps ends of one log, and finds those that it lost. Not for the GUI's thread: disks are slow."""

    def __init__(self, journal: Journal, policies: Policies) -> None:
        self._journal, self._policies = journal, policies

    def here(self) -> Path | None:
        """Return the file of ends beside this computer's settings, by the place of the data folder.

        Not by the log's key: whoever puts another folder in its place has another key. None while nothing can
        be signed.
        """
        if self._journal.public_key is None:
            return None
        place = str(self._journal.database.path.parent.resolve()).encode(errors="surrogateescape")
        name = hashlib.sha256(place).hexdigest()[:_NAME_DIGITS]
        return paths.config_dir() / "ends" / f"{name}.jsonl"

    def elsewhere(self) -> Path | None:
        """Return the file of ends on the disk that an admin chose; None while none was chosen."""
        folder = self._policies.read(HeadsFolder).folder
        return Path(folder) / heads.HEADS_FILE if folder else None

    def all(self) -> list[Head]:
        """Return every end that was kept.

        Raises:
            StoreError: a file of them is away, or can't be used: what it would prove is not known then.
        """
        here, elsewhere = self.here(), self._elsewhere_present()
        files = [path for path in (here, elsewhere) if path is not None and path.exists()]
        return [head for path in files for head in heads.read(path)]

    def keep(self) -> None:
        """Keep the log's present end in all places, unless it is the newest that is there already.

        Raises:
            StoreError: one can't be written, or is away.
        """
        self.keep_here()
        head, elsewhere = self._journal.head(), self._elsewhere_present()
        if head is not None and elsewhere is not None:
            _add_newer(elsewhere, head)

    def keep_here(self) -> None:
        """Keep the log's present end beside this computer's settings.

        Raises:
            StoreError: it can't be written.
        """
        head, here = self._journal.head(), self.here()
        if head is None or here is None:
            return
        with mapped_faults(here):
            here.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _add_newer(here, head)

    def keep_in(self, folder: Path) -> None:
        """Begin to keep ends in a folder.

        Raises:
            StoreError: it can't be written there.
        """
        if (head := self._journal.head()) is not None:
            heads.add(folder / heads.HEADS_FILE, head)

    def keep_hourly(self, now: datetime) -> None:
        """Keep the end when that was not done for an hour, and something was journalled since.

        Raises:
            StoreError: it can't be written.
        """
        newest = self._journal.rows.newest(limit=1)
        last = last_done(self._journal, JournalKind.HEAD_KEPT)
        is_grown = bool(newest) and newest[0].kind is not JournalKind.HEAD_KEPT
        if is_grown and (last is None or not last <= now < last + _EVERY):
            self.keep()
            self._journal.record(SYSTEM, JournalKind.HEAD_KEPT)

    def _lost(self, ends: Sequence[Head]) -> Head | None:
        """Return the newest end that its own key signed and the log doesn't have; None for none."""
        missing = (
            head
            for head in ends
            if head.public_key == self._journal.public_key
            and not self._journal.has_end(head)
            and is_signed(head)  # anybody can write a line that isn't
        )
        return max(missing, key=lambda head: head.seq, default=None)

    def _is_of_another_log(self, ends: Sequence[Head]) -> bool:
        """Tell whether the newest end that was kept is signed by another key than this log's."""
        newest = next((head for head in reversed(ends) if is_signed(head)), None)
        return newest is not None and newest.public_key != self._journal.public_key

    def begin(self, _: datetime) -> None:
        """Journal the end that the program found when it started, compared with those that were kept.

        Raises:
            StoreError: one that was kept is not in the log, or the log is another one than was here before,
                which is said once; or none can be read.
        """
        end = self._journal.head()
        details: dict[str, object] = {
            "found": None if end is None else {"seq": end.seq, "hash": end.hash.hex()}
        }
        problem: StoreError | None = None
        lost: Head | None = None
        try:
            ends = self.all()
            lost = self._lost(ends)
            problem = self._another_log() if self._is_of_another_log(ends) else None
        except StoreError as error:
            problem = error
        if lost is not None:
            details["lost"] = lost.seq
            if not self._journal.was_lost(lost.seq):
                problem = StoreError(
                    "The log has lost row {seq}, whose fingerprint was kept outside the data folder.",
                    "It was cut off, or an older folder was put in its place. See: faceaccess log verify",
                    seq=lost.seq,
                )
                logger.error("The journal lacks row %d, whose end was kept", lost.seq)
        self._journal.record(SYSTEM, JournalKind.PROGRAM_STARTED, details=details)
        if problem is not None:
            raise problem
        self.keep()

    def _another_log(self) -> StoreError:
        return StoreError(
            "The log of this folder is not the one that was here before.",
            "If you began anew on purpose, remove the ends that were kept of the former: {path}",
            path=self.here(),
        )

    def finish(self, _: datetime) -> None:
        """Keep the end that the program leaves; a row about any changes comes first.

        Raises:
            StoreError: it can't be written.
        """
        self._journal.record(SYSTEM, JournalKind.PROGRAM_STOPPED)
        self.keep()

    def _elsewhere_present(self) -> Path | None:
        """Return the file on the disk that was chosen, which must be there: an empty mount point isn't it."""
        path = self.elsewhere()
        if path is not None and not path.exists():
            raise StoreError(
                "The ends of the log that were kept in {folder} are not there.",
                "Plug the disk in, or choose a folder anew: Safety, Proof of the log.",
                folder=path.parent,
            )
        return path


def _add_newer(path: Path, head: Head) -> None:
    if heads.newest(path) != head:
        heads.add(path, head)
