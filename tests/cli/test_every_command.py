"""Every command in every role on a closed folder: nobody reads or changes what they may not.

The commands come from the tree of the program itself: a new one fails here until it is said how it is
called and which right it needs.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from faceaccess.cli.app import app
from faceaccess.codes import JournalKind, Right, Role
from faceaccess.store.access.roles import RIGHTS
from faceaccess.store.file.connection import connect
from faceaccess.store.file.restoring import DATABASE_FILE
from faceaccess.store.keys.keys import KEY_FILE, load_secrets
from faceaccess.workspace import Workspace
from tests.store.builders import make_entry, make_template

PASSWORD, BACKUP = "violet kettle sandwich", "seven purple lanterns"
SIGNED_IN = {Role.ADMIN: "Wren", Role.RECEPTIONIST: "Rosalind", Role.AUDITOR: "Audric", Role.DOOR: "Dorian"}
NAMES = ("Quillfeather", "Brandreth", "Oswin", "Rosalind")
"""Of people and of an operator, none of which a command is given."""

_SIGNING_IN = (JournalKind.SIGNED_IN, JournalKind.SIGN_IN_FAILED, JournalKind.ACTION_REFUSED)


@dataclass(frozen=True)
class Call:
    """How a command is called.

    Attributes:
        right: what it needs; None: nothing personal is shown, or it is proved otherwise.
        words: what follows the command. OUT is an empty folder, PHOTO, TABLE and TEXT are files.
        typed: lines of standard input after the operator's password.
        is_done: whether an admin's call is tried to its end: not what needs models, a network or a screen.
    """

    right: Right | None
    words: str = ""
    typed: str = ""
    is_done: bool = True


def _calls(right: Right | None, *lines: str, is_done: bool = True) -> dict[str, Call]:
    """Read calls: command, a bar, its words, a bar, what is typed."""
    calls = {}
    for line in lines:
        command, words, typed = (*(part.strip() for part in line.split("|")), "", "")[:3]
        calls[command] = Call(right, words, typed, is_done)
    return calls


CALLS = {
    **_calls(
        Right.READ,
        "absences list | --from 2026-03-01",
        "cameras list",
        "consents due",
        "consents list | 7",
        "consents show | 1",
        "consents texts",
        "doors list",
        "entries missing | 7 --month 2026-03",
        "evaluate desk",
        "exports list",
        "groups list",
        "log",
        "log head",
        "log verify",
        "models list",
        "months list",
        "notifications list",
        "people",
        "people deleted",
        "people photos | 7",
        "report | daily --date 2026-03-04",
        "schedules list",
        "visitors list",
    ),
    **_calls(
        Right.READ, "health", "identify | PHOTO", "models shadow", "verify | PHOTO PHOTO", is_done=False
    ),
    **_calls(Right.RUN_DOOR, "watch | --source OUT/none.mp4", is_done=False),
    **_calls(Right.ENROL, "consents record | 8 1"),
    **_calls(
        Right.ENROL,
        "enrol | PHOTO --name New --consent 1",
        "import | TABLE --consent 1",
        f"people import | OUT/none.fapeople | {BACKUP}",
        "visitors ignore | ENTRY",
        "visitors merge | ENTRY 1",
        is_done=False,
    ),
    **_calls(
        Right.CHANGE_PEOPLE,
        "consents withdraw | 7 --yes --reason asked",
        "people activate | 8",
        "people deactivate | 7",
        "people merge | 8 7",
        "people remove-pin | 7",
        "people rename | 8 New",
        "people restore | 9",
        "people other-way | 7 desk",
        "people set-pin | 7 | 4827",
        "people split | 7 --photo 1 --new New --consent 1",
        "people undo | 8",
    ),
    **_calls(Right.DELETE_PEOPLE, "people delete | 7 --yes", "people erase | 7 --yes"),
    **_calls(Right.DELETE_PEOPLE, "visitors delete | ENTRY --yes", is_done=False),
    **_calls(
        Right.CORRECT,
        "absences add | 7 leave --from 2026-03-09",
        "absences remove | ABSENCE",
        "entries add | 7 --at 2026-03-05T08:00 --why forgot",
        "entries correct | ENTRY --at 2026-03-04T08:00 --why later",
        "entries void | ENTRY --why never",
        "months close | 2026-02",
    ),
    **_calls(Right.CORRECT, "entries accept | 7 ENTRY --why her", is_done=False),
    **_calls(
        Right.EXPORT,
        "people disclose | 7 --to OUT/disclosed.zip",
        f"people export | OUT/people.fapeople | {BACKUP}",
    ),
    **_calls(
        Right.SET_POLICY,
        "cameras add | Yard --source 1",
        "cameras remove | Gate",
        "cameras set | Gate --turn 90",
        "consents write | fr TEXT",
        "doors liveness | Gate always",
        "doors opened-by | Gate http --address https://a/ --sign-risk --secret | a secret of sixteen letters",
        "exports add | monthly OUT --format csv",
        "exports remove | EXPORT",
        "groups add | Cleaners 8",
        "groups create | Guests",
        "groups delete | Cleaners --yes",
        "groups holiday | 2026-12-25",
        "groups hours | Cleaners --days mon --from 08:00 --to 10:00",
        "log keep-end | OUT",
        "groups remove | Cleaners 7 --yes",
        "kiosk | --set-pin | 4827",
        "models threshold | sface 0.9",
        "notifications add | Other --address https://other.example/",
        "notifications remove | Payroll",
        "schedules assign | Usual --person 8",
        "schedules delete | Usual",
        "schedules set | Late --days mon --from 12:00 --to 20:00",
        "schedules unassign | 1",
        "schedules zone | Europe/Berlin",
        "updates off",
        f"updates set | https://it.example.com/news.json {43 * 'A'}=",
        "visitors keep | 24",
    ),
    **_calls(
        Right.SET_POLICY,
        "doors try | Gate",
        "learn adapt",
        "learn train | OUT --out OUT/m",
        "models add | OUT",
        "models back",
        "models fetch | inception-vggface2",
        "models forget | inception-vggface2",
        "models import | inception-vggface2 TEXT",
        "models remove | mine",
        "models stop",
        "models switch",
        "models try | inception-vggface2",
        "models use | inception-vggface2",
        "notifications test | Payroll",
        "drill | OUT --person 7",
        "trial | OUT/none.mp4 --list OUT/none.csv",
        is_done=False,
    ),
    **_calls(
        Right.KEEP,
        f"backup create | OUT | {BACKUP}",
        "encryption change-key",
        "encryption show-key",
        "retention preview",
        "retention run",
        "retention set | --deleted 3",
    ),
    **_calls(Right.KEEP, f"backup restore | OUT/none.fabackup | {BACKUP}", is_done=False),
    **_calls(Right.KEEP, "encryption off", "encryption on | | AAAAA-BBBBB", is_done=False),
    **_calls(
        Right.MANAGE_OPERATORS,
        "operators create | New auditor | marble otter bicycle",
        "operators list",
        "operators new-passphrase",
        "operators password | Audric | marble otter bicycle",
        "operators remove | Audric",
        "operators role | Audric door",
    ),
    **_calls(None, "doctor", "encryption status"),
    **_calls(
        None,
        "encryption recover | | AAAAA-BBBBB",
        "updates look",
        "operators recover | Wren | AAAAA-BBBBB\nmarble otter bicycle",
        is_done=False,
    ),
}


def commands(group: click.Group | None = None, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the commands on a data folder, as they are typed."""
    group = group or typer.main.get_command(app)
    for name, command in group.commands.items():
        where = (*path, name)
        if isinstance(getattr(command, "commands", None), dict):
            yield from commands(command, where)
            if not command.invoke_without_command:
                continue
        if any(parameter.name == "data_dir" for parameter in command.params):
            yield " ".join(where)


@dataclass(frozen=True)
class Prepared:
    """A closed folder to be copied for each call, and what stands for its numbers."""

    folder: Path
    values: dict[str, str]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    """Fill a folder, then close it."""
    base = tmp_path_factory.mktemp("prepared")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FACEACCESS_CONFIG_DIR", str(base / "config"))
        yield Prepared(base / "data", _fill(base))


def _fill(base: Path) -> dict[str, str]:
    folder = base / "data"
    with Workspace.open(folder) as space:
        people = {name: space.people.create(name=name, staff_number=number) for name, number in
                  (("Quillfeather", "7"), ("Brandreth", "8"), ("Oswin", "9"))}  # fmt: skip
        ada = people["Quillfeather"].person_id
        space.models.templates.add(ada, [make_template(1), make_template(2)])
        space.reception.directory.set_pin(space.access.actor, ada, "8317")
        space.reception.directory.change(
            space.access.actor,
            people["Brandreth"].person_id,
            name="Brandreth",
            staff_number="8",
            department="Hall",
        )
        space.reception.mending.hide(space.access.actor, people["Oswin"].person_id)
        entry = space.journal.append(make_entry(ada), None).seq
    (base / "photo.jpg").write_bytes(b"no photo")
    (base / "table.csv").write_text("name,photo\nNew,photo.jpg\n", encoding="utf-8")
    (base / "text.txt").write_text("I agree.", encoding="utf-8")

    def done(words: str) -> str:
        result = CliRunner().invoke(app, ["--data-dir", str(folder), *words.split()])
        assert result.exit_code == 0, (words, result.output)
        return result.stdout

    for words in (
        "consents record 7 1",
        "cameras add Gate --source 1 --door Gate",
        "cameras add Side --source 2 --door Gate",
        "groups create Cleaners",
        "groups add Cleaners 7",
        "schedules set Usual --days mon-fri --from 08:00 --to 16:00",
        "schedules assign Usual --person 7",
        "notifications add Payroll --address https://payroll.example/",
    ):
        done(words)
    values = {
        "ENTRY": str(entry),
        "ABSENCE": re.findall(r"\d+", done("absences add 7 sick --from 2026-03-05"))[0],
        "EXPORT": done(f"exports add daily {base / 'reports'} --format csv").split()[-1].rstrip("."),
        "PHOTO": str(base / "photo.jpg"),
        "TABLE": str(base / "table.csv"),
        "TEXT": str(base / "text.txt"),
    }
    with Workspace.open(folder) as space:
        space.access.operators.close_folder(space.access.actor, SIGNED_IN[Role.ADMIN], PASSWORD)
        admin = space.access.sign_in(SIGNED_IN[Role.ADMIN], PASSWORD)
        for role, name in SIGNED_IN.items():
            if role is not Role.ADMIN:
                space.access.operators.create(admin, name, role, PASSWORD)
    return values


class Attempt:
    """One call on a folder of its own."""

    def __init__(self, prepared: Prepared, place: Path) -> None:
        self.folder, self.out = place / "data", place / "out"
        for left in (self.folder, self.out):
            shutil.rmtree(left, ignore_errors=True)
        shutil.copytree(prepared.folder, self.folder)
        self.out.mkdir()
        self._values = prepared.values

    def run(self, command: str, call: Call, name: str = "", password: str = "") -> Result:
        """Call a command as an operator; "" as nobody."""
        words = call.words.replace("OUT", str(self.out))
        for key, value in self._values.items():
            words = re.sub(rf"\b{key}\b", value, words)
        who = ["--operator", name] if name else []
        typed = (f"{password}\n" if name else "") + f"{call.typed}\n"
        line = [*command.split(), *words.split(), *who]
        return CliRunner().invoke(app, ["--data-dir", str(self.folder), *line], input=typed)

    def state(self) -> tuple[object, ...]:
        """Return everything that is kept, but who tried to sign in and was refused."""
        db = connect(self.folder / DATABASE_FILE, load_secrets(self.folder).database_key, read_only=True)
        try:
            tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            kept = [name for name in tables if name not in ("journal", "journal_head", "failures")]
            rows = {name: db.execute(f"SELECT * FROM {name}").fetchall() for name in kept}
            marks = ", ".join("?" * len(_SIGNING_IN))
            journal = db.execute(
                f"SELECT kind, person_id FROM journal WHERE kind NOT IN ({marks})", [*map(str, _SIGNING_IN)]
            ).fetchall()
        finally:
            db.conn.close()
        files = {path.name for path in self.folder.iterdir()} - {"logs"}
        files -= {name for name in files if name.startswith((f"{DATABASE_FILE}-", "faceaccess.lock"))}
        return rows, journal, files, (self.folder / KEY_FILE).read_bytes(), [*self.out.iterdir()]


def test_it_is_said_of_every_command_how_it_is_called() -> None:
    assert set(commands()) == set(CALLS)


@pytest.mark.parametrize("command", list(commands()))
def test_nobody_reads_or_changes_what_they_may_not(command: str, prepared: Prepared, tmp_path: Path) -> None:
    call = CALLS[command]
    untouched = Attempt(prepared, tmp_path).state()
    tries = [("", ""), ("Wren", "a wrong password"), ("Nobody", PASSWORD)]
    tries += [
        (name, PASSWORD)
        for role, name in SIGNED_IN.items()
        if call.right is not None and call.right not in RIGHTS[role]
    ]
    roles = {name: role for role, name in SIGNED_IN.items()}
    for name, password in tries:
        attempt = Attempt(prepared, tmp_path)
        result = attempt.run(command, call, name, password)
        who = (name, password, result.output)
        assert result.exit_code == 1 or call.right is None, who
        assert result.exception is None or isinstance(result.exception, SystemExit), who
        assert attempt.state() == untouched, who
        is_reader = password == PASSWORD and Right.READ in RIGHTS[roles.get(name, Role.NOBODY)]
        if not is_reader:
            assert not [each for each in NAMES if each in result.output], who


@pytest.mark.parametrize("command", [name for name, call in CALLS.items() if call.is_done])
def test_an_admin_can(command: str, prepared: Prepared, tmp_path: Path) -> None:
    """Else the calls above might have been refused for what they said, not for who said it."""
    result = Attempt(prepared, tmp_path).run(command, CALLS[command], SIGNED_IN[Role.ADMIN], PASSWORD)
    assert result.exit_code == 0, result.output
