"""The access groups and holidays: add, change, remove."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QWidget

from faceaccess.door.groups import new_group
from faceaccess.errors import SettingsError
from faceaccess.gui.confirming import confirms
from faceaccess.gui.layout import form
from faceaccess.gui.notices import Notices
from faceaccess.gui.settings.group_dialog import GroupDialog
from faceaccess.gui.widgets.settings_form import add_setting
from faceaccess.gui.widgets.setup_list import SetupList, SetupTexts
from faceaccess.gui.wording import setups
from faceaccess.gui.wording.noop import translate
from faceaccess.store.access.types import AccessGroup, AccessRules

if TYPE_CHECKING:
    from faceaccess.door.doors import Doors
    from faceaccess.store.access.access import Access
    from faceaccess.store.people.people import People
    from faceaccess.store.policy.policies import Policies

_NAMES_SHOWN = 10


class GroupList(SetupList[AccessGroup, GroupDialog]):
    """Lists groups, one row each, with the holidays below."""

    def __init__(
        self,
        access: "Access",
        people: "People",
        doors: "Doors",
        policies: "Policies",
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(access, notices, parent)
        self._people, self._doors, self._policies, self._notices = people, doors, policies, notices
        self._door_names: tuple[str, ...] = ()
        self._holidays: frozenset[date] = frozenset()
        self.holidays = QLineEdit(self)
        self.holidays.setEnabled(False)
        fields = form()
        advice = self.tr(
            "Days such as 2026-12-25, separated by commas; only groups that allow it pass on them."
        )
        add_setting(fields, self.holidays, self.tr("Holidays"), advice)
        self.column.addLayout(fields)
        self.holidays.editingFinished.connect(self._keep_holidays)

    def wording(self) -> SetupTexts:
        """Return the list's texts."""
        return SetupTexts(
            saved=self.tr("The access groups are saved."),
            add=self.tr("Add a group"),
            empty=self.tr("There are no groups: everybody who is enrolled may pass at any time."),
        )

    def read(self) -> tuple[AccessGroup, ...]:
        """Return the groups in force, and take note of doors and holidays."""
        rules, self._door_names = self._policies.read(AccessRules), self._policies.doors()
        self._holidays = rules.holidays
        return rules.groups

    def show_items(self, items: Sequence[AccessGroup]) -> None:
        """Show the groups, and the holidays."""
        super().show_items(items)
        self.holidays.setText(", ".join(sorted(day.isoformat() for day in self._holidays)))
        self.holidays.setEnabled(True)

    def facts(self, item: AccessGroup) -> tuple[str, str]:
        """Return a group's name, and when and where its members may pass."""
        return item.name, setups.group(item)

    def new(self) -> AccessGroup:
        """Return a group whose members may pass at any time."""
        return new_group(self.tr("Group {0}").format(len(self.items) + 1))

    def dialog(self, item: AccessGroup) -> GroupDialog:
        """Return the dialog over a group."""
        # A door whose cameras were removed stays: without it the group could pass everywhere.
        return GroupDialog(item, tuple(dict.fromkeys((*self._door_names, *item.doors))), self.window())

    def put(self, item: AccessGroup, dialog: GroupDialog) -> None:
        """Store a group."""
        self.keep(self.work.by_actor(self._doors.groups.put, dialog.group()))

    def remove(self, item: AccessGroup) -> None:
        """Remove a group, after naming the people who could pass at any time then, and asking."""
        read = partial(names_set_free, self._people, self._doors, group_id=item.group_id)
        self.work.carry_out(read, partial(self._confirm_removal, item))

    def _confirm_removal(self, group: AccessGroup, names: list[str]) -> None:
        question = self.tr("Remove the group {0}?").format(group.name)
        if may_set_free(self, question, names, verb=self.tr("Remove")):
            self.keep(self.work.by_actor(self._doors.groups.remove, group.group_id))

    def _keep_holidays(self) -> None:
        try:
            days = frozenset(
                date.fromisoformat(day.strip()) for day in self.holidays.text().split(",") if day.strip()
            )
        except ValueError:
            self._notices.fail(SettingsError(self.tr("A holiday is written as 2026-12-25.")))
            self.load()
            return
        if days != self._holidays:
            self.keep(self.work.by_actor(self._doors.groups.set_holidays, days))


def names_set_free(
    people: "People", doors: "Doors", *, group_id: str | None = None, person_id: str | None = None
) -> list[str]:
    """Return the names of people who could pass at any time after a change; see `Groups.set_free_by`."""
    freed = doors.groups.set_free_by(group_id=group_id, person_id=person_id)
    return [people.get(freed_id).name for freed_id in freed]


def may_set_free(parent: QWidget, question: str, names: list[str], *, verb: str) -> bool:
    """Ask for confirmation, naming the people who could pass at any time after the change."""
    explanation = ""
    if names:
        shown = ", ".join(names[:_NAMES_SHOWN]) + ("…" if len(names) > _NAMES_SHOWN else "")
        explanation = translate(
            "GroupList", "These people are in no other group and could pass at any time: {0}."
        ).format(shown)
    return confirms(
        parent,
        question,
        explanation,
        verb=verb,
        harmless=translate("GroupList", "Leave it as it is"),
    )
