"""The access groups and holidays: add, change, remove."""

import secrets
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QFormLayout, QLineEdit, QMessageBox, QVBoxLayout, QWidget

from faceaccess.errors import FaceAccessError, SettingsError
from faceaccess.gui.background import run_in_background
from faceaccess.gui.notices import Notices
from faceaccess.gui.plain import plain
from faceaccess.gui.settings.group_dialog import GroupDialog
from faceaccess.gui.widgets.item_list import ItemList
from faceaccess.gui.widgets.settings_form import add_setting
from faceaccess.gui.wording import text
from faceaccess.store.access.types import AccessGroup, AccessRules

if TYPE_CHECKING:
    from faceaccess.workspace import Workspace

_NAMES_SHOWN = 10


class GroupList(QWidget):
    """One row per group, and the holidays below."""

    def __init__(self, workspace: "Workspace", notices: Notices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._notices = workspace, notices
        self._rules = AccessRules()
        self._doors: tuple[str, ...] = ()
        self.list = ItemList(
            self.tr("Add a group"),
            self,
            empty_words=self.tr("There are no groups: everybody who is enrolled may pass at any time."),
        )
        self.holidays = QLineEdit(self)
        self.holidays.setEnabled(False)
        form = QFormLayout()
        form.setHorizontalSpacing(24)
        words = self.tr("Days such as 2026-12-25, with commas between; only groups that say so pass on them.")
        add_setting(form, self.holidays, self.tr("Holidays"), words)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.list)
        column.addLayout(form)
        self.list.add_wanted.connect(self._add)
        self.list.edit_wanted.connect(self._edit_number)
        self.list.remove_wanted.connect(self._remove)
        self.holidays.editingFinished.connect(self._keep_holidays)

    def load(self) -> None:
        """Show the groups in force."""
        run_in_background(partial(_read, self._workspace), self._show, self._notices.fail, self)

    def _show(self, found: tuple[AccessRules, tuple[str, ...]]) -> None:
        self._rules, self._doors = found
        self.list.show_items([(group.name, text.group(group)) for group in self._rules.groups])
        self.holidays.setText(", ".join(sorted(day.isoformat() for day in self._rules.holidays)))
        self.holidays.setEnabled(True)

    def _add(self) -> None:
        name = self.tr("Group {0}").format(len(self._rules.groups) + 1)
        self._edit(AccessGroup(secrets.token_hex(4), name))

    def _edit_number(self, number: int) -> None:
        self._edit(self._rules.groups[number])

    def _edit(self, group: AccessGroup) -> None:
        # A door whose cameras were removed stays: without it the group could pass everywhere.
        doors = tuple(dict.fromkeys((*self._doors, *group.doors)))
        dialog = GroupDialog(group, doors, self.window())
        if dialog.exec() == QDialog.DialogCode.Accepted:
            groups = {each.group_id: each for each in self._rules.groups} | {group.group_id: dialog.group()}
            self._save(replace(self._rules, groups=tuple(groups.values())))
        dialog.deleteLater()

    def _remove(self, number: int) -> None:
        group = self._rules.groups[number]
        job = partial(names_set_free, self._workspace, group_id=group.group_id)
        run_in_background(job, partial(self._confirm_removal, group), self._on_failed, self)

    def _confirm_removal(self, group: AccessGroup, names: list[str]) -> None:
        question = self.tr("Remove the group {0}?").format(group.name)
        if may_set_free(self.window(), question, names):
            kept = tuple(each for each in self._rules.groups if each.group_id != group.group_id)
            self._save(replace(self._rules, groups=kept))

    def _keep_holidays(self) -> None:
        try:
            days = frozenset(
                date.fromisoformat(word.strip()) for word in self.holidays.text().split(",") if word.strip()
            )
        except ValueError:
            words = self.tr("A holiday is written as 2026-12-25.")
            self._on_failed(SettingsError(words))
            return
        if days != self._rules.holidays:
            self._save(replace(self._rules, holidays=days))

    def _save(self, rules: AccessRules) -> None:
        run_in_background(partial(_keep, self._workspace, rules), self._on_saved, self._on_failed, self)

    def _on_saved(self, found: tuple[AccessRules, tuple[str, ...]]) -> None:
        self._show(found)
        self._notices.notify(self.tr("Who may pass when is saved."), is_success=True)

    def _on_failed(self, error: FaceAccessError) -> None:
        self._notices.fail(error)
        self.load()


def names_set_free(
    workspace: "Workspace", *, group_id: str | None = None, person_id: str | None = None
) -> list[str]:
    """Return the names of people who could pass at any time after a change; see `Doors.set_free_by`."""
    freed = workspace.doors.set_free_by(group_id=group_id, person_id=person_id)
    return [workspace.people.get(each).name for each in freed]


def may_set_free(parent: QWidget, question: str, names: list[str]) -> bool:
    """Ask whether it is meant, and say who could pass at any time after it."""
    words = [question]
    if names:
        shown = ", ".join(names[:_NAMES_SHOWN]) + ("…" if len(names) > _NAMES_SHOWN else "")
        words.append(
            parent.tr("These people are in no other group and could pass at any time: {0}.").format(shown)
        )
    answer = QMessageBox.question(parent, parent.tr("Who may pass when"), plain("\n\n".join(words)))
    return answer == QMessageBox.StandardButton.Yes


def _read(workspace: "Workspace") -> tuple[AccessRules, tuple[str, ...]]:
    return workspace.policies.read(AccessRules), workspace.policies.doors()


def _keep(workspace: "Workspace", rules: AccessRules) -> tuple[AccessRules, tuple[str, ...]]:
    workspace.doors.set_access_rules(workspace.actor, rules)
    return _read(workspace)
