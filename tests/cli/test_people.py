"""`faceaccess people`."""

import pytest

from faceaccess.codes import JournalKind
from tests.cli.conftest import Folder, Run, json_lines
from tests.store.builders import make_entry, make_template


@pytest.fixture
def ada(folder: Folder) -> str:
    def fill(people, templates, journal) -> str:
        ada = people.create(name="Ada [bold]", staff_number="E1", department="Office").person_id
        people.create(name="Bea", staff_number="E2", department="Workshop")
        templates.add(ada, [make_template(1), make_template(2)])
        journal.append(make_entry(ada), b"jpeg")
        return ada

    return folder.fill(fill)


def test_people_are_listed_as_a_table(run: Run, ada: str) -> None:
    shown = run("people").stdout
    for word in ("Ada [bold]", "E1", "Office", "Bea", "2026-03-04", ada[:8], "2 people"):
        assert word in shown


def test_people_are_found_by_part_of_their_texts(run: Run, ada: str) -> None:
    assert "Bea" not in run("people", "--search", "OFF").stdout
    assert "0 people" in run("people", "--search", "nobody").stdout


def test_people_are_given_as_json(run: Run, ada: str) -> None:
    first, second = json_lines(run("people", "--json"))
    assert (first["name"], first["person_id"], first["templates"]) == ("Ada [bold]", ada, 2)
    assert first["last_seen"] == "2026-03-04T12:00:00+00:00"
    assert (second["staff_number"], second["last_seen"], second["is_active"]) == ("E2", None, True)


@pytest.mark.parametrize("who", ["E1", "e1", "ada [BOLD]", "id", "id[:6]"])
def test_a_person_is_named_by_number_name_or_id(run: Run, folder: Folder, ada: str, who: str) -> None:
    who = {"id": ada, "id[:6]": ada[:6]}.get(who, who)
    result = run("people", "rename", who, "Ada Byron")
    assert (result.exit_code, result.stdout) == (0, "Ada [bold] is now Ada Byron.\n")
    person = folder.read(lambda people, _: people.get(ada))
    assert (person.name, person.staff_number, person.department) == ("Ada Byron", "E1", "Office")
    row = folder.read(lambda _, journal: journal.rows.newest()[0])
    assert (row.kind, row.details["fields"]) == (JournalKind.PERSON_CHANGED, ["name"])
    assert row.actor


def test_nobody_and_several_people_are_refused(run: Run, folder: Folder, ada: str) -> None:
    folder.fill(lambda people, *_: people.create(name="bea", staff_number="E3"))
    several = run("people", "deactivate", "Bea")
    assert several.exit_code == 1
    assert "2 people match 'Bea'" in several.stderr
    assert "E2, E3" in several.stderr
    for who in ("Cleo", "", "f" * 32, "ab"):
        nobody = run("people", "deactivate", who)
        assert nobody.exit_code == 1
        assert "No enrolled person matches" in nobody.stderr


def test_people_are_deactivated_and_activated(run: Run, folder: Folder, ada: str) -> None:
    assert "is deactivated" in run("people", "deactivate", "E1").stdout
    assert folder.read(lambda people, _: people.get(ada)).is_active is False
    assert "deactivated" in run("people").stdout
    assert "is active" in run("people", "activate", "E1").stdout
    assert folder.read(lambda people, _: people.get(ada)).is_active is True


def test_deleting_asks_first(run: Run, folder: Folder, ada: str) -> None:
    assert run("people", "delete", "E1", input="n\n").exit_code == 1
    assert run("people", "delete", "E1").exit_code == 1
    assert len(folder.read(lambda people, _: people.list())) == 2
    assert run("people", "delete", "E1", input="y\n").exit_code == 0
    assert len(folder.read(lambda people, _: people.list())) == 1


def test_what_was_deleted_is_listed_and_comes_back(run: Run, folder: Folder, ada: str) -> None:
    assert "can be restored for 7 days" in run("people", "delete", "E1", "--yes").stdout
    assert run("people", "deactivate", "E1").exit_code == 1
    assert "1 deleted" in run("people", "deleted").stdout
    (row,) = json_lines(run("people", "deleted", "--json"))
    assert (row["person_id"], row["name"]) == (ada, "Ada [bold]")
    assert run("people", "restore", "Bea").exit_code == 1
    assert "is back" in run("people", "restore", "ada [BOLD]").stdout
    assert folder.read(lambda people, _: len(people.list())) == 2
    assert (
        folder.read(lambda _, journal: journal.events.crop(journal.rows.newest([JournalKind.ENTRY])[0].seq))
        == b"jpeg"
    )
    assert "nothing to undo" in run("people", "undo", "E1").stderr


def test_photos_are_listed_deleted_restored_and_split_off(run: Run, folder: Folder, ada: str) -> None:
    first, second = (row["photo"] for row in json_lines(run("people", "photos", "E1", "--json")))
    assert run("people", "delete", "E1", "--photo", str(first), "--yes").exit_code == 0
    assert len(run("people", "photos", "E1").stdout.splitlines()) == 1
    assert f"photo {first}" in run("people", "deleted").stdout
    assert run("people", "restore", "E1", "--photo", str(second)).exit_code == 1
    assert run("people", "restore", "E1", "--photo", str(first)).exit_code == 0
    assert run("people", "split", "E1", "--photo", str(first)).exit_code == 2
    assert "who is new" in run("people", "split", "E1", "--photo", str(first), "--new", "Cleo").stdout
    assert run("people", "split", "E1", "--photo", str(first), "--to", "Bea").exit_code == 1
    assert run("people", "split", "E1", "--photo", str(second), "--to", "Cleo").exit_code == 0
    assert len(run("people", "photos", "Cleo").stdout.splitlines()) == 2
    assert "Undone: photos moved" in run("people", "undo", "E1").stdout
    assert len(run("people", "photos", "E1").stdout.splitlines()) == 1


def test_people_are_merged_and_parted(run: Run, folder: Folder, ada: str) -> None:
    assert "one person, Bea" in run("people", "merge", "E1", "Bea").stdout
    assert folder.read(lambda people, _: [each.name for each in people.list()]) == ["Bea"]
    assert "Bea" in run("log", "--person", "Bea").stdout
    assert "Undone: person merged" in run("people", "undo", "Bea").stdout
    assert folder.read(lambda people, _: len(people.list())) == 2


def test_a_name_is_undone(run: Run, folder: Folder, ada: str) -> None:
    run("people", "rename", "E1", "Ada King")
    assert run("people", "undo", "E1").exit_code == 0
    assert folder.read(lambda people, _: people.get(ada).name) == "Ada [bold]"


def test_a_refused_name_exits_with_1(run: Run, ada: str) -> None:
    assert run("people", "rename", "E1", "  ").exit_code == 1
