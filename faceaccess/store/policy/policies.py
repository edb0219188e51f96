"""What has been decided about deciding: the door, the numbers of each model, the model in use."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, time
from typing import Any

from sqlite_utils import Database as SqliteDatabase

from faceaccess.codes import JournalKind, Right
from faceaccess.errors import SettingsError, Text
from faceaccess.plain_text import has_hidden
from faceaccess.settings import (
    BackupSettings,
    CameraSettings,
    ConsentSettings,
    DoorSettings,
    Notification,
    Opening,
    RetentionSettings,
)
from faceaccess.store import clock
from faceaccess.store.access.roles import needs
from faceaccess.store.access.types import AccessGroup, AccessRules, Actor, Window
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.policy import door_names
from faceaccess.store.policy.attendance_policy import AttendancePolicy, policy_from, policy_values
from faceaccess.store.policy.types import Baseline, ModelChoice, StoredMatch

_DOOR = "door"
_CAMERAS = "cameras"
_NOTIFICATIONS = "notifications"
_OPENING = "opening:"
_ACCESS = "access"
_ATTENDANCE = "attendance"
_KIOSK = "kiosk"
_HEADS = "heads"
_BACKUPS = "backups"
_RETENTION = "retention"
_CONSENT = "consent"
_BASELINE = "baseline:"
_ACTIVE_MODEL = "active_model"
_MATCH = "match:"
_RETIRED = frozenset({"dlib-resnet", "dlib-resnet-points"})
"""Models of earlier versions that can't decide any longer: the built-in one takes their place."""

_GREATEST_DISTANCE = 4.0


class Policies:
    """Reads and sets policies; each change is journalled with it, what changes nothing is not."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self.database = database
        self._journal = journal

    def door(self) -> DoorSettings:
        """Return when a face becomes an entry.

        Raises:
            SettingsError: what is stored can't be used by this program.
        """
        values = dict(self._value(_DOOR))
        # Kept by earlier versions, whose band was a distance of the former model's scale.
        if values.pop("uncertain_band", 0.0):
            values["asks_desk"] = True
        return DoorSettings.from_values(values)

    @needs(Right.SET_POLICY)
    def set_door(self, actor: Actor, settings: DoorSettings) -> None:
        """Set when a face becomes an entry; unknown faces that are no longer to be kept go at once."""
        with self.database.transaction() as db:
            self._set(actor, _DOOR, settings.overrides())
            gone = 0
            if not settings.keep_unknown_h:
                gone = db.execute("DELETE FROM visitor_faces").rowcount
        if gone:
            self.database.overwrite_freed()

    def cameras(self) -> tuple[CameraSettings, ...]:
        """Return the cameras, at least one: until somebody sets them up, the first webcam.

        Raises:
            SettingsError: what is stored can't be used by this program.
        """
        stored = self._value(_CAMERAS).get("cameras")
        if not isinstance(stored, list) or not stored:
            return (CameraSettings(),)
        return tuple(CameraSettings.from_values(values) for values in stored)

    @needs(Right.SET_POLICY)
    def set_cameras(self, actor: Actor, cameras: Sequence[CameraSettings]) -> None:
        """Set the cameras; what opens a door and who may pass it go with it when it is renamed.

        Raises:
            SettingsError: there is none, or two have one name: the log could not tell them apart.
        """
        if not cameras:
            raise SettingsError("A door needs a camera.", "Change this one instead of removing it.")
        names = [camera.name.casefold() for camera in cameras]
        ids = [camera.camera_id for camera in cameras]
        if len(set(names)) < len(names) or len(set(ids)) < len(ids):
            twice = next(camera.name for camera in cameras if names.count(camera.name.casefold()) > 1)
            raise SettingsError(
                "Two cameras are called {name}.", "Give one of them another name.", name=twice
            )
        cameras = door_names.with_one_spelling(cameras)
        with self.database.transaction():
            renamed = door_names.renamed(self.cameras(), cameras)
            openings = {new: self.opening(old) for old, new in renamed.items()}
            for old in renamed:
                self._set_opening(actor, old, Opening())
            self._set(actor, _CAMERAS, {"cameras": [camera.overrides() for camera in cameras]})
            for new, opening in openings.items():
                self._set_opening(actor, new, opening)
            rules = self.access_rules()
            if (changed := door_names.with_doors_renamed(rules, renamed)) != rules:
                self._set(actor, _ACCESS, _values_of(changed))

    def doors(self) -> tuple[str, ...]:
        """Return the names of the doors that cameras look at."""
        return tuple(dict.fromkeys(camera.door for camera in self.cameras()))

    def baseline(self, camera_id: str) -> Baseline | None:
        """Return how faces looked at a camera's set-up; None when nobody measured it."""
        stored = self._value(_BASELINE + camera_id)
        return Baseline(**{name: float(str(value)) for name, value in stored.items()}) if stored else None

    @needs(Right.SET_POLICY)
    def set_baseline(self, actor: Actor, camera_id: str, baseline: Baseline) -> None:
        """Keep how faces look at a camera now."""
        self._set(actor, _BASELINE + camera_id, asdict(baseline))

    def notifications(self) -> tuple[Notification, ...]:
        """Return the programs that are told of entries and camera faults."""
        stored = self._value(_NOTIFICATIONS).get("channels", [])
        assert isinstance(stored, list)
        return tuple(Notification.from_values(values) for values in stored)

    @needs(Right.SET_POLICY)
    def set_notifications(self, actor: Actor, channels: Sequence[Notification]) -> None:
        """Set the programs that are told.

        Raises:
            SettingsError: one of them could not be told as it is set up.
        """
        for channel in channels:
            channel.check()
        self._set(actor, _NOTIFICATIONS, {"channels": [channel.overrides() for channel in channels]})

    def opening(self, door: str) -> Opening:
        """Return what opens a door."""
        return Opening.from_values(self._value(self._opening_key(door)))

    @needs(Right.SET_POLICY)
    def set_opening(self, actor: Actor, door: str, opening: Opening) -> None:
        """Set what opens a door.

        Raises:
            SettingsError: it could not be opened so, or no camera looks at a door of this name.
        """
        opening.check()
        self._set_opening(actor, self._known_door(door), opening)

    def _set_opening(self, actor: Actor, door: str, opening: Opening) -> None:
        self._set(actor, self._opening_key(door), opening.overrides())

    def _opening_key(self, door: str) -> str:
        """Return the key of a door's opening as it is stored: names are the same without case."""
        with self.database.reader() as db:
            rows = db.execute("SELECT key FROM policies WHERE key LIKE ?", [_OPENING + "%"]).fetchall()
        return door_names.spelled((key for (key,) in rows), _OPENING + door) or _OPENING + door

    def _known_door(self, door: str) -> str:
        name = door_names.spelled(self.doors(), door)
        if name is None:
            raise SettingsError(
                "No camera looks at a door named {door!r}.",
                "There are: {doors}.",
                door=door,
                doors=", ".join(self.doors()),
            )
        return name

    def access_rules(self) -> AccessRules:
        """Return who may pass when."""
        return _rules_from(self._value(_ACCESS))

    @needs(Right.SET_POLICY)
    def set_access_rules(self, actor: Actor, rules: AccessRules) -> None:
        """Set who may pass when.

        Raises:
            SettingsError: two groups have one name, a group or window could never let in, or a
                door is named that no camera looks at.
        """
        names = [group.name.strip().casefold() for group in rules.groups]
        if len(set(names)) < len(names) or "" in names:
            raise SettingsError("Each group needs a name of its own.")
        if any(has_hidden(name) for name in names):
            raise SettingsError("A group's name contains a control character.", "Type it again by hand.")
        if any(not window.days for group in rules.groups for window in group.windows):
            raise SettingsError("A time window needs at least one weekday.")
        # One whose cameras were removed since may stay: without it the group could pass everywhere.
        kept = {door for group in self.access_rules().groups for door in group.doors}
        groups = tuple(
            replace(
                group,
                doors=tuple(door if door in kept else self._known_door(door) for door in group.doors),
            )
            for group in rules.groups
        )
        self._set(actor, _ACCESS, _values_of(replace(rules, groups=groups)))

    def attendance(self) -> AttendancePolicy:
        """Return how attendance is counted."""
        return policy_from(self._value(_ATTENDANCE))

    @needs(Right.SET_POLICY)
    def set_attendance(self, actor: Actor, policy: AttendancePolicy) -> None:
        """Set how attendance is counted.

        Raises:
            SettingsError: a zone that doesn't exist, or a report that can't be written.
        """
        policy.check()
        self._set(actor, _ATTENDANCE, policy_values(policy))

    def desk_pin_hash(self) -> str:
        """Return the digest of the PIN that ends the kiosk; "" when there is none."""
        return str(self._value(_KIOSK).get("secret", ""))

    @needs(Right.SET_POLICY)
    def set_desk_pin_hash(self, actor: Actor, digest: str) -> None:
        """Keep the digest of the PIN that ends the kiosk."""
        self._set(actor, _KIOSK, {"secret": digest})

    def backups(self) -> BackupSettings:
        """Return which backups are made by themselves."""
        return BackupSettings.from_values(self._value(_BACKUPS))

    @needs(Right.KEEP)
    def set_backups(self, actor: Actor, settings: BackupSettings) -> None:
        """Set which backups are made by themselves; the passphrase is not in the journal.

        Raises:
            SettingsError: they could not be made so.
        """
        if settings.every_h and not (settings.folder and settings.secret):
            raise SettingsError("Backups need a folder and a passphrase.", "Give both, or set Every to 0.")
        self._set(actor, _BACKUPS, settings.overrides())

    def retention(self) -> RetentionSettings:
        """Return how long personal data is kept."""
        return RetentionSettings.from_values(self._value(_RETENTION))

    @needs(Right.KEEP)
    def set_retention(self, actor: Actor, settings: RetentionSettings) -> None:
        """Set how long personal data is kept."""
        self._set(actor, _RETENTION, settings.overrides())

    def consent(self) -> ConsentSettings:
        """Return how long a consent holds."""
        return ConsentSettings.from_values(self._value(_CONSENT))

    @needs(Right.SET_POLICY)
    def set_consent(self, actor: Actor, settings: ConsentSettings) -> None:
        """Set how long a consent holds, of those that are recorded from now on."""
        self._set(actor, _CONSENT, settings.overrides())

    def heads_folder(self) -> str:
        """Return the folder where the journal's end is kept each day; "" while there is none."""
        return str(self._value(_HEADS).get("folder", ""))

    @needs(Right.SET_POLICY)
    def set_heads_folder(self, actor: Actor, folder: str) -> None:
        """Keep the journal's end in a folder each day; "" keeps it nowhere."""
        self._set(actor, _HEADS, {"folder": folder})

    def match(self, model_id: str) -> StoredMatch | None:
        """Return the numbers that an operator set for a model; None when nobody did."""
        value = self._value(_MATCH + model_id)
        if not value:
            return None
        return StoredMatch(
            model_id,
            float(str(value["threshold"])),
            float(str(value["margin"])),
            str(value["source"]),
            int(str(value.get("people", 0))),
        )

    @needs(Right.SET_POLICY)
    def set_match(self, actor: Actor, match: StoredMatch) -> None:
        """Set the numbers that decide for a model.

        Raises:
            SettingsError: a number outside 0 to 4.
        """
        for name, number in ((Text("threshold"), match.threshold), (Text("margin"), match.margin)):
            if not 0 <= number <= _GREATEST_DISTANCE:
                raise SettingsError(
                    "The {name} is {number}; it must be 0 to {greatest:g}.",
                    name=name,
                    number=number,
                    greatest=_GREATEST_DISTANCE,
                )
        value = {
            "threshold": float(match.threshold),
            "margin": float(match.margin),
            "source": match.source,
            "people": match.people,
        }
        self._set(actor, _MATCH + match.model_id, value)

    @needs(Right.SET_POLICY)
    def forget_match(self, actor: Actor, model_id: str) -> None:
        """Let the measured numbers of a model decide again."""
        self._set(actor, _MATCH + model_id, {})

    def models(self) -> ModelChoice:
        """Return which models are in use."""
        value = self._value(_ACTIVE_MODEL)
        since = value.get("since")
        return ModelChoice(
            active=_model(value.get("model")),
            candidate=_model(value.get("candidate")),
            former=_model(value.get("former")),
            tried_since=None if since is None else clock.from_text(str(since)),
        )

    def active_model(self) -> str | None:
        """Return the model chosen by an operator; None when nobody chose one."""
        return self.models().active

    @needs(Right.SET_POLICY)
    def set_models(self, actor: Actor, choice: ModelChoice) -> None:
        """Choose the models that decide, are tried and are kept, all at once."""
        since = choice.tried_since
        value = {
            "model": choice.active,
            "candidate": choice.candidate,
            "former": choice.former,
            "since": None if since is None else clock.to_text(since),
        }
        self._set(actor, _ACTIVE_MODEL, {name: part for name, part in value.items() if part is not None})

    @needs(Right.SET_POLICY)
    def set_active_model(self, actor: Actor, model: str) -> None:
        """Choose the model that decides from now on; none is tried or kept beside it."""
        self.set_models(actor, ModelChoice(active=model))

    def _value(self, key: str) -> dict[str, object]:
        with self.database.reader() as db:
            return _read(db, key)

    def _set(self, actor: Actor, key: str, value: Mapping[str, object]) -> None:
        text = json.dumps(value, sort_keys=True)
        with self.database.transaction() as db:
            before, value = _read(db, key), json.loads(text)
            if before == value:
                return
            db.execute(
                "INSERT INTO policies (key, value) VALUES (?, ?)"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                [key, text],
            )
            self._journal.record(
                actor,
                JournalKind.POLICY_CHANGED,
                details={
                    "policy": key,
                    "before": _without_password(before),
                    "after": _without_password(value),
                },
            )


def _model(name: object) -> str | None:
    """Return the name of a model that there still is, or None."""
    return None if name in _RETIRED else _text(name)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _values_of(rules: AccessRules) -> dict[str, object]:
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


def _rules_from(values: Mapping[str, Any]) -> AccessRules:
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


def _read(db: SqliteDatabase, key: str) -> dict[str, object]:
    row = db.execute("SELECT value FROM policies WHERE key = ?", [key]).fetchone()
    if row is None:
        return {}
    value = json.loads(row[0])
    assert isinstance(value, dict)
    return value


def _without_password(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a policy without secrets and the accounts in addresses: a journal row can't be erased."""
    if isinstance(value, Mapping):
        return {key: "***" if key == "secret" else _without_password(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_without_password(part) for part in value]
    return re.sub(r"//.*@", "//***@", value) if isinstance(value, str) else value
