"""How each policy of the whole site is stored: its key, the right to set it, its plain values."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, time
from typing import Any

from faceaccess.codes import Right
from faceaccess.settings import (
    BackupSettings,
    ConsentSettings,
    DoorSettings,
    Notification,
    RetentionSettings,
    UpdateSettings,
)
from faceaccess.store import clock
from faceaccess.store.access.types import AccessGroup, AccessRules, Window
from faceaccess.store.policy.attendance_policy import AttendancePolicy, policy_from, policy_values
from faceaccess.store.policy.types import (
    Channels,
    DeskPinHash,
    HeadsFolder,
    LearnedModel,
    LearnedModels,
    ModelChoice,
)

Policy = (
    DoorSettings
    | Channels
    | AccessRules
    | AttendancePolicy
    | DeskPinHash
    | BackupSettings
    | RetentionSettings
    | ConsentSettings
    | HeadsFolder
    | ModelChoice
    | LearnedModels
    | UpdateSettings
)
Values = Mapping[str, Any]
"""Plain values, such as JSON gives; without any a policy is the default one."""

_RETIRED = frozenset({"dlib-resnet", "dlib-resnet-points"})
"""Models of earlier versions that can't decide any longer: the built-in one takes their place."""


@dataclass(frozen=True)
class Form:
    """How a policy is stored.

    Attributes:
        key: names it for good, in the table and in the journal.
        right: that setting it needs.
        read: makes it of plain values.
        values: makes plain values of it.
        check: raises `SettingsError` for one that can't be used.
    """

    key: str
    right: Right
    read: Callable[[Values], Any]
    values: Callable[[Any], Values]
    check: Callable[[Any], None] = lambda _policy: None


def _door(values: Values) -> DoorSettings:
    known = dict(values)
    # Kept by earlier versions, whose band was a distance of the former model's scale.
    if known.pop("uncertain_band", 0.0):
        known["asks_desk"] = True
    return DoorSettings.from_values(known)


def _notifications(values: Values) -> Channels:
    return Channels(tuple(Notification.from_values(channel) for channel in values.get("channels", ())))


def _notification_values(policy: Channels) -> Values:
    return {"channels": [channel.overrides() for channel in policy.channels]}


def _rules(values: Values) -> AccessRules:
    groups = (
        AccessGroup(
            group_id=group["group_id"],
            name=group["name"],
            windows=tuple(
                Window(frozenset(w["days"]), time.fromisoformat(w["start"]), time.fromisoformat(w["end"]))
                for w in group["windows"]
            ),
            doors=tuple(group["doors"]),
            on_holidays=group["on_holidays"],
        )
        for group in values.get("groups", ())
    )
    return AccessRules(tuple(groups), frozenset(map(date.fromisoformat, values.get("holidays", ()))))


def _rules_values(rules: AccessRules) -> Values:
    groups = [
        {
            "group_id": group.group_id,
            "name": group.name.strip(),
            "windows": [
                {"days": sorted(w.days), "start": w.start.isoformat(), "end": w.end.isoformat()}
                for w in group.windows
            ],
            "doors": list(group.doors),
            "on_holidays": group.on_holidays,
        }
        for group in rules.groups
    ]
    return {"groups": groups, "holidays": sorted(day.isoformat() for day in rules.holidays)}


def _models(values: Values) -> ModelChoice:
    since = values.get("since")
    active, candidate, former = (
        None if (name := values.get(role)) is None or name in _RETIRED else str(name)
        for role in ("model", "candidate", "former")
    )
    return ModelChoice(active, candidate, former, None if since is None else clock.from_text(str(since)))


def _learned(values: Values) -> LearnedModels:
    return LearnedModels(tuple(LearnedModel(**model) for model in values.get("models", ())))


def _learned_values(policy: LearnedModels) -> Values:
    return {"models": [asdict(model) for model in policy.models]}


def _models_values(choice: ModelChoice) -> Values:
    since = choice.tried_since
    values = {
        "model": choice.active,
        "candidate": choice.candidate,
        "former": choice.former,
        "since": None if since is None else clock.to_text(since),
    }
    return {name: value for name, value in values.items() if value is not None}


_SITE, _KEEP = Right.SET_POLICY, Right.KEEP

FORMS: Mapping[type[Any], Form] = {
    DoorSettings: Form("door", _SITE, _door, DoorSettings.overrides),
    Channels: Form("notifications", _SITE, _notifications, _notification_values, Channels.check),
    AccessRules: Form("access", _SITE, _rules, _rules_values, AccessRules.check),
    AttendancePolicy: Form("attendance", _SITE, policy_from, policy_values, AttendancePolicy.check),
    DeskPinHash: Form("kiosk", _SITE, lambda values: DeskPinHash(**values), asdict),
    BackupSettings: Form(
        "backups", _KEEP, BackupSettings.from_values, BackupSettings.overrides, BackupSettings.check
    ),
    RetentionSettings: Form("retention", _KEEP, RetentionSettings.from_values, RetentionSettings.overrides),
    ConsentSettings: Form("consent", _SITE, ConsentSettings.from_values, ConsentSettings.overrides),
    HeadsFolder: Form("heads", _SITE, lambda values: HeadsFolder(**values), asdict),
    LearnedModels: Form("learned_models", _SITE, _learned, _learned_values),
    ModelChoice: Form("active_model", _SITE, _models, _models_values),
    UpdateSettings: Form(
        "updates", _SITE, UpdateSettings.from_values, UpdateSettings.overrides, UpdateSettings.check
    ),
}
