"""A dialog over one group of settings, which can be tried before it is saved."""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton, QWidget

from faceaccess.errors import FaceAccessError, SettingsError
from faceaccess.gui.background import Lane, run_in_background
from faceaccess.gui.layout import STRETCH, column, row, scrolling_down, wrapped
from faceaccess.gui.widgets.save_dialog import SaveDialog
from faceaccess.gui.widgets.settings_form import SettingsForm
from faceaccess.gui.wording import failures
from faceaccess.settings import Notification, Opening

_Output = TypeVar("_Output", bound=Notification | Opening)

_FIELD_PX = 400
_SIZE = QSize(640, 620)


class FormDialog(SaveDialog, Generic[_Output]):
    """Shows a `SettingsForm`; `settings` is the answer.

    Args:
        title: of the window.
        settings: the settings to edit; their `check` says whether they can be used.
        only: names of the fields to show.
        caution: a warning before saving; may be empty.
        try_label: of the button that tries the settings as they are.
        try_out: tries them; runs in the background and raises FaceAccessError.
        tried_message: shown when that went well.
    """

    def __init__(
        self,
        title: str,
        settings: _Output,
        *,
        only: tuple[str, ...],
        caution: str = "",
        try_label: str,
        try_out: Callable[[_Output], None],
        tried_message: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, parent)
        self._try_out, self._tried_message = try_out, tried_message
        self.form = SettingsForm(settings, only=only, help_px=_FIELD_PX, parent=self)
        for name in ("address", "secret"):
            self.form.editors[name].setMinimumWidth(_FIELD_PX)
        self.caution = wrapped(caution, self, "caution")
        self.caution.setVisible(bool(caution))
        self.try_button = QPushButton(try_label, self)
        self.tried = wrapped("", self)
        self.arrange(self.caution, self.form, self.try_button, self.tried)
        self.column.setStretchFactor(self.form, 1)
        self.resize(_SIZE)
        self.form.refused.connect(self._fail)
        self.form.edited.connect(self._forget)
        self.try_button.clicked.connect(self._try)

    def stand_beside(self, title: str, *others: QWidget) -> None:
        """Put the form under a title, and others beside it; both scroll where there is no room.

        Args:
            title: of the form.
            *others: from top to bottom.
        """
        own = (self.form, self.try_button, self.tried)
        for part in (*own, *others):
            self.column.removeWidget(part)
        inside = QWidget(self)
        left = column(wrapped(title, self, "heading"), *own, STRETCH, spacing=12)
        right = column(*others, STRETCH, spacing=12)
        row(left, right, parent=inside, spacing=40)
        self.column.insertWidget(0, scrolling_down(inside, self), 1)

    def settings(self) -> _Output:
        """Return the settings as they are now."""
        return self.form.settings()

    def refusal(self) -> str:
        """Return why the settings can't be used as they are."""
        try:
            self.settings().check()
        except SettingsError as error:
            return failures.whole(error)
        return ""

    def _try(self) -> None:
        refusal = self.refusal()
        self.problem.say(refusal)
        if refusal:
            return
        self.try_button.setEnabled(False)
        self._say(self.tr("Trying…"), "muted")
        settings = self.form.settings()
        run_in_background(lambda: self._try_out(settings), self._on_tried, self._fail, self, lane=Lane.DOOR)

    def _on_tried(self, _: object) -> None:
        self.try_button.setEnabled(True)
        self._say(self._tried_message, "good")

    def _forget(self, _: object) -> None:
        self._say("", "muted")
        self.problem.say("")

    def _fail(self, error: FaceAccessError) -> None:
        self.try_button.setEnabled(True)
        self._say("", "muted")
        self.problem.fail(error)

    def _say(self, said: str, role: str) -> None:
        self.tried.setProperty("role", role)
        self.tried.setText(said)
        self.tried.style().unpolish(self.tried)
        self.tried.style().polish(self.tried)
