"""A policy of the site on a card: read, edited, and kept at once."""

from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from faceaccess.gui.layout import column
from faceaccess.gui.notices import Notices
from faceaccess.gui.widgets.settings_form import SettingsForm
from faceaccess.gui.work import Work

if TYPE_CHECKING:
    from faceaccess.store.access.access import Access
    from faceaccess.store.policy.forms import Policy
    from faceaccess.store.policy.policies import Policies

_Policy = TypeVar("_Policy", bound="Policy")


class SettingsCard(QWidget, Generic[_Policy]):
    """A form over one policy; `changed` says that another one is in force.

    What else a card shows goes under the form by `column`, is read in `load_facts`, and may ask before
    anything is kept by an `ask_first` of its own.
    """

    changed = Signal()

    def __init__(
        self,
        default: _Policy,
        access: "Access",
        policies: "Policies",
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        """Show nothing yet.

        Args:
            default: a policy of the kind that is edited.
            access: says who acts.
            policies: read and set.
            notices: where failures are told.
            parent: as Qt has it.
        """
        super().__init__(parent)
        self._kind, self._policies = type(default), policies
        self.form: SettingsForm[_Policy] = SettingsForm(default, parent=self)
        self.column = column(self.form, parent=self)
        self.work = Work(self, access, notices, reload=self.load)
        self.form.edited.connect(self.ask_first)
        self.form.refused.connect(notices.fail)

    def load(self) -> None:
        """Show what is in force."""
        self.work.read(partial(self._policies.read, self._kind), self.form.set_settings)
        self.load_facts()

    def load_facts(self) -> None:
        """Show what else there is to know."""

    def ask_first(self, policy: _Policy) -> None:
        """Keep what was edited, at once; a card for which that may do harm asks before it."""
        self.keep(policy)

    def keep(self, policy: _Policy, *, said: str = "") -> None:
        """Keep a policy, and show what is in force."""
        self.work.carry_out(self.work.by_actor(self._policies.set, policy), self._on_kept, said=said)

    def _on_kept(self, _: object) -> None:
        self.load()
        self.changed.emit()
