"""Unknown visitors: kept only as the policy says, grouped, and what an operator does about them."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from faceaccess.attendance.corrections import Corrections
from faceaccess.codes import JournalKind, Outcome, Reason, Right, Role, VisitorMark
from faceaccess.door.checkin import CheckIn
from faceaccess.door.entries import EntryLog
from faceaccess.door.unknown_faces import UnknownFaces
from faceaccess.errors import EnrolmentError
from faceaccess.people.disclosure import Disclosure
from faceaccess.people.visitors import MOST_SHOWN, Visitors
from faceaccess.recognition.calibration import OF_THRESHOLD
from faceaccess.recognition.gallery import Gallery
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.recognition.types import MatchPolicy
from faceaccess.settings import DoorSettings
from faceaccess.store import clock
from faceaccess.store.access.groups import GroupMembers
from faceaccess.store.access.types import Actor
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.people import People
from faceaccess.store.people.visitors import VisitorFaces
from faceaccess.store.policy.policies import Policies
from faceaccess.vision.types import LooseCrop, Quality
from tests.builders import NOW, make_decision, make_detection, make_embedding
from tests.fakes import ON_CPU, FakeDetector, FakeEmbedder

ACTOR = Actor("desk")
THRESHOLD = 0.1
NEAR = THRESHOLD * OF_THRESHOLD


class Reception:
    """A door that writes entries, and the desk behind it, on a real store."""

    def __init__(self, folder):
        self.database = Database.open(folder)
        self.journal, self.people = Journal(self.database), People(self.database)
        self.policies = Policies(self.database, self.journal)
        self.faces = VisitorFaces(self.database)
        self.policy = MatchPolicy("fake:1", THRESHOLD, 0.0)
        self.gallery = Gallery("fake:1", 8)
        self.embedder = FakeEmbedder()
        self.log = EntryLog(
            self.journal, camera="Gate", door="Main door", device="CPU", is_recording=False,
            keep_unknown=UnknownFaces(self.policies, self.faces).keep,
        )  # fmt: skip
        recogniser = Recogniser(FakeDetector(), self.embedder, self.gallery, ON_CPU)
        self.visitors = Visitors(
            self.database, self.journal, self.policies,
            door=lambda: recogniser, again=lambda: recogniser, match=lambda: self.policy,
        )  # fmt: skip

    def keep(self, hours):
        self.policies.set(ACTOR, DoorSettings(keep_unknown_h=hours))

    def come(self, who, *, minute=0, outcome=Outcome.UNKNOWN, sharpness=9.0, with_face=True):
        """Let somebody be refused at the door; return the entry's number."""
        grey = np.full((120, 120, 3), 60 + who, np.uint8)
        person = "p" if outcome is Outcome.AMBIGUOUS else None
        check_in = CheckIn(
            replace(make_decision(outcome, person, Reason.NO_MATCH, 0.3), policy=self.policy),
            Quality(100, sharpness, 120, 0, 0.99),
            LooseCrop(grey, make_detection().landmarks),
            NOW + timedelta(minutes=minute),
            0, 0.0, 1,
            embedding=make_embedding(who) if with_face else None,
        )  # fmt: skip
        return self.log.append(check_in).seq

    def groups(self):
        return [group.seqs for group in self.visitors.groups(ACTOR)]


@pytest.fixture
def desk(tmp_path):
    made = Reception(tmp_path / "data")
    made.keep(24)
    yield made
    made.database.close()


def test_nothing_is_kept_until_somebody_says_so(tmp_path):
    desk = Reception(tmp_path)
    seq = desk.come(1)
    assert (desk.faces.count(), desk.groups()) == (0, [])
    assert desk.journal.events.crop(seq) is not None
    desk.database.close()


def test_the_same_unknown_person_is_a_group_with_times_and_doors(desk):
    first, other, last = desk.come(1), desk.come(2, minute=5), desk.come(1, minute=90)
    again, alone = desk.visitors.groups(ACTOR)
    assert (again.seqs, alone.seqs) == ((first, last), (other,))
    assert (again.first_at, again.last_at) == (NOW, NOW + timedelta(minutes=90))
    assert (again.doors, again.person_id, again.number) == (("Main door",), None, first)


def test_the_sharpest_faces_are_shown_first(desk):
    seqs = [desk.come(1, sharpness=10 - number) for number in range(MOST_SHOWN + 2)]
    (group,) = desk.visitors.groups(ACTOR)
    assert group.best == tuple(seqs[:MOST_SHOWN])
    assert desk.visitors.pictures(ACTOR, group.best)[0].shape == (120, 120, 3)


@pytest.mark.parametrize("outcome", sorted(set(Outcome) - {Outcome.UNKNOWN}))
def test_only_who_was_not_recognised_is_kept(desk, outcome):
    desk.come(1, outcome=outcome)
    desk.come(1, with_face=False)
    assert desk.faces.count() == 0


def test_who_is_named_in_the_log_is_no_unknown_visitor(desk):
    """Somebody whom *This is…* had entered stayed in the list of unknown visitors."""
    known, other = desk.come(1), desk.come(2, minute=5)
    corrections = Corrections(desk.database, desk.people, desk.journal)
    ada, now = desk.people.create(name="Ada").person_id, NOW + timedelta(hours=1)
    naming = corrections.identify(ACTOR, known, ada, why="It is her", now=now)
    assert desk.groups() == [(other,)]
    corrections.void(ACTOR, naming.seq, why="It was not")
    assert sorted(desk.groups()) == [(known,), (other,)]


def test_switching_it_off_removes_what_was_kept_at_once(desk):
    desk.come(1)
    desk.keep(0)
    assert desk.faces.count() == 0
    desk.keep(24)
    assert desk.groups() == []


def test_what_is_too_old_goes_by_itself_and_is_not_shown_before(desk, monkeypatch):
    old = desk.come(1)
    started = clock.utc_now()
    monkeypatch.setattr(clock, "utc_now", lambda: started + timedelta(hours=23))
    new = desk.come(2)
    monkeypatch.setattr(clock, "utc_now", lambda: started + timedelta(hours=25))
    assert desk.groups() == [(new,)]
    assert desk.faces.present([old]) == [old]
    assert desk.visitors.expire(Actor("faceaccess", Role.SYSTEM), clock.utc_now()) == 1
    assert desk.faces.present([old, new]) == [new]
    # A door without a window has no chores: the next face removes what is too old.
    monkeypatch.setattr(clock, "utc_now", lambda: started + timedelta(hours=48))
    desk.come(3)
    assert desk.faces.count() == 1


def test_a_face_never_outlives_its_crop(desk):
    seq = desk.come(1)
    with desk.database.transaction() as db:
        db.execute("DELETE FROM crops WHERE seq = ?", [seq])
    assert desk.faces.count() == 0
    seq = desk.come(1)
    desk.journal.append(desk.journal.events.get(seq).entry, None)
    desk.journal.prune(ACTOR, seq)
    assert desk.faces.count() == 0


def test_merged_groups_stay_one_and_take_later_faces(desk):
    one, other, third = desk.come(1), desk.come(2), desk.come(3)
    desk.visitors.merge(ACTOR, [one, other])
    assert desk.groups() == [(one, other), (third,)]
    later = desk.come(2)
    assert desk.groups() == [(one, other, later), (third,)]
    desk.visitors.merge(ACTOR, [later, third])
    assert desk.groups() == [(one, other, third, later)]
    row = desk.journal.rows.newest([JournalKind.VISITORS_MERGED])[0]
    assert (row.actor, row.details) == ("desk", {"entries": [third, later]})
    with pytest.raises(EnrolmentError, match="no longer kept"):
        desk.visitors.merge(ACTOR, [one, 999])


@pytest.mark.parametrize("why", list(VisitorMark))
def test_an_ignored_face_and_whoever_looks_like_it_are_asked_about_no_more(desk, why):
    seq, other = desk.come(1), desk.come(2)
    desk.visitors.ignore(ACTOR, [seq], why)
    assert desk.groups() == [(other,)]
    desk.come(1)
    assert desk.groups() == [(other,)]
    assert desk.faces.ignored("fake:1")[1] == [why, why]
    assert desk.journal.rows.newest([JournalKind.VISITOR_IGNORED])[0].details == {
        "entries": [seq],
        "why": why,
    }


def test_ignoring_is_forgotten_with_the_crops(desk):
    seq = desk.come(1)
    desk.visitors.ignore(ACTOR, [seq], VisitorMark.NEVER_ASK)
    with desk.database.transaction() as db:
        db.execute("DELETE FROM crops")
    assert desk.groups() == []
    later = desk.come(1)
    assert desk.groups() == [(later,)]


def test_deleting_removes_pictures_and_leaves_the_log_whole(desk):
    seq, other = desk.come(1), desk.come(2)
    desk.visitors.delete(ACTOR, [seq])
    assert (desk.journal.events.crop(seq), desk.groups()) == (None, [(other,)])
    assert desk.journal.events.get(seq) is not None
    assert desk.journal.verify().is_good
    with pytest.raises(EnrolmentError, match="no longer kept"):
        desk.visitors.delete(ACTOR, [seq])


def test_only_pictures_of_unknown_visitors_can_be_deleted_here(desk):
    entry = desk.come(1, outcome=Outcome.ACCEPTED)
    with pytest.raises(EnrolmentError):
        desk.visitors.delete(ACTOR, [entry])
    assert desk.journal.events.crop(entry) is not None


def test_who_is_enrolled_from_a_group_leaves_nothing_behind(desk, tmp_path):
    seqs = [desk.come(1), desk.come(1)]
    other = desk.come(2)
    person = desk.people.create(name="Ada Byron")
    desk.visitors.enrolled(ACTOR, seqs, person.person_id)
    assert desk.groups() == [(other,)]
    assert desk.faces.present(seqs) == []
    row = desk.journal.rows.newest([JournalKind.VISITOR_ENROLLED])[0]
    assert (row.person_id, row.details) == (person.person_id, {"entries": seqs})
    # The pictures are the person's now: disclosed, and erased with everything else.
    disclosure = Disclosure(
        desk.database, people=desk.people, journal=desk.journal,
        policies=desk.policies, members=GroupMembers(desk.database),
    )  # fmt: skip
    assert disclosure.write(ACTOR, person.person_id, tmp_path / "ada.zip").pictures == 2
    assert desk.people.erasing.face(person.person_id).crops == 2
    assert [desk.journal.events.crop(seq) for seq in seqs] == [None, None]
    assert desk.journal.events.crop(other) is not None
    assert desk.journal.verify().is_good


def test_a_group_says_who_was_enrolled_meanwhile(desk):
    desk.come(1)
    desk.gallery.replace(
        "fake:1",
        template_ids=np.array([1]),
        person_ids=("ada",),
        is_active=np.array([True]),
        embeddings=make_embedding(1)[None],
    )
    (group,) = desk.visitors.groups(ACTOR)
    assert (group.person_id, group.distance) == ("ada", pytest.approx(0, abs=1e-6))


def test_another_model_embeds_the_crops_anew_and_models_never_mix(desk):
    one, other = desk.come(1), desk.come(2)
    aligned = desk.journal.append(desk.journal.events.get(one).entry, b"chip")
    desk.faces.keep(aligned.seq, make_embedding(9), "fake:1")
    desk.embedder.model_id = "fake:2"
    desk.policy = MatchPolicy("fake:2", THRESHOLD, 0.0)
    desk.gallery.model_id = "fake:2"
    # Pictures of other greys are other people to the fake; one without landmarks can't be used.
    assert desk.groups() == [(one,), (other,)]
    assert desk.faces.of_other_models("fake:2", NOW - timedelta(days=1)) == []
    assert desk.faces.present([aligned.seq]) == []


def test_a_reader_compares_under_the_active_model_too(desk, monkeypatch):
    """Fault: after a switch of the model, the list, which only reads, left out what another had embedded."""
    one = desk.come(1)
    desk.embedder.model_id = "fake:2"
    desk.policy = MatchPolicy("fake:2", THRESHOLD, 0.0)
    desk.gallery.model_id = "fake:2"
    two = desk.come(2)
    monkeypatch.setattr(Database, "is_read_only", True)
    assert desk.groups() == [(one,), (two,)]
    assert [face.seq for face in desk.faces.all("fake:1", NOW - timedelta(days=1))] == [one]


@pytest.mark.parametrize(
    ("use", "right"),
    [
        (Visitors.groups, Right.READ),
        (Visitors.merge, Right.ENROL),
        (Visitors.ignore, Right.ENROL),
        (Visitors.enrolled, Right.ENROL),
        # It removes pictures from the log, as deleting a person does.
        (Visitors.delete, Right.DELETE_PEOPLE),
    ],
)
def test_rights(use, right):
    assert use.needed_right is right
