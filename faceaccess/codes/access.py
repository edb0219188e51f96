"""Roles, rights, and the places where the key lies."""

from enum import StrEnum


class KeySource(StrEnum):
    """Where the secrets of a data folder lie: in a FILE beside it, else at rest elsewhere."""

    FILE = "file"
    KEYRING = "keyring"
    CREDENTIAL = "credential"
    SEALED = "sealed"
    ENVIRONMENT = "environment"


class Role(StrEnum):
    """An operator's role; see `store/access/roles.py`.

    OPEN: anybody, while a folder has no operators. SYSTEM: the program by itself, on a schedule.
    """

    OPEN = "open"
    NOBODY = "nobody"
    SYSTEM = "system"
    DOOR = "door"
    RECEPTIONIST = "receptionist"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Right(StrEnum):
    """A right that a use case needs."""

    READ = "read"
    RUN_DOOR = "run_door"
    VOID_GREETING = "void_greeting"
    ANSWER_DESK = "answer_desk"
    ENROL = "enrol"
    CHANGE_PEOPLE = "change_people"
    DELETE_PEOPLE = "delete_people"
    CORRECT = "correct"
    EXPORT = "export"
    SET_POLICY = "set_policy"
    MANAGE_OPERATORS = "manage_operators"
    KEEP = "keep"
