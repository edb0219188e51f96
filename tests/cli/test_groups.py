"""PINs and access groups from the command line."""

import pytest

from faceaccess.store.access.types import AccessRules, Window
from faceaccess.workspace import Workspace
from tests.cli.conftest import Folder, Run


@pytest.fixture
def ada(folder: Folder) -> str:
    """The id of somebody with a staff number."""
    with Workspace.open(folder.path) as space:
        return space.people.create(name="Ada", staff_number="7").person_id


def test_a_pin_is_read_from_standard_input_and_removed(run: Run, folder: Folder, ada: str) -> None:
    assert run("people", "set-pin", "7", input="2583\n").exit_code == 0
    with Workspace.open(folder.path) as space:
        assert space.people.get(ada).has_pin
    refused = run("people", "set-pin", "7", input="1234\n")
    assert refused.exit_code == 1
    assert "guessed first" in refused.stderr
    assert run("people", "remove-pin", "Ada").exit_code == 0
    with Workspace.open(folder.path) as space:
        assert not space.people.get(ada).has_pin


def test_groups_hours_members_and_holidays(run: Run, folder: Folder, ada: str) -> None:
    for words in (
        ("create", "Cleaners"),
        ("hours", "cleaners", "--days", "fri-mon", "--from", "22:00", "--to", "02:00", "--door", "main DOOR"),
        ("hours", "cleaners", "--days", "wed", "--on-holidays"),
        ("add", "Cleaners", "Ada"),
        ("holiday", "2026-12-25"),
    ):
        assert run("groups", *words).exit_code == 0, words
    with Workspace.open(folder.path) as space:
        (group,) = space.policies.read(AccessRules).groups
        assert group.windows[0].days == {4, 5, 6, 0}
        assert isinstance(group.windows[1], Window)
        assert (group.doors, group.on_holidays) == (("Main door",), True)
        assert space.doors.members.by_person() == {ada: (group.group_id,)}
    listed = run("groups", "list").stdout
    assert "Cleaners: mon,fri,sat,sun 22:00-02:00; wed 08:00-18:00, Main door, on holidays too" in listed
    assert "  Ada" in listed
    assert "holiday: 2026-12-25" in listed
    refused = run("groups", "remove", "Cleaners", "7")
    assert (refused.exit_code, "Ada" in refused.stderr, "--yes" in refused.stderr) == (1, True, True)
    assert run("groups", "delete", "Cleaners").exit_code == 1
    unknown = run("groups", "hours", "Cleaners", "--door", "Yard")
    assert (unknown.exit_code, "Main door" in unknown.stderr) == (1, True)
    for words in (
        ("remove", "Cleaners", "7", "--yes"),
        ("holiday", "2026-12-25", "--remove"),
        ("delete", "Cleaners"),
    ):
        assert run("groups", *words).exit_code == 0, words
    assert run("groups", "list").stdout.startswith("There are no groups")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("hours", "Nobody"), 1),
        (("add", "Nobody", "7"), 1),
        (("holiday", "Christmas"), 2),
        (("hours", "A", "--days", "someday"), 2),
        (("hours", "A", "--from", "late"), 2),
    ],
)
def test_nonsense_is_refused(run: Run, ada: str, words: tuple[str, ...], code: int) -> None:
    assert run("groups", *words).exit_code == code
