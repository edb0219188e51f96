"""Who may use a folder: passwords, waits, the last admin, recovery."""

import subprocess
import sys
from datetime import datetime, timedelta

import pytest

from faceaccess.codes import JournalKind, Right, Role
from faceaccess.errors import OperatorError, PermissionDenied, StoreError
from faceaccess.steady import Uptime
from faceaccess.store.access import operators as operators_module
from faceaccess.store.access import roles
from faceaccess.store.access.failures import FREE_FAILURES
from faceaccess.store.access.operators import Operators, check_password
from faceaccess.store.access.types import DOOR, Actor
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from tests.store.builders import NOON, OPERATOR

PASSWORD = "violet kettle sandwich"
OTHER = "marble otter bicycle"


@pytest.fixture
def operators(database: Database, journal: Journal) -> Operators:
    return Operators(database, journal, uptime=lambda: None)


@pytest.fixture
def closed(operators: Operators) -> tuple[Operators, str]:
    """A folder closed by Ada, an admin, and its recovery passphrase."""
    return operators, operators.close_folder(OPERATOR, "Ada", PASSWORD)


ADA = Actor("Ada", Role.ADMIN)


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("", "12 to 256"),
        ("short", "12 to 256"),
        ("elevenchars", "12 to 256"),
        ("x" * 257, "12 to 256"),
        ("password1234", "guessed"),
        ("aaaaaaaaaaaa", "guessed"),
        ("qwertyuiop123", "guessed"),
        ("Marguerite12", "guessed"),
        ("faceaccess12", "guessed"),
    ],
)
def test_bad_passwords_are_refused(password: str, says: str) -> None:
    with pytest.raises(OperatorError, match=says):
        check_password(password, "Marguerite")


def test_the_first_admin_closes_the_folder(closed: tuple[Operators, str], database: Database) -> None:
    operators, passphrase = closed
    assert operators.is_closed
    assert [(each.name, each.role) for each in operators.list()] == [("Ada", Role.ADMIN)]
    assert len(passphrase.replace("-", "")) == 30
    with pytest.raises(PermissionDenied, match="Nobody is signed in"):
        operators.create(OPERATOR, "Bob", Role.RECEPTIONIST, OTHER)
    with pytest.raises(PermissionDenied):
        operators.close_folder(OPERATOR, "Eve", OTHER)
    with database.reader() as db:
        hashes = [row[0] for row in db.execute("SELECT hash FROM operators")]
    assert all(text.startswith("$argon2id$") for text in hashes)


def test_the_program_hashes_slowly() -> None:
    """The tests hash at once, so a process of its own is asked what the program does."""
    words = (
        "from argon2 import extract_parameters as of\n"
        "from faceaccess.store.access import operators, pins\n"
        "from faceaccess.store.keys import recovery\n"
        "digests = [operators._digest('Ada', 'a long passphrase'), pins._HASHER.hash('2583')]\n"
        "for digest in [*digests, operators._NOBODY]:\n"
        "    assert (of(digest).time_cost, of(digest).memory_cost) >= (3, 65_536), digest\n"
        "assert not operators._HASHER.check_needs_rehash(operators._NOBODY)\n"
        "assert (recovery._TIME_COST, recovery._MEMORY_KIB) >= (3, 65_536)\n"
    )
    subprocess.run([sys.executable, "-c", words], check=True)


def test_the_first_operator_must_be_an_admin(operators: Operators) -> None:
    with pytest.raises(OperatorError, match="must be an admin"):
        operators.create(OPERATOR, "Bob", Role.RECEPTIONIST, PASSWORD)
    assert not operators.is_closed


@pytest.mark.parametrize("name", ["ADA", "door", "FaceAccess", "", "a\nb"])
def test_names_that_would_be_taken_for_another_are_refused(closed: tuple[Operators, str], name: str) -> None:
    with pytest.raises(Exception, match=r"already|program itself|empty|control"):
        closed[0].create(ADA, name, Role.AUDITOR, OTHER)


@pytest.mark.parametrize("role", [Role.OPEN, Role.NOBODY])
def test_nobody_gets_a_role_that_is_none(closed: tuple[Operators, str], role: Role) -> None:
    with pytest.raises(OperatorError, match="can't have the role"):
        closed[0].create(ADA, "Bob", role, OTHER)


def test_signing_in_says_who_and_is_journalled(closed: tuple[Operators, str], journal: Journal) -> None:
    operators, _ = closed
    assert operators.sign_in(" ada ", PASSWORD, NOON) == ADA
    assert journal.rows.newest()[0].kind is JournalKind.SIGNED_IN
    for name, password in (("Ada", OTHER), ("nobody", PASSWORD), ("Ada", "")):
        with pytest.raises(PermissionDenied, match="not right"):
            operators.sign_in(name, password, NOON)
        assert journal.rows.newest()[0].kind is JournalKind.SIGN_IN_FAILED
        assert "nobody" not in str(journal.rows.newest()[0])


def test_failures_wait_longer_each_time_and_a_restart_changes_nothing(
    closed: tuple[Operators, str], database: Database, journal: Journal
) -> None:
    operators, _ = closed
    for _ in range(5):
        with pytest.raises(PermissionDenied, match="not right"):
            operators.sign_in("Ada", OTHER, NOON)
    again = Operators(database, journal, uptime=lambda: None)
    with pytest.raises(PermissionDenied, match="wait 30 s"):
        again.sign_in("Ada", PASSWORD, NOON)
    later = NOON + timedelta(seconds=31)
    with pytest.raises(PermissionDenied, match="not right"):
        again.sign_in("Ada", OTHER, later)
    with pytest.raises(PermissionDenied, match="wait 60 s"):
        again.sign_in("Ada", PASSWORD, later)
    assert again.sign_in("Ada", PASSWORD, later + timedelta(seconds=61)) == ADA
    with pytest.raises(PermissionDenied, match="not right"):
        again.sign_in("Ada", OTHER, later + timedelta(seconds=62))


def test_the_last_admin_stays(closed: tuple[Operators, str]) -> None:
    operators, _ = closed
    for change in (
        lambda: operators.remove(ADA, "Ada"),
        lambda: operators.change(ADA, "Ada", role=Role.AUDITOR),
    ):
        with pytest.raises(OperatorError, match="last admin"):
            change()
    operators.create(ADA, "Bob", Role.ADMIN, OTHER)
    operators.remove(ADA, "Ada")
    assert [each.name for each in operators.list()] == ["Bob"]
    with pytest.raises(PermissionDenied):
        operators.remove(ADA, "Bob")


def test_a_role_counts_from_the_moment_it_changes(closed: tuple[Operators, str], database: Database) -> None:
    operators, _ = closed
    operators.create(ADA, "Bob", Role.ADMIN, OTHER)
    bob = operators.sign_in("Bob", OTHER, NOON)
    assert roles.may(database, bob, Right.KEEP)
    operators.change(ADA, "Bob", role=Role.RECEPTIONIST)
    assert not roles.may(database, bob, Right.KEEP)
    assert not roles.may(database, Actor("Carl", Role.ADMIN), Right.READ)


def test_a_refused_change_of_role_leaves_the_password(closed: tuple[Operators, str]) -> None:
    """The password was another one, though the role that came with it was refused."""
    operators, _ = closed
    with pytest.raises(OperatorError, match="last admin"):
        operators.change(ADA, "Ada", role=Role.AUDITOR, password=OTHER)
    assert operators.sign_in("Ada", PASSWORD, NOON) == ADA
    operators.create(ADA, "Bob", Role.ADMIN, OTHER)
    with pytest.raises(OperatorError, match="12"):
        operators.change(ADA, "Bob", role=Role.AUDITOR, password="short")
    assert operators.sign_in("Bob", OTHER, NOON).role is Role.ADMIN


def test_a_lost_password_is_recovered_with_the_passphrase_and_logged(
    closed: tuple[Operators, str], journal: Journal
) -> None:
    operators, passphrase = closed
    with pytest.raises(PermissionDenied, match="not right"):
        operators.recover("Ada", "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE-FFFFF", OTHER, NOON)
    operators.recover("Ada", passphrase.lower().replace("-", " "), OTHER, NOON)
    assert journal.rows.newest()[0].kind is JournalKind.PASSWORD_RECOVERED
    assert operators.sign_in("Ada", OTHER, NOON) == ADA
    renewed = operators.renew_recovery(ADA)
    with pytest.raises(PermissionDenied, match="not right"):
        operators.check_recovery(passphrase, NOON)
    operators.check_recovery(renewed, NOON)


def test_everybody_changes_their_own_password_knowing_the_old_one(closed: tuple[Operators, str]) -> None:
    operators, _ = closed
    operators.create(ADA, "Bob", Role.RECEPTIONIST, OTHER)
    bob = operators.sign_in("Bob", OTHER, NOON)
    with pytest.raises(PermissionDenied):
        operators.change_own_password(bob, PASSWORD, "seven purple lanterns")
    operators.change_own_password(bob, OTHER, "seven purple lanterns")
    assert operators.sign_in("Bob", "seven purple lanterns", NOON) == bob
    with pytest.raises(PermissionDenied, match="may not manage operators"):
        operators.change(bob, "Ada", password=OTHER)


def test_no_password_and_no_passphrase_is_in_the_journal(
    closed: tuple[Operators, str], database: Database
) -> None:
    operators, passphrase = closed
    operators.create(ADA, "Bob", Role.RECEPTIONIST, OTHER)
    with database.reader() as db:
        text = " ".join(row[0] for row in db.execute("SELECT canonical FROM journal"))
    for secret in (PASSWORD, OTHER, passphrase, "argon2"):
        assert secret not in text


def test_a_refusal_is_journalled(closed: tuple[Operators, str], journal: Journal) -> None:
    operators, _ = closed
    with pytest.raises(PermissionDenied):
        operators.renew_recovery(DOOR)
    row = journal.rows.newest()[0]
    assert (row.kind, row.actor) == (JournalKind.ACTION_REFUSED, "door")
    assert row.details == {"right": Right.MANAGE_OPERATORS}


@pytest.mark.slow
def test_a_wait_set_by_a_wrong_clock_ends_within_an_hour(closed: tuple[Operators, str]) -> None:
    """A failure of the year 2056 locked the admin and the recovery passphrase out for thirty years."""
    operators, passphrase = closed
    wrong = NOON + timedelta(days=30 * 365)
    for _ in range(FREE_FAILURES):
        with pytest.raises(PermissionDenied):
            operators.sign_in("Ada", "a wrong password", wrong)
        with pytest.raises(PermissionDenied):
            operators.check_recovery("wrong", wrong)
    with pytest.raises(PermissionDenied, match="wait 3600 s"):
        operators.sign_in("Ada", PASSWORD, NOON)
    with pytest.raises(PermissionDenied, match="wait 3600 s"):
        operators.check_recovery(passphrase, NOON)
    later = NOON + timedelta(hours=1)
    assert operators.sign_in("Ada", PASSWORD, later) == ADA
    operators.check_recovery(passphrase, later)


def fail_to_sign_in(operators: Operators, name: str, times: int, at: datetime = NOON) -> list[str]:
    """Return what was said to wrong passwords."""
    said = []
    for _ in range(times):
        with pytest.raises(PermissionDenied) as refused:
            operators.sign_in(name, "a wrong password", at)
        said.append(str(refused.value))
    return said


@pytest.mark.slow
def test_a_wait_ends_by_the_machines_clock_whatever_time_a_program_is_shown(
    closed: tuple[Operators, str], database: Database, journal: Journal
) -> None:
    """With another time for each try (libfaketime) no guess ever waited."""
    ran = Uptime("one run", 1000.0)
    operators = Operators(database, journal, uptime=lambda: ran)
    fail_to_sign_in(operators, "Ada", FREE_FAILURES)
    for ahead in (timedelta(hours=2), timedelta(days=365), -timedelta(days=365)):
        with pytest.raises(PermissionDenied, match="wait 30 s"):
            operators.sign_in("Ada", PASSWORD, NOON + ahead)
    ran = Uptime("one run", 1031.0)
    assert operators.sign_in("Ada", PASSWORD, NOON - timedelta(days=1)) == ADA
    fail_to_sign_in(operators, "Ada", FREE_FAILURES)
    ran = Uptime("another run", 5.0)
    with pytest.raises(PermissionDenied, match="wait 20 s"):
        operators.sign_in("Ada", PASSWORD, NOON + timedelta(seconds=10))
    assert operators.sign_in("Ada", PASSWORD, NOON + timedelta(seconds=31)) == ADA


def test_who_was_shown_another_uptime_makes_nobody_wait_for_days(
    closed: tuple[Operators, str], database: Database, journal: Journal
) -> None:
    """Failures in a time namespace ten days ahead left the admin a wait of ten days."""
    fail_to_sign_in(
        Operators(database, journal, uptime=lambda: Uptime("one run", 900_000.0)), "Ada", FREE_FAILURES
    )
    ran = Uptime("one run", 1000.0)
    operators = Operators(database, journal, uptime=lambda: ran)
    with pytest.raises(PermissionDenied, match="wait 3600 s"):
        operators.sign_in("Ada", PASSWORD, NOON)
    ran = Uptime("one run", 1000.0 + 3601)
    assert operators.sign_in("Ada", PASSWORD, NOON) == ADA


@pytest.mark.slow
def test_a_name_that_nobody_has_is_told_by_nothing(closed: tuple[Operators, str], journal: Journal) -> None:
    """Only names that there are had to wait: six guesses told whether somebody is an operator."""
    operators, _ = closed
    tries = FREE_FAILURES + 2
    before = len(journal.rows.newest())
    assert fail_to_sign_in(operators, "Ada", tries) == fail_to_sign_in(operators, "Nobody", tries)
    assert len(journal.rows.newest()) == before + 2 * FREE_FAILURES
    told = []
    for name in ("Ada", "Nobody"):
        with pytest.raises(PermissionDenied) as refused:
            operators.recover(name, "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE-FFFFF", OTHER, NOON)
        told.append(str(refused.value))
    assert told[0] == told[1]


def test_what_was_typed_for_a_name_is_not_kept(closed: tuple[Operators, str], database: Database) -> None:
    fail_to_sign_in(closed[0], PASSWORD, 2)
    with database.reader() as db:
        keys = [row[0] for row in db.execute("SELECT key FROM failures")]
    assert [len(key) for key in keys] == [5]


def test_who_tries_many_at_once_learns_no_more_than_who_waits(
    closed: tuple[Operators, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one password was compared, others were tried: all of them passed the check of the wait."""
    operators, _ = closed

    class Meanwhile:
        """Compares as the program does, after others have tried."""

        def verify(self, digest: str, typed: str) -> bool:
            monkeypatch.undo()
            fail_to_sign_in(operators, "Ada", FREE_FAILURES)
            return operators_module._HASHER.verify(digest, typed)

    monkeypatch.setattr(operators_module, "_HASHER", Meanwhile())
    with pytest.raises(PermissionDenied, match="wait 30 s"):
        operators.sign_in("Ada", PASSWORD, NOON)


def test_where_nothing_can_be_counted_nobody_signs_in(
    closed: tuple[Operators, str], database: Database
) -> None:
    with Database.open(database.path.parent, read_only=True) as reading:
        operators = Operators(reading, Journal(reading))
        for password in (OTHER, PASSWORD):
            with pytest.raises(StoreError, match="reading only"):
                operators.sign_in("Ada", password, NOON)
