"""What has been decided about deciding: the door, the numbers of each model, the model in use."""

import json
import re
from collections.abc import Mapping

from sqlite_utils import Database as SqliteDatabase

from faceaccess.codes import JournalKind
from faceaccess.errors import SettingsError
from faceaccess.settings import DoorSettings
from faceaccess.store.database import Database
from faceaccess.store.journal import Journal
from faceaccess.store.types import Actor, StoredMatch

_DOOR = "door"
_ACTIVE_MODEL = "active_model"
_MATCH = "match:"
_GREATEST_DISTANCE = 4.0


class Policies:
    """Reads and sets policies; each change is journalled with it, what changes nothing is not."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def door(self) -> DoorSettings:
        """Return how the camera at the door makes entries.

        Raises:
            SettingsError: what is stored can't be used by this program.
        """
        return DoorSettings.from_values(self._value(_DOOR))

    def set_door(self, actor: Actor, settings: DoorSettings) -> None:
        """Set how the camera at the door makes entries."""
        self._set(actor, _DOOR, settings.overrides())

    def match(self, model_id: str) -> StoredMatch | None:
        """Return the numbers that an operator set for a model; None when nobody did."""
        value = self._value(_MATCH + model_id)
        if not value:
            return None
        return StoredMatch(
            model_id, float(str(value["threshold"])), float(str(value["margin"])), str(value["source"])
        )

    def set_match(self, actor: Actor, *, model_id: str, threshold: float, margin: float, source: str) -> None:
        """Set the numbers that decide for a model.

        Raises:
            SettingsError: a number outside 0 to 4.
        """
        for name, number in (("threshold", threshold), ("margin", margin)):
            if not 0 <= number <= _GREATEST_DISTANCE:
                raise SettingsError(f"The {name} is {number}; it must be 0 to {_GREATEST_DISTANCE:g}.")
        value = {"threshold": float(threshold), "margin": float(margin), "source": source}
        self._set(actor, _MATCH + model_id, value)

    def active_model(self) -> str | None:
        """Return the model chosen by an operator; None when nobody chose one."""
        name = self._value(_ACTIVE_MODEL).get("model")
        return None if name is None else str(name)

    def set_active_model(self, actor: Actor, model: str) -> None:
        """Choose the model that decides from now on."""
        self._set(actor, _ACTIVE_MODEL, {"model": model})

    def _value(self, key: str) -> dict[str, object]:
        with self._database.reader() as db:
            return _read(db, key)

    def _set(self, actor: Actor, key: str, value: Mapping[str, object]) -> None:
        with self._database.transaction() as db:
            before = _read(db, key)
            if before == value:
                return
            db.execute(
                "INSERT INTO policies (key, value) VALUES (?, ?)"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                [key, json.dumps(value, sort_keys=True)],
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


def _without_password(value: Mapping[str, object]) -> dict[str, object]:
    """Return a policy with the account cut out of a camera's address: a journal row can't be erased."""
    source = value.get("source")
    if not isinstance(source, str):
        return dict(value)
    return {**value, "source": re.sub(r"//.*@", "//***@", source)}
