"""How far the trial of a model is, and what can be done about it."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from faceaccess.gui.plain import Label
from faceaccess.gui.wording import failures

if TYPE_CHECKING:
    from faceaccess.models.trial import TrialState


class ModelTrialView(QWidget):
    """Shows a `TrialState`; `wanted` names what was clicked: compare, switch or stop."""

    action_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.progress = Label(self)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.agreement = Label(self)
        self.problem = Label(self)
        self.problem.setProperty("role", "caution")
        for label in (self.progress, self.agreement, self.problem):
            label.setWordWrap(True)
        self.switch_button = QPushButton(self.tr("Switch to it"), self)
        self.switch_button.setProperty("role", "primary")
        self.compare_button = QPushButton(self.tr("Disagreements…"), self)
        self.stop_button = QPushButton(self)
        buttons = QHBoxLayout()
        for key, button in (
            ("switch", self.switch_button),
            ("compare", self.compare_button),
            ("stop", self.stop_button),
        ):
            button.clicked.connect(partial(self.action_chosen.emit, key))
            buttons.addWidget(button)
        buttons.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 4)
        column.setSpacing(6)
        for widget in (self.progress, self.bar, self.agreement, self.problem):
            column.addWidget(widget)
        column.addLayout(buttons)

    def show_state(self, state: "TrialState") -> None:
        """Show how far it is."""
        known = state.readiness
        text = self.tr("{0} of %n people ready", "", known.people).format(known.ready)
        self.progress.setText(text)
        self.bar.setRange(0, max(known.people, 1))
        self.bar.setValue(known.ready if known.people else 1)
        self.bar.setAccessibleName(text)
        self.bar.setVisible(not state.is_ready)
        self.agreement.setText(self._agreement(state))
        self.problem.setText(self._problem(state))
        self.problem.setVisible(bool(self.problem.text()))
        is_working = state.is_working and not state.is_ready
        self.stop_button.setText(self.tr("Cancel") if is_working else self.tr("Stop trying"))
        self.switch_button.setEnabled(not is_working and state.policy is not None)
        self.compare_button.setEnabled(state.counts.disagreed > 0)

    def _agreement(self, state: "TrialState") -> str:
        counts = state.counts
        if not counts.compared:
            return self.tr("Nothing to compare yet: it decides about each entry at the door from now on.")
        said = self.tr("Said the same as the model in use of {0} of %n entries", "", counts.compared)
        parts = [said.format(counts.agreed)]
        if counts.by_picture:
            parts.append(self.tr("%n neither would have told from one picture", "", counts.by_picture))
        if counts.not_compared:
            parts.append(self.tr("%n were not compared", "", counts.not_compared))
        return self.tr("{0}.").format("; ".join(parts))

    def _problem(self, state: "TrialState") -> str:
        if state.failure is not None:
            return failures.whole(state.failure)
        if state.policy is None and state.candidate is not None:
            return self.tr(
                "It has no threshold yet, so it decides nothing. Set one: faceaccess models threshold {0}"
            ).format(state.candidate)
        return ""
