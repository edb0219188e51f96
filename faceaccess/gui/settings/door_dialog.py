"""A dialog over one door: what opens it, and what it does about photos and screens."""

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from faceaccess.codes import LivenessMode, OpeningKind
from faceaccess.gui.layout import wrapped
from faceaccess.gui.widgets.form_dialog import FormDialog
from faceaccess.gui.widgets.settings_form import SettingsForm
from faceaccess.gui.wording.noop import translate
from faceaccess.settings import LivenessSettings, Opening

_HELP_PX = 300
_SIZE = QSize(1180, 620)
_FIELDS = ("kind", "address", "secret", "on_hex", "off_hex", "pulse_s")


class DoorDialog(FormDialog[Opening]):
    """Shows both; `settings` and `liveness` are the answer."""

    def __init__(
        self,
        door: str,
        opening: Opening,
        liveness: LivenessSettings,
        *,
        try_out: Callable[[Opening], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            translate("DoorDialog", "Set up {0}").format(door),
            opening,
            only=_FIELDS,
            try_label=translate("DoorDialog", "Open the door now"),
            try_out=try_out,
            tried_message=translate("DoorDialog", "The order was accepted. Did the door open?"),
            parent=parent,
        )
        self.liveness_form = SettingsForm(liveness, help_px=_HELP_PX, parent=self)
        photos = wrapped(self.tr("Photos and screens"), self, "heading")
        self.stand_beside(self.tr("What opens it"), photos, self.liveness_form, self.caution)
        self.resize(_SIZE)
        self.form.edited.connect(self._show_risk)
        self.liveness_form.edited.connect(self._on_liveness)
        self.liveness_form.refused.connect(self.problem.fail)
        self._show_risk()

    def liveness(self) -> LivenessSettings:
        """Return what the door does about photos and screens, as it is now."""
        return self.liveness_form.settings()

    def _on_liveness(self, _: object) -> None:
        self.problem.say("")
        self._show_risk()

    def _show_risk(self, _: object = None) -> None:
        """Say what a photo could do as things are, and who answers for it."""
        liveness = self.liveness()
        self.liveness_form.editors["limit"].setEnabled(liveness.mode is LivenessMode.IN_DOUBT)
        is_opened = self.settings().kind is not OpeningKind.NONE
        if liveness.mode is LivenessMode.ALWAYS or not is_opened:
            risk = ""
        elif liveness.is_risk_signed:
            risk = self.tr(
                "Somebody who holds up a photo of a person could open this door, and you answer for it: the "
                "log names whoever signs. Use it where that is acceptable, or where somebody watches."
            )
        else:
            risk = self.tr(
                "Somebody who holds up a photo of a person could open this door: ask everybody to turn their "
                "head, or sign that it may be opened by face alone."
            )
        self.caution.setText(risk)
        self.caution.setVisible(bool(risk))
