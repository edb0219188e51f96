"""Every use case checks who asks: what may do what stands in one table."""

import importlib
import inspect
import pkgutil

import pytest

import faceaccess
from faceaccess.codes import Right, Role
from faceaccess.store.access.roles import RIGHTS

UNCHECKED = {
    # Below the use cases: called by them, and by the door itself.
    "faceaccess.store.journal.journal.Journal.record",
    "faceaccess.store.journal.journal.Journal.append",
    "faceaccess.store.journal.journal.Journal.void",
    "faceaccess.door.entries.EntryLog.append",
    "faceaccess.door.entries.EntryLog.desk_answer",
    "faceaccess.people.enrolment.surplus.Surplus.hide",
    # Signing in and out, and one's own password, are for everybody.
    "faceaccess.store.access.operators.Operators.sign_out",
    "faceaccess.store.access.operators.Operators.change_own_password",
    # The right stands with the form of the policy.
    "faceaccess.store.policy.policies.Policies.set",
    # Each calls one that checks.
    "faceaccess.store.keys.custody.KeyCustody.turn_encryption_on",
    "faceaccess.store.keys.custody.KeyCustody.change_key",
    "faceaccess.store.keys.custody.KeyCustody.renew_recovery",
    "faceaccess.models.thresholds.Thresholds.save",
    "faceaccess.upkeep.keeping.Keeping.back_up",
}


def use_cases():
    """Every public method of the core that is told who asks."""
    for module in pkgutil.walk_packages(faceaccess.__path__, "faceaccess."):
        if module.name.split(".")[1] in ("gui", "cli", "lab", "__main__", "vision", "recognition"):
            continue
        for _, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if kind.__module__ != module.name:
                continue
            for name, method in inspect.getmembers(kind, inspect.isfunction):
                if not name.startswith("_") and "actor" in inspect.signature(method).parameters:
                    yield f"{module.name}.{kind.__name__}.{name}", method


FOUND = dict(use_cases())


def test_there_are_use_cases():
    assert len(FOUND) > 20
    assert set(FOUND) >= UNCHECKED


@pytest.mark.parametrize("name", sorted(set(FOUND) - UNCHECKED))
def test_every_use_case_names_the_right_that_it_needs(name):
    assert isinstance(getattr(FOUND[name], "needed_right", None), Right)


def test_roles_are_as_narrow_as_they_sound():
    assert RIGHTS[Role.NOBODY] == frozenset()
    assert RIGHTS[Role.DOOR] == {Right.RUN_DOOR, Right.VOID_GREETING}
    assert RIGHTS[Role.AUDITOR] == {Right.READ, Right.EXPORT}
    withheld = {Right.EXPORT, Right.CORRECT, Right.SET_POLICY, Right.MANAGE_OPERATORS, Right.KEEP}
    assert not RIGHTS[Role.RECEPTIONIST] & (withheld | {Right.DELETE_PEOPLE})
    assert RIGHTS[Role.ADMIN] == set(Right)
    assert set(RIGHTS) == set(Role)
