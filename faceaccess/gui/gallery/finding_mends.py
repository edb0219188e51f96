"""What a click on a finding does."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from faceaccess.codes import FindingKind
from faceaccess.errors import EnrolmentError
from faceaccess.gui.gallery.finding_card import FindingCard, Mend, worse_photo
from faceaccess.gui.mender import Mender
from faceaccess.gui.people.person_chooser import PersonChooser
from faceaccess.gui.wording import photos as photo_text
from faceaccess.gui.wording.noop import translate
from faceaccess.store.people.types import Person

if TYPE_CHECKING:
    from faceaccess.people.gallery.health import Finding
    from faceaccess.people.reception import Reception
    from faceaccess.store.access.access import Access
    from faceaccess.store.people.people import People


class FindingMends(QObject):
    """Does what cards announce; `photos_wanted` says for whom new photos are to be taken."""

    photos_wanted = Signal(object)

    def __init__(
        self, access: "Access", people: "People", reception: "Reception", mender: Mender, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._access, self._people, self._reception = access, people, reception
        self._mender = mender

    def mend(self, card: FindingCard, choice: str) -> None:
        """Do what is wanted about a finding; what can be undone is offered to be."""
        finding, mend, actor = card.shown.finding, Mend(choice), self._access.actor
        name, other = card.shown.name, card.shown.other_name
        mending, photos = self._reception.mending, list(finding.photo_ids)
        if mend is Mend.ADD_PHOTOS:
            self.photos_wanted.emit(card.shown.person)
            return
        if mend is Mend.GIVE:
            is_given = give_photos(
                self._access,
                self._people,
                self._reception,
                self._mender,
                card.shown.person,
                photos,
                card.window(),
            )
            card.wait(is_given)
            return
        who, with_whom = finding.person_id, str(finding.other_id)
        mends: dict[Mend, tuple[Callable[[], object], str, str]] = {
            Mend.KEEP: (
                partial(self._reception.health.keep, actor, finding),
                who,
                self.tr("It stays."),
            ),
            Mend.DELETE_PHOTO: (
                partial(_delete_photo, self._access, self._reception, finding),
                who,
                self.tr("A photo of {0} is deleted.").format(name),
            ),
            Mend.GIVE_TO_OTHER: (
                partial(mending.move_photos, actor, photos, with_whom),
                who,
                self.tr("The photo is {0}'s.").format(other),
            ),
            Mend.MERGE: (
                partial(mending.merge, actor, with_whom, who),
                who,
                self.tr("{0} and {1} are one person.").format(name, other),
            ),
            Mend.MERGE_OTHER: (
                partial(mending.merge, actor, who, with_whom),
                with_whom,
                self.tr("{0} and {1} are one person.").format(other, name),
            ),
            Mend.ADD_DOOR_PHOTO: (
                partial(_add_door_photo, self._access, self._reception, finding),
                who,
                self.tr("The picture is a photo of {0} now.").format(name),
            ),
            Mend.MAKE_READY: (
                partial(self._reception.enrolling.make_ready, actor),
                who,
                self.tr("Everybody is ready."),
            ),
        }
        change, whose, message = mends[mend]
        card.wait(True)
        self._mender.run(change, whose, message)


def give_photos(
    access: "Access",
    people: "People",
    reception: "Reception",
    mender: Mender,
    person: Person,
    photos: list[int],
    window: QWidget,
) -> bool:
    """Ask whose photos they are that stand under a person, and give them; tell whether it was answered."""
    dialog = PersonChooser(
        people,
        reception,
        translate("FindingMends", "Whose photo is it?"),
        translate("FindingMends", "The photo that stands under {0} becomes this person's.").format(
            person.name
        ),
        leave_out=person.person_id,
        new_label=translate("FindingMends", "Somebody new…"),
        parent=window,
    )
    is_chosen = dialog.exec() == QDialog.DialogCode.Accepted
    choice = dialog.choice()
    dialog.deleteLater()
    if not is_chosen:
        return False
    mending, actor = reception.mending, access.actor
    if choice.person is not None:
        change = partial(mending.move_photos, actor, photos, choice.person.person_id)
        name = choice.person.name
    else:
        change = partial(mending.split, actor, photos, name=choice.new_name, consent=choice.consent)
        name = choice.new_name
    mender.run(change, person.person_id, translate("FindingMends", "The photo is {0}'s.").format(name))
    return True


def _delete_photo(access: "Access", reception: "Reception", finding: "Finding") -> None:
    """Delete the photo that is marked: of two copies the less sharp one."""
    is_pair = finding.kind is FindingKind.NEAR_IDENTICAL
    photos = [worse_photo(reception, finding)] if is_pair else list(finding.photo_ids)
    reception.mending.hide_photos(access.actor, photos)


def _add_door_photo(access: "Access", reception: "Reception", finding: "Finding") -> None:
    """Enrol the picture of an entry, which the operator has just seen beside the photos."""
    assert finding.entry is not None
    review = reception.enrolling.review_door_photo(finding.entry)
    if review.problem is not None:
        wording = photo_text.photo_problem(review.problem)
        why = translate("FindingMends", "This picture is not good enough. {0}.").format(wording.label)
        raise EnrolmentError(why, wording.advice)
    if not reception.enrolment.add_photos(access.actor, finding.person_id, [review]):
        raise EnrolmentError(
            translate("FindingMends", "A photo like this picture is there already."),
            translate("FindingMends", "Nothing was added."),
        )
