"""Backups, and how long personal data is kept."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QWidget,
)

from faceaccess.errors import FaceAccessError
from faceaccess.gui import icons
from faceaccess.gui.background import Lane, Progress, run_in_background
from faceaccess.gui.confirming import confirms
from faceaccess.gui.layout import STRETCH, row, wrapped
from faceaccess.gui.notices import Notices
from faceaccess.gui.saved_files import tell_saved
from faceaccess.gui.widgets.password_dialogs import ask_passphrase
from faceaccess.gui.widgets.settings_card import SettingsCard
from faceaccess.gui.wording import amounts
from faceaccess.settings import BackupSettings, RetentionSettings

if TYPE_CHECKING:
    from faceaccess.store.access.access import Access
    from faceaccess.store.file.backup import BackupFacts
    from faceaccess.store.policy.policies import Policies
    from faceaccess.upkeep.keeping import Keeping

_FIELD_PX = 360


class BackupCard(SettingsCard[BackupSettings]):
    """The automatic backups, a button for one now, and restoring one.

    `restore_wanted` carries the path and the passphrase of a backup that was checked.
    """

    restore_wanted = Signal(str, str)

    def __init__(
        self,
        access: "Access",
        keeping: "Keeping",
        policies: "Policies",
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(BackupSettings(), access, policies, notices, parent)
        self._access, self._keeping, self._notices = access, keeping, notices
        self._progress: Progress | None = None
        self._pressed: QPushButton | None = None
        for name in ("folder", "secret"):
            self.form.editors[name].setMinimumWidth(_FIELD_PX)
        secret = self.form.editors["secret"]
        assert isinstance(secret, QLineEdit)
        secret.setEchoMode(QLineEdit.EchoMode.PasswordEchoOnEdit)
        self.now_button = QPushButton(self.tr("Back up now…"), self)
        self.restore_button = QPushButton(self.tr("Restore a backup…"), self)
        icons.set_icon(self.now_button, "export", 18)
        icons.set_icon(self.restore_button, "refresh", 18)
        self.bar = QProgressBar(self)
        self.bar.setAccessibleName(self.tr("Backup"))
        self.bar.setVisible(False)
        self.column.addLayout(row(self.now_button, self.restore_button, STRETCH))
        self.column.addWidget(self.bar)
        self.now_button.clicked.connect(self._back_up)
        self.restore_button.clicked.connect(self._choose)

    def _back_up(self) -> None:
        settings = self.form.settings()
        folder = settings.folder or QFileDialog.getExistingDirectory(self, self.tr("Where to?"))
        if not folder or not self._may_write_to(Path(folder)):
            return
        passphrase = settings.secret or ask_passphrase(
            self.window(),
            self.tr("Passphrase of the backup"),
            self.tr("Only this opens the backup: at least 12 characters, kept on paper."),
            is_new=True,
        )
        if not passphrase:
            return
        self._progress = Progress()
        self._progress.progressed.connect(self._show_progress)
        self._wait(True)
        job = partial(
            self._keeping.back_up,
            self._access.actor,
            Path(folder),
            passphrase,
            self._progress.report,
        )
        run_in_background(job, self._on_backed_up, self._on_failed, self, lane=Lane.LONG)

    def _may_write_to(self, folder: Path) -> bool:
        """Ask before a folder is made: its disk may not be there."""
        return folder.expanduser().is_dir() or confirms(
            self,
            self.tr("There is no folder {0}. Make it?").format(folder),
            self.tr("If it is on another disk, connect that first: a folder made here is on this computer."),
            verb=self.tr("Make it"),
            harmless=self.tr("Leave it"),
        )

    def _show_progress(self, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    def _on_backed_up(self, path: Path) -> None:
        self._wait(False)
        message = self.tr("Written and checked: {0}").format(path)
        tell_saved(self._notices, message, path, is_readable=False)

    def _choose(self) -> None:
        folder = self.form.settings().folder
        path, _ = QFileDialog.getOpenFileName(
            self, self.tr("Restore a backup"), folder, self.tr("Backups (*.fabackup)")
        )
        passphrase = path and ask_passphrase(
            self.window(),
            self.tr("Passphrase of the backup"),
            self.tr("It was given when the backup was made."),
        )
        if passphrase:
            self._wait(True)
            job = partial(self._keeping.check_backup, self._access.actor, Path(path), passphrase)
            on_checked = partial(self._confirm, path, passphrase)
            run_in_background(job, on_checked, self._on_failed, self, lane=Lane.LONG)

    def _confirm(self, path: str, passphrase: str, facts: "BackupFacts") -> None:
        self._wait(False)
        people, rows = self.tr("%n people", "", facts.people), self.tr("%n rows of the log", "", facts.rows)
        explanation = self.tr(
            "It holds {0} and {1}. Whatever was recorded since is no longer in "
            "use; it is kept aside in the data folder. The door closes and the window opens again."
        ).format(people, rows)
        if not facts.is_closed:
            explanation = "\n\n".join((explanation, self.tr("It has no operators: anybody may use it then.")))
        if confirms(
            self,
            self.tr("Go back to the backup of {0}?").format(amounts.moment(facts.made_at)),
            explanation,
            verb=self.tr("Restore"),
            harmless=self.tr("Cancel"),
        ):
            self.restore_wanted.emit(path, passphrase)

    def _wait(self, is_waiting: bool) -> None:
        self.bar.setRange(0, 0)
        self.bar.setVisible(is_waiting)
        buttons = (self.now_button, self.restore_button)
        if is_waiting:
            # A button that is disabled hands the focus on to the next field, where typing would change it.
            self._pressed = next((button for button in buttons if button.hasFocus()), None)
            if self._pressed is not None:
                self._pressed.clearFocus()
        for button in buttons:
            button.setEnabled(not is_waiting)
        if not is_waiting and self._pressed is not None and self.window().focusWidget() is None:
            self._pressed.setFocus()

    def _on_failed(self, error: FaceAccessError) -> None:
        self._wait(False)
        self._notices.fail(error)


class RetentionCard(SettingsCard[RetentionSettings]):
    """The time each kind of personal data is kept, and the amount that would go now."""

    def __init__(
        self,
        access: "Access",
        keeping: "Keeping",
        policies: "Policies",
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(RetentionSettings(), access, policies, notices, parent)
        self._keeping = keeping
        self.note = wrapped("", self, "muted")
        self.column.addWidget(self.note)

    def load_facts(self) -> None:
        """Show how much would go now."""
        self.work.read(partial(_past_time, self._keeping, self._policies), self._show_counts)

    def _show_counts(self, counts: tuple[int, ...]) -> None:
        self.note.setText(
            self._due_message(*counts) if any(counts) else self.tr("Nothing is due for deletion now.")
        )

    def _due_message(self, unknown: int, crops: int, rows: int, left: int, hidden: int) -> str:
        return self.tr("Deleted within the hour: {0}, {1}, {2}, {3}, {4}.").format(
            self.tr("%n pictures of unknown people", "", unknown),
            self.tr("%n pictures of entries", "", crops),
            self.tr("%n rows of the log", "", rows),
            self.tr("%n people who have left", "", left),
            self.tr("%n deleted people and photos", "", hidden),
        )


def _past_time(keeping: "Keeping", policies: "Policies") -> tuple[int, ...]:
    """Return what is past its time, counted: unknown faces, pictures, rows, people who left, deletions."""
    past = keeping.preview_expiry(policies.read(RetentionSettings))
    return past.unknown_crops, past.crops, past.rows, past.leavers, past.deleted
