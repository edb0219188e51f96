"""The picture of an entry as a photo: what the log keeps of a face at the door is enough to enrol it."""

from pathlib import Path

import numpy as np
import pytest

from faceaccess.errors import EnrolmentError
from faceaccess.recognition.calibration import enrolment_limits
from faceaccess.vision.alignment import loose_crop
from faceaccess.vision.sources.images import photo_files, to_jpeg
from faceaccess.workspace import Workspace
from tests.store.builders import make_entry

pytestmark = [pytest.mark.models, pytest.mark.filterwarnings("ignore")]


def test_the_newest_picture_of_an_entry_is_added_and_recognised(tmp_path: Path, lfw: Path) -> None:
    folders = sorted((lfw / "images").iterdir())
    first, second = next(photos for folder in folders if len(photos := photo_files(folder)) > 4)[:2]
    with Workspace.open(tmp_path / "data") as space:
        enrolled = space.reception.enrolment.enrol(
            space.access.actor, name="Person 1", staff_number=None, department="",
            reviews=[space.reception.enrolment.review_file(first)],
        )  # fmt: skip
        at_the_door = space.reception.enrolment.review_file(second)
        crop, landmarks = loose_crop(at_the_door.image, at_the_door.detection)
        entry = make_entry(enrolled.person_id)
        event = space.journal.append(entry, to_jpeg(crop), landmarks=landmarks)
        review = space.reception.enrolling.review_door_photo(event.seq)
        assert review.problem is None
        assert space.reception.enrolment.add_photos(space.access.actor, enrolled.person_id, [review]) == 1
        (found,) = space.models.recogniser.gallery.search(at_the_door.embedding[None].astype(np.float32), 1)
        assert found[0].person_id == enrolled.person_id
        limits = enrolment_limits(space.models.model_id)
        assert limits is not None
        assert found[0].distance <= limits.same_picture
        older = space.journal.append(make_entry(enrolled.person_id), b"aligned face alone")
        with pytest.raises(EnrolmentError, match="can't be used any more"):
            space.reception.enrolling.review_door_photo(older.seq)
