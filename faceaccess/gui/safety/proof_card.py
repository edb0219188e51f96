"""The proof that nobody changed the log: check it now, and keep its end elsewhere."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from faceaccess.errors import FaceAccessError
from faceaccess.gui import icons
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.confirming import confirms
from faceaccess.gui.layout import STRETCH, column, row, wrapped
from faceaccess.gui.notices import Notices
from faceaccess.gui.plain import Label
from faceaccess.gui.wording import record as text_record
from faceaccess.store.policy.types import HeadsFolder

if TYPE_CHECKING:
    from faceaccess.store.access.access import Access
    from faceaccess.store.people.people import People
    from faceaccess.store.policy.policies import Policies
    from faceaccess.upkeep.keeping import Keeping

_MOST_FAULTS = 5


class ProofCard(QWidget):
    """Says what came of checking the log, and where its end is kept each day."""

    def __init__(
        self,
        access: "Access",
        people: "People",
        keeping: "Keeping",
        policies: "Policies",
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._access, self._people, self._keeping = access, people, keeping
        self._policies = policies
        self._notices = notices
        self._folder = ""
        advice = wrapped(
            self.tr(
                "Each row carries a fingerprint of all rows before it, and the last one is signed. People, "
                "operators and settings leave a fingerprint at each change. Checking finds whatever was "
                "changed without this program's key. Whoever has the key, or puts an older copy of "
                "everything in its place, is found out only by an end kept on another disk."
            ),
            self,
            "muted",
        )
        self.verify_button = QPushButton(self.tr("Check the log now"), self)
        icons.set_icon(self.verify_button, "check", 18)
        self.result = wrapped("", self)
        self.result.setVisible(False)
        self.folder = wrapped("", self)
        self.folder_button = QPushButton(self.tr("Keep the end in…"), self)
        icons.set_icon(self.folder_button, "folder", 18)
        buttons = row(self.verify_button, self.folder_button, STRETCH)
        column(advice, self.result, self.folder, buttons, parent=self)
        self.verify_button.clicked.connect(self._verify)
        self.folder_button.clicked.connect(self._choose)

    def load(self) -> None:
        """Show where the end is kept."""
        read = partial(self._policies.read, HeadsFolder)
        run_in_background(read, self._show_folder, self._notices.fail, self)

    def _show_folder(self, place: HeadsFolder) -> None:
        self._folder = folder = place.folder
        self.folder.setText(
            self.tr(
                "The end of the log is kept in {0}, hourly and whenever the program starts or ends."
            ).format(folder)
            if folder
            else self.tr(
                "The end of the log is kept on this computer only. Choose a folder on another disk, "
                "such as a network share that few may write to."
            )
        )
        self._give_role(self.folder, "muted" if folder else "bad")

    def offer(self) -> None:
        """Ask where the end is to be kept, unless that was chosen."""
        if not self._folder and confirms(
            self,
            self.tr("Keep the log's end on another disk?"),
            self.tr(
                "It shows when somebody cuts off the log or puts an older copy in its place. You can choose "
                "the folder later, too: Safety, Proof of the log."
            ),
            verb=self.tr("Choose a folder…"),
            harmless=self.tr("Later"),
        ):
            self._choose()

    def _verify(self) -> None:
        self.verify_button.setEnabled(False)
        self._say(self.tr("Checking…"), "muted")
        run_in_background(
            partial(_verified, self._access, self._people, self._keeping),
            self._show,
            self._on_failed,
            self,
            lane=Lane.LONG,
        )

    def _show(self, proof: tuple[int, list[str]]) -> None:
        self.verify_button.setEnabled(True)
        rows, faults = proof
        if not faults:
            self._say(self.tr("%n rows, and all that they name: nothing was changed.", "", rows), "good")
            return
        lines = faults[:_MOST_FAULTS]
        if len(faults) > _MOST_FAULTS:
            lines.append(self.tr("… and %n more", "", len(faults) - _MOST_FAULTS))
        self._say("\n".join((self.tr("Something was changed:"), *lines)), "bad")

    def _choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Keep the end of the log in"))
        if folder:
            job = partial(_keep, self._access, self._keeping, folder)
            run_in_background(job, self._show_folder, self._on_failed, self)

    def _on_failed(self, error: FaceAccessError) -> None:
        self.verify_button.setEnabled(True)
        self._say("", "muted")
        self._notices.fail(error)

    def _say(self, said: str, role: str) -> None:
        self.result.setText(said)
        self.result.setVisible(bool(said))
        self._give_role(self.result, role)

    def _give_role(self, label: Label, role: str) -> None:
        label.setProperty("role", role)
        label.style().unpolish(label)
        label.style().polish(label)


def _verified(access: "Access", people: "People", keeping: "Keeping") -> tuple[int, list[str]]:
    """Return how many rows the log has, and what is wrong, in words."""
    proof = keeping.verify_log(access.actor)
    names = people.label_or_id
    return proof.rows, [text_record.chain_fault(fault, names) for fault in proof.faults]


def _keep(access: "Access", keeping: "Keeping", folder: str) -> HeadsFolder:
    keeping.keep_ends_in(access.actor, Path(folder))
    return HeadsFolder(folder)
