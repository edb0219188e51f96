"""`faceaccess health`: what is amiss is said in words, and in JSON by ids."""

from dataclasses import replace

import pytest

from faceaccess.models.recognisers import Recognisers
from faceaccess.models.thresholds import Thresholds
from faceaccess.recognition.types import EnrolmentLimits, MatchPolicy
from tests.cli.conftest import Folder, Run, json_lines
from tests.store.builders import MODEL, make_template


@pytest.fixture(autouse=True)
def _no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = EnrolmentLimits(
        MODEL, 0.01, 0.19, 0.02, 0.0235, 0.3, 0.18, wrong_person=0.15, same_picture=0.004
    )
    monkeypatch.setattr(Thresholds, "in_force", property(lambda _: MatchPolicy(MODEL, 0.1, 0.02)))
    monkeypatch.setattr(Recognisers, "model_id", MODEL)
    monkeypatch.setattr("faceaccess.people.reception.enrolment_limits", lambda _: limits)


def test_findings_are_listed_by_kind(run: Run, folder: Folder) -> None:
    def fill(people, templates, _):
        ada, bea = people.create(name="Ada Byron"), people.create(name="Bea")
        again = replace(make_template(3), embedding=make_template(1).embedding)
        templates.add(ada.person_id, [make_template(1), again, make_template(4)])
        templates.add(bea.person_id, [replace(make_template(5), embedding=make_template(4).embedding)])
        return ada.person_id, bea.person_id

    ada, bea = folder.fill(fill)
    words = run("health").stdout
    for line in (
        "Unlike the person's other photos: 1",
        "nearer to Bea",
        "Two people who look alike: 1",
        "Twice the same picture: 1",
        "Bea: 1 of at least 2",
        "4 findings",
    ):
        assert line in words
    rows = json_lines(run("health", "--json"))
    assert [row["kind"] for row in rows] == ["unlike_others", "look_alikes", "near_identical", "few_photos"]
    assert (rows[0]["person_id"], rows[0]["other_id"]) == (ada, bea)


def test_namesakes_are_told_apart(run: Run, folder: Folder) -> None:
    def fill(people, templates, _):
        for number, staff_number in enumerate(("7", "8")):
            person = people.create(name="Ada", staff_number=staff_number)
            templates.add(person.person_id, [make_template(number)])

    folder.fill(fill)
    words = run("health").stdout
    assert "Ada (7): 1 of at least 2" in words
    assert "Ada (8): 1 of at least 2" in words


def test_nothing_is_amiss_with_nobody(run: Run, folder: Folder) -> None:
    folder.open().close()
    assert run("health").stdout == "0 findings\n"
