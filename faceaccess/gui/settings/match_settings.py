"""Threshold and margin as numbers, beside those measured for the model."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QPushButton, QWidget

from faceaccess.gui.door.threshold_question import may_use
from faceaccess.gui.notices import Notices
from faceaccess.gui.plain import Label
from faceaccess.gui.widgets.settings_form import StillDoubleSpinBox, add_setting
from faceaccess.gui.window.facts import ModelFacts
from faceaccess.gui.wording import amounts
from faceaccess.gui.wording.counts import Counts
from faceaccess.gui.work import Work

if TYPE_CHECKING:
    from faceaccess.models.models import Models
    from faceaccess.store.access.access import Access


class MatchSettings(QWidget):
    """Saves both numbers at once; `changed` announces new ones."""

    changed = Signal()

    def __init__(
        self, access: "Access", models: "Models", notices: Notices, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._models = models
        self._work = Work(self, access, notices, reload=self._show_again)
        self._facts: ModelFacts | None = None
        self.threshold = _distance_box()
        self.margin = _distance_box()
        self.note = Label(self)
        self.note.setWordWrap(True)
        self.note.setProperty("role", "muted")
        self.reset_button = QPushButton(self.tr("Back to defaults"), self)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(24)
        form.setVerticalSpacing(4)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        for box, label, help_text in (
            (self.threshold, self.tr("Threshold"), self.tr("Greatest distance at which a face is accepted.")),
            (
                self.margin,
                self.tr("Margin"),
                self.tr("Least lead over the next person; guards against look-alikes."),
            ),
        ):
            add_setting(form, box, label, help_text)
        form.addRow("", self.note)
        form.addRow("", self.reset_button)
        self.note.setMinimumWidth(520)
        self.threshold.editingFinished.connect(self._save)
        self.margin.editingFinished.connect(self._save)
        self.reset_button.clicked.connect(self._reset)
        self.take_facts(None)

    def take_facts(self, facts: ModelFacts | None) -> None:
        """Show the numbers in force and those that were measured; None while they are not known."""
        self._facts = facts
        policy, default = (facts.match, facts.default) if facts else (None, None)
        for box, value in (
            (self.threshold, policy.threshold if policy else 0.0),
            (self.margin, policy.margin if policy else 0.0),
        ):
            box.setEnabled(facts is not None)
            box.blockSignals(True)
            box.setValue(value)
            box.blockSignals(False)
        self.reset_button.setEnabled(default is not None)
        note = self.tr("Nothing has been measured for this model yet.") if facts else ""
        if default is not None:
            sentence = self.tr("Measured for this model with {0} enrolled: threshold {1}, margin {2}. {3}")
            note = sentence.format(
                Counts().people(default.people),
                amounts.distance(default.threshold),
                amounts.distance(default.margin),
                default.source,
            )
        if policy is not None and default is not None and policy.is_outdated(default.people):
            note = self.tr("The threshold was set for {0}: look at it again. {1}").format(
                Counts().people(policy.people), note
            )
        self.note.setText(note)

    def _save(self) -> None:
        policy = self._facts.match if self._facts else None
        policy_shown = round(self.threshold.value(), 3), round(self.margin.value(), 3)
        if self._facts is None or (
            policy and policy_shown == (round(policy.threshold, 3), round(policy.margin, 3))
        ):
            return
        is_moved = policy is None or policy_shown[0] != round(policy.threshold, 3)
        if is_moved and not may_use(self, policy_shown[0], self._facts.default):
            self._show_again()
            return
        save = self._work.by_actor(self._models.thresholds.save, *policy_shown)
        self._work.carry_out(save, self._on_saved, said=self.tr("Threshold and margin are saved."))

    def _reset(self) -> None:
        default = self._facts.default if self._facts else None
        if default is not None:
            self.threshold.setValue(default.threshold)
            self.margin.setValue(default.margin)
            self._save()

    def _on_saved(self, _: object) -> None:
        self.changed.emit()

    def _show_again(self) -> None:
        self.take_facts(self._facts)


def _distance_box() -> StillDoubleSpinBox:
    box = StillDoubleSpinBox()
    box.setRange(0.0, 4.0)
    box.setDecimals(3)
    box.setSingleStep(0.005)
    box.setKeyboardTracking(False)
    return box
