"""The erasure of a person, or of a face whose consent is withdrawn, with its certificate."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from faceaccess.codes import Right
from faceaccess.errors import StoreError
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.confirming import confirms
from faceaccess.gui.mender import Mender
from faceaccess.gui.notices import Notices
from faceaccess.gui.printing import write_certificate
from faceaccess.gui.saved_files import tell_saved
from faceaccess.gui.widgets.entry_dialog import ReasonDialog
from faceaccess.settings import RetentionSettings

if TYPE_CHECKING:
    from faceaccess.people.gallery.erasure import Certificate
    from faceaccess.people.reception import Reception
    from faceaccess.store.access.access import Access
    from faceaccess.store.policy.policies import Policies


class Removal(QObject):
    """Asks first, since nothing of it can be undone; `removed` follows each."""

    removed = Signal()

    def __init__(
        self,
        access: "Access",
        reception: "Reception",
        policies: "Policies",
        notices: Notices,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._access, self._reception, self._policies = access, reception, policies
        self._notices, self._window = notices, parent
        self._mender = Mender(access, reception, notices, self)
        self._mender.changed.connect(self._on_changed)

    def erase(self, person_id: str, name: str) -> None:
        """Remove a person with everything that shows or describes them."""
        explanation = self.tr(
            "Removed: name, staff number, department, e-mail, all photos and templates, absences, consents, "
            "and the face crops and reasons of this person's entries.\n\nKept: the log's entries "
            "themselves, without a name.\n\nThis can't be undone."
        )
        if self.confirms(self.tr("Erase {0} for good?").format(name), explanation, self.tr("Erase")):
            self._run(partial(self._reception.eraser.erase, self._access.actor, person_id))

    def withdraw(self, person_id: str, name: str) -> None:
        """End a person's consent and remove the face; without the right to, ask why and hold it."""
        if not self._access.may(Right.DELETE_PEOPLE):
            self._hold(person_id, name)
            return
        explanation = self.tr(
            "Removed at once: all photos and templates, and the pictures of this person in the log.\n\n"
            "Kept: name, hours and entries. Give a PIN to go on without the face.\n\nThis can't be undone."
        )
        question = self.tr("Withdraw the consent of {0}?").format(name)
        if self.confirms(question, explanation, self.tr("Withdraw")):
            self._run(partial(self._reception.eraser.withdraw_consent, self._access.actor, person_id))

    def _hold(self, person_id: str, name: str) -> None:
        title = self.tr("Withdraw the consent of {0}").format(name)
        days = self._policies.read(RetentionSettings).deleted_days
        caution = self.tr(
            "Because the person asked for it. The face is known nowhere from now on, and erased in %n days; "
            "until then it can be undone. An admin is told.",
            "",
            days,
        )
        dialog = ReasonDialog(title, caution, self._window.window())
        dialog.reason.setPlaceholderText(self.tr("How the person asked for it"))
        reason = dialog.why() if dialog.exec() == QDialog.DialogCode.Accepted else ""
        dialog.deleteLater()
        if reason:
            withdrawals, actor = self._reception.withdrawals, self._access.actor
            message = self.tr("{0}: the consent is withdrawn.").format(name)
            self._mender.run(partial(withdrawals.withdraw, actor, person_id, reason), person_id, message)

    def confirms(self, question: str, explanation: str, verb: str) -> bool:
        """Ask, with the harmless answer first."""
        return confirms(self._window, question, explanation, verb=verb, harmless=self.tr("Keep"))

    def _run(self, job: "Callable[[], Certificate]") -> None:
        run_in_background(job, self._on_removed, self._notices.fail, self, lane=Lane.FACES)

    def _on_changed(self) -> None:
        self.removed.emit()

    def _on_removed(self, certificate: "Certificate") -> None:
        message = (
            self.tr("{0}: erased for good.") if certificate.is_whole else self.tr("{0}: the face is removed.")
        )
        if not certificate.is_overwritten:
            message = self.tr("{0} Something else reads the data: it is overwritten afterwards.").format(
                message
            )
        offer = (self.tr("Save the certificate…"), partial(self._save, certificate))
        self._notices.notify(message.format(certificate.name), is_success=True, action=offer)
        self.removed.emit()

    def _save(self, certificate: "Certificate") -> None:
        path, _ = QFileDialog.getSaveFileName(
            self._window.window(), self.tr("Certificate"), "certificate.pdf", self.tr("PDF (*.pdf)")
        )
        if path:
            done = partial(self._on_saved, path)
            job = partial(_write, certificate, Path(path))
            run_in_background(job, done, self._notices.fail, self, lane=Lane.LONG)

    def _on_saved(self, path: str, _: object) -> None:
        tell_saved(self._notices, self.tr("The certificate is in {0}.").format(path), Path(path))


def _write(certificate: "Certificate", path: Path) -> None:
    try:
        write_certificate(certificate, path)
    except OSError as exc:
        raise StoreError(
            "{path} can't be written: {reason}.", "Choose another place.", path=path, reason=exc.strerror
        ) from exc
