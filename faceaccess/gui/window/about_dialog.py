"""About the program: its version, licence, data and model, and whether there is a newer version."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QWidget

from faceaccess import __version__, paths
from faceaccess.errors import FaceAccessError
from faceaccess.gui import icons
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.dialog_buttons import DialogButtons
from faceaccess.gui.layout import STRETCH, column, form, row, scrolling_down, wrapped
from faceaccess.gui.plain import Label
from faceaccess.gui.window.facts import ModelFacts
from faceaccess.gui.wording import failures
from faceaccess.settings import UpdateSettings
from faceaccess.upkeep import updates
from faceaccess.upkeep.updates import Standing, UpdateNews

if TYPE_CHECKING:
    from faceaccess.store.policy.policies import Policies

_WIDTH_PX, _MARGIN_PX, _NEWS_PX, _HIGHEST_PX = 560, 20, 200, 560
_NOTICES = "licences/NOTICES.txt"


class AboutDialog(QDialog):
    """Stays open while the program is used; `help_wanted` asks for the manual.

    Nothing is looked for until somebody presses the button, which is there where an admin set an address.
    """

    help_wanted = Signal()

    def __init__(self, policies: "Policies", data_dir: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About FaceAccess"))
        self._policies = policies
        self._notices, self._is_looking = _licence_texts(), False
        self.folder = self._fact(str(data_dir))
        self.model, self.device = self._fact(""), self._fact("")
        self.licence = self._fact(self.tr("MIT: free to use, change and pass on, without warranty"))
        self.look_button = self._button("refresh", self.tr("Look for a newer version"))
        self.licences_button = self._button("file", self.tr("Licences"))
        self.help_button = self._button("info", self.tr("Help"))
        self.said = wrapped("", self)
        self.more = wrapped("", self, "muted")
        self.changes = wrapped("", self)
        self.changes.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.area = scrolling_down(self.changes, self)
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the arrow keys scroll it
        self.area.setAccessibleName(self.tr("What is new"))
        self.buttons = DialogButtons(QDialogButtonBox.StandardButton.Close, self)
        self._arrange()
        self.setFixedWidth(_WIDTH_PX)
        self.licences_button.setVisible(self._notices is not None)
        self.look_button.hide()
        self._say("", "")
        self.look_button.clicked.connect(self._look)
        self.licences_button.clicked.connect(self._open_licences)
        self.help_button.clicked.connect(self.help_wanted)
        self.buttons.rejected.connect(self.reject)

    def _fact(self, text: str) -> Label:
        label = wrapped(text, self)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label

    def _button(self, icon: str, text: str) -> QPushButton:
        button = QPushButton(text, self)
        icons.set_icon(button, icon, 18)
        return button

    def _arrange(self) -> None:
        symbol, title = Label(self), Label("FaceAccess", self)
        icons.set_icon(symbol, "door", 48)
        title.setProperty("role", "title")
        version = Label(self.tr("Version {0}").format(__version__), self)
        version.setProperty("role", "muted")
        what = Label(self.tr("Staff attendance and access by face recognition."), self)
        facts = form()
        for name, label in (
            (self.tr("Licence"), self.licence),
            (self.tr("Data folder"), self.folder),
            (self.tr("Model in use"), self.model),
            (self.tr("Device in use"), self.device),
        ):
            label.setAccessibleName(name)
            facts.addRow(Label(name, self), label)
        self._column = column(
            row(symbol, column(title, version, spacing=2), STRETCH, spacing=14),
            what,
            facts,
            row(self.look_button, self.licences_button, self.help_button, STRETCH),
            self.said,
            self.area,
            self.more,
            self.buttons,
            parent=self,
            spacing=14,
            margin=_MARGIN_PX,
        )

    def show_facts(self, facts: ModelFacts | None) -> None:
        """Show the model and the device in use, and bring the dialog to the front; None: not loaded yet."""
        self.model.setText(facts.title if facts else self.tr("Not loaded"))
        self.device.setText(facts.device if facts else "–")
        run_in_background(partial(self._policies.read, UpdateSettings), self._offer, self._on_failed, self)
        if not self.isVisible():
            self.buttons.button(QDialogButtonBox.StandardButton.Close).setFocus()
        self.show()
        self.raise_()
        self.activateWindow()
        self._fit()

    def _offer(self, settings: UpdateSettings) -> None:
        """Offer to look where there is an address; what was read at another is no longer shown."""
        self.look_button.setVisible(settings.is_on)
        if not settings.is_on:
            self._say("", "")
        self._fit()

    def _look(self) -> None:
        if self._is_looking:
            return
        self._is_looking = True
        self._say(self.tr("Looking…"), "muted")
        run_in_background(
            partial(_news, self._policies), self._show_news, self._on_failed, self, lane=Lane.AWAY
        )

    def _show_news(self, news: UpdateNews) -> None:
        self._is_looking = False
        version = news.manifest.version
        if news.standing is Standing.NEWER:
            said = self.tr("Version {0} of {1} is newer than this one. What is new:")
            changes = "\n\n".join(f"• {line}" for line in news.manifest.changes)
            self._say(
                said.format(version, news.manifest.released_on.isoformat()),
                "strong",
                changes=changes or self.tr("Its makers say nothing about it."),
                more=self.tr("Installing is up to your IT: this program changes nothing by itself."),
            )
        elif news.standing is Standing.SAME:
            self._say(self.tr("This is the newest version."), "good")
        else:
            said = self.tr("Nothing to do: what is announced, version {0}, is older than this one.")
            more = self.tr("Somebody may have put an old file at the address. Tell IT.")
            self._say(said.format(version), "caution", more=more)

    def _on_failed(self, error: FaceAccessError) -> None:
        self._is_looking = False
        self._say(failures.message(error), "bad", more=failures.hint(error))

    def _say(self, said: str, role: str, *, changes: str = "", more: str = "") -> None:
        for label, text in ((self.said, said), (self.changes, changes), (self.more, more)):
            label.setText(text)
        self.said.setProperty("role", role)
        self.said.style().unpolish(self.said)
        self.said.style().polish(self.said)
        for widget, text in ((self.said, said), (self.area, changes), (self.more, more)):
            widget.setVisible(bool(text))
        self._fit()

    def _fit(self) -> None:
        """Be as high as what is said needs; a long list of changes scrolls."""
        inside_px = _WIDTH_PX - 2 * (_MARGIN_PX + self.area.frameWidth())
        needed_px = self.changes.heightForWidth(inside_px) + 2 * self.area.frameWidth()
        self.area.setFixedHeight(min(max(needed_px, 0), _NEWS_PX))
        self._column.activate()
        # With a larger font, the list gives way: the dialog has to stand on a screen of 600 px.
        over_px = max(self._column.totalHeightForWidth(_WIDTH_PX) - _HIGHEST_PX, 0)
        self.area.setFixedHeight(max(self.area.height() - over_px, 0))
        self._column.activate()
        self.resize(_WIDTH_PX, self._column.totalHeightForWidth(_WIDTH_PX))

    def _open_licences(self) -> None:
        if self._notices is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._notices)))


def _licence_texts() -> Path | None:
    """Return the licences of the program's parts; None in one that was not installed from a package."""
    try:
        return paths.resource(_NOTICES)
    except FaceAccessError:
        return None


def _news(policies: "Policies") -> UpdateNews:
    """Read the news at the address set now. Called on a worker."""
    return updates.look(policies.read(UpdateSettings))
