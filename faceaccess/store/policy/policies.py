"""The site's policies, and those of one camera, door or model."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, TypeVar

from sqlite_utils import Database as SqliteDatabase

from faceaccess.codes import JournalKind, OpeningKind, Right
from faceaccess.errors import SettingsError
from faceaccess.settings import (
    CameraSettings,
    DoorSettings,
    LivenessSettings,
    Opening,
)
from faceaccess.store.access.roles import needs, require
from faceaccess.store.access.types import AccessRules, Actor
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.policy import door_names
from faceaccess.store.policy.forms import FORMS, Policy
from faceaccess.store.policy.types import Baseline, StoredMatch, ThresholdEvidence

_CAMERAS = "cameras"
_OPENING = "opening:"
_LIVENESS = "liveness:"
_BASELINE = "baseline:"
_MATCH = "match:"

_P = TypeVar("_P", bound=Policy)


class Policies:
    """Reads and sets policies; each change is journalled with it, and setting the same is not.

    Those of the whole site are read by their type. Cameras, and what belongs to one of them, to a door or
    to a model, have methods of their own: 13 public methods, because the two of a door are set together.
    """

    def __init__(self, database: Database, journal: Journal) -> None:
        self.database = database
        self._journal = journal

    def read(self, kind: type[_P]) -> _P:
        """Return a policy of the whole site; until somebody sets it, the default one.

        Raises:
            SettingsError: what is stored can't be used by this program.
        """
        form = FORMS[kind]
        policy: _P = form.read(self._value(form.key))
        return policy

    def set(self, actor: Actor, policy: Policy) -> None:
        """Set a policy of the whole site, by the right that its form names.

        Raises:
            PermissionDenied: the actor hasn't that right.
            SettingsError: it can't be used as it is, or names a door that no camera looks at.
        """
        form = FORMS[type(policy)]
        require(self.database, actor, form.right)
        form.check(policy)
        if isinstance(policy, AccessRules):
            policy = self._with_known_doors(policy)
        gone = 0
        with self.database.transaction() as db:
            self._set(actor, form.key, form.values(policy))
            if isinstance(policy, DoorSettings) and not policy.keep_unknown_h:
                # Unknown faces that are no longer to be kept go at once.
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
        """Set the cameras; a renamed door keeps its opening and its access rules.

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
            moved = {new: (self.opening(old), self.liveness(old)) for old, new in renamed.items()}
            for old in renamed:
                self._set_door(actor, old, Opening(), LivenessSettings())
            self._set(actor, _CAMERAS, {"cameras": [camera.overrides() for camera in cameras]})
            for new, policies in moved.items():
                self._set_door(actor, new, *policies)
            rules = self.read(AccessRules)
            if (changed := door_names.with_doors_renamed(rules, renamed)) != rules:
                form = FORMS[AccessRules]
                self._set(actor, form.key, form.values(changed))

    def doors(self) -> tuple[str, ...]:
        """Return the names of the doors that cameras look at."""
        return tuple(dict.fromkeys(camera.door for camera in self.cameras()))

    def baseline(self, camera_id: str) -> Baseline | None:
        """Return the baseline of a camera's set-up; None when nobody measured it."""
        stored = self._value(_BASELINE + camera_id)
        return Baseline(**{name: float(str(value)) for name, value in stored.items()}) if stored else None

    @needs(Right.SET_POLICY)
    def set_baseline(self, actor: Actor, camera_id: str, baseline: Baseline) -> None:
        """Store the baseline of a camera."""
        self._set(actor, _BASELINE + camera_id, asdict(baseline))

    def opening(self, door: str) -> Opening:
        """Return the opening of a door."""
        return Opening.from_values(self._value(self._door_key(_OPENING, door)))

    def liveness(self, door: str) -> LivenessSettings:
        """Return what a door does about photos and screens."""
        return LivenessSettings.from_values(self._value(self._door_key(_LIVENESS, door)))

    @needs(Right.SET_POLICY)
    def set_door(self, actor: Actor, door: str, opening: Opening, liveness: LivenessSettings) -> None:
        """Set what opens a door, and what it does about photos and screens.

        A door that a face may open asks everybody to turn their head, or an admin answers for the risk. A
        folder of an older program may have others, which stay as they are until somebody changes them.

        Raises:
            SettingsError: it could not be opened so, no camera looks at a door of this name, or a photo could
                open it and nobody answers for that.
        """
        opening.check()
        door = self._known_door(door)
        before = self.opening(door), self.liveness(door)
        is_risk = opening.kind is not OpeningKind.NONE and not liveness.may_open
        if is_risk and (opening, liveness) != before:
            raise SettingsError(
                "Somebody with a photo could open {door}.",
                "Ask everybody there to turn their head, or sign that it may be opened by face alone.",
                door=door,
            )
        with self.database.transaction():
            self._set_door(actor, door, opening, liveness)

    def _set_door(self, actor: Actor, door: str, opening: Opening, liveness: LivenessSettings) -> None:
        self._set(actor, self._door_key(_OPENING, door), opening.overrides())
        self._set(actor, self._door_key(_LIVENESS, door), liveness.overrides())

    def _door_key(self, prefix: str, door: str) -> str:
        """Return the key of a door's policy as it is stored: names are the same without case."""
        with self.database.reader() as db:
            rows = db.execute("SELECT key FROM policies WHERE key LIKE ?", [prefix + "%"]).fetchall()
        return door_names.spelled((key for (key,) in rows), prefix + door) or prefix + door

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
            _evidence(value.get("evidence")),
        )

    @needs(Right.SET_POLICY)
    def set_match(self, actor: Actor, match: StoredMatch) -> None:
        """Set the numbers that decide for a model.

        Raises:
            SettingsError: a number outside 0 to 4.
        """
        match.check()
        value: dict[str, object] = {
            "threshold": float(match.threshold),
            "margin": float(match.margin),
            "source": match.source,
            "people": match.people,
        }
        if match.evidence is not None:
            value["evidence"] = asdict(match.evidence)
        self._set(actor, _MATCH + match.model_id, value)

    @needs(Right.SET_POLICY)
    def forget_match(self, actor: Actor, model_id: str) -> None:
        """Let the measured numbers of a model decide again."""
        self._set(actor, _MATCH + model_id, {})

    def _with_known_doors(self, rules: AccessRules) -> AccessRules:
        """Return rules that name doors as cameras do."""
        # One whose cameras were removed since may stay: without it the group could pass everywhere.
        before = {door for group in self.read(AccessRules).groups for door in group.doors}
        groups = tuple(
            replace(
                group,
                doors=tuple(door if door in before else self._known_door(door) for door in group.doors),
            )
            for group in rules.groups
        )
        return replace(rules, groups=groups)

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


def _read(db: SqliteDatabase, key: str) -> dict[str, object]:
    row = db.execute("SELECT value FROM policies WHERE key = ?", [key]).fetchone()
    if row is None:
        return {}
    value = json.loads(row[0])
    assert isinstance(value, dict)
    return value


def _evidence(value: Any) -> ThresholdEvidence | None:  # noqa: ANN401 - JSON
    if not isinstance(value, Mapping):
        return None
    rates = {name: tuple(map(float, value[name])) for name in ("strangers", "staff")}
    return ThresholdEvidence(**{**value, **rates})


def _without_password(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a policy without secrets and the accounts in addresses: a journal row can't be erased."""
    if isinstance(value, Mapping):
        return {key: "***" if key == "secret" else _without_password(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_without_password(part) for part in value]
    return re.sub(r"//.*@", "//***@", value) if isinstance(value, str) else value
