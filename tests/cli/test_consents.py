"""Consent and erasure on the command line, open folder and closed one, with the real model."""

import json

import pytest
from typer.testing import CliRunner

from faceaccess.cli.app import app
from faceaccess.door import simulation

PASSWORD = "a long enough password"


@pytest.fixture
def run(tmp_path):
    runner = CliRunner()

    def run(*words, stdin="", code=0):
        result = runner.invoke(app, [*words, "--data-dir", str(tmp_path / "data")], input=stdin)
        assert result.exit_code == code, result.output
        return result.stdout

    return run


def enrolled(run, name, portrait, *options, **kwargs):
    out = run("enrol", "--name", name, str(portrait.path), "--json", *options, **kwargs)
    return json.loads(out)


@pytest.mark.slow
def test_consent_from_an_open_folder_to_a_closed_one(run, tmp_path):
    first, second = simulation.portraits()[:2]
    assert enrolled(run, "Ada Byron", first)["outcome"] == "enrolled"
    assert "missing" in run("consents", "due")
    assert "1  en" in run("consents", "texts")
    assert "I agree" in run("consents", "show", "1")
    run("consents", "record", "Ada Byron", "1", "--on", "2026-03-01", "--expires", "2027-03-01")
    assert "text 1 (en)  2026-03-01  until 2027-03-01" in run("consents", "list", "Ada Byron")
    run("operators", "create", "Olga", "admin", stdin=f"{PASSWORD}\n")
    closed = ("--operator", "Olga")
    run("enrol", "--name", "Person 2", str(second.path), *closed, stdin=f"{PASSWORD}\n", code=1)
    assert json.loads(run("people", "--json", *closed, stdin=f"{PASSWORD}\n"))["name"] == "Ada Byron"
    done = enrolled(run, "Person 2", second, "--consent", "2", *closed, stdin=f"{PASSWORD}\n")
    assert done["outcome"] == "enrolled"
    double = enrolled(run, "Twin", second, "--consent", "2", *closed, stdin=f"{PASSWORD}\n", code=1)
    assert (double["reason"], double["detail"][:8]) == ("double", "Person 2")
    wrong = enrolled(
        run,
        "Person 3",
        second,
        "--consent",
        "9",
        "--if-double",
        "keep",
        *closed,
        stdin=f"{PASSWORD}\n",
        code=1,
    )
    assert "no consent text 9" in wrong["detail"]


def test_a_face_is_withdrawn_and_a_person_erased_with_a_certificate(run, tmp_path):
    enrolled(run, "Ada Byron", simulation.portraits()[0])
    run("consents", "record", "Ada Byron", "1")
    paper = tmp_path / "certificate.pdf"
    out = run("consents", "withdraw", "Ada Byron", "--yes", "--certificate", str(paper))
    assert "1 photo, 1 template" in out
    assert paper.read_bytes().startswith(b"%PDF")
    assert "withdrawn" in run("consents", "list", "Ada Byron")
    before = paper.read_bytes()
    for bad in (paper, tmp_path, tmp_path / "missing" / "paper.pdf"):
        run("people", "erase", "Ada Byron", "--yes", "--certificate", str(bad), code=1)
    assert paper.read_bytes() == before
    assert "1 person" in run("people"), "nobody goes without the paper that was asked for"
    gone = json.loads(run("people", "erase", "Ada Byron", "--yes", "--json"))
    assert gone["name"] == "Ada Byron"
    assert gone["is_overwritten"] is True
    assert "0 people" in run("people")


def test_a_text_of_ones_own(run, tmp_path):
    mine = tmp_path / "text.txt"
    mine.write_text("J'accepte.", encoding="utf-8")
    assert "version 3" in run("consents", "write", "fr", str(mine))
    assert run("consents", "show", "3").strip() == "J'accepte."
    mine.write_bytes(b"\xff\xfe\x00\xd8")
    run("consents", "write", "fr", str(mine), code=1)
    run("consents", "record", "nobody", "1", code=1)


@pytest.mark.slow
def test_people_are_carried_to_another_folder(run, tmp_path):
    enrolled(run, "Ada Byron", simulation.portraits()[0])
    run("consents", "record", "Ada Byron", "1")
    file, secret = str(tmp_path / "people.fapeople"), "a passphrase\n"
    run("people", "export", file, stdin="short\n", code=1)
    assert "1 person" in run("people", "export", file, stdin=secret)
    run("people", "export", file, stdin=secret, code=1)
    other = tmp_path / "other"
    runner = CliRunner()

    def there(*words, stdin=secret):
        return runner.invoke(app, [*words, "--data-dir", str(other)], input=stdin)

    assert "new      row 1: Ada Byron" in there("people", "import", file, "--preview").stdout
    assert "enrolled    row 1: Ada Byron: 1 photo" in there("people", "import", file).stdout
    assert "unchanged" in there("people", "import", file).stdout
    assert there("people", "import", file, stdin="wrong\n").exit_code == 1
    assert "text 1 (en)" in there("consents", "list", "Ada Byron").stdout
