"""A site with real faces: enrolled from photos, and seen by a camera that spoils what it shows."""

from dataclasses import replace

import numpy as np

from faceaccess.codes import Outcome
from faceaccess.lab.learning.planted_camera import CAMERAS
from faceaccess.learning.photos import photos_of
from faceaccess.store import clock
from faceaccess.store.access.types import Actor
from faceaccess.store.people.consent_texts import LEARNING_LINES
from faceaccess.store.people.types import NewConsent, NewTemplate
from faceaccess.vision.alignment import loose_crop
from faceaccess.vision.portrait import main_face
from faceaccess.vision.sources.images import read_photo, to_jpeg
from tests.store.builders import make_entry

ACTOR = Actor("admin")


class Site:
    """People of a folder of labelled photos: two of each enrolled, two seen at a door."""

    def __init__(self, space, photos, people, camera=CAMERAS[0]):
        self.space, self.camera = space, camera
        self.recogniser = space.models.recogniser
        several = {name: files[:4] for name, files in photos_of(photos).items() if len(files) >= 4}
        self.people = {}
        for name in sorted(several)[:people]:
            looks = [look for path in several[name] if (look := self.look(path)) is not None]
            if len(looks) == 4:
                self.people[name] = self.enrol(name, looks[:2])
                for look in looks[2:]:
                    self.come(self.people[name], look)

    def look(self, path):
        image = read_photo(path).image
        faces = self.recogniser.detector.detect(image)
        return loose_crop(image, main_face(faces, image)) if faces else None

    def enrol(self, name, looks):
        person = self.space.people.create(name=name)
        templates = [
            NewTemplate(
                self.embedding(*look),
                self.recogniser.embedder.model_id,
                9.0,
                to_jpeg(look[0]),
                f"{hash((name, number)) % 2**63:064x}",
                to_jpeg(look[0]),
                look[1],
            )
            for number, look in enumerate(looks)
        ]
        self.space.models.templates.add(person.person_id, templates)
        return person.person_id

    def embedding(self, image, landmarks):
        from faceaccess.models.kept_faces import aligned_by_points

        embedder = self.recogniser.embedder
        return embedder.embed_templates(aligned_by_points(image, landmarks, embedder.alignment)[None])[0]

    def come(self, person_id, look):
        image, landmarks = look
        # The camera's blur is in pixels of a crop whose eyes are 35.2 apart.
        scale = float(np.linalg.norm(landmarks[1] - landmarks[0])) / 35.2
        lit = replace(self.camera, blur_px=self.camera.blur_px * scale).show(image)
        entry = make_entry(
            person_id,
            at=clock.utc_now(),
            outcome=Outcome.ACCEPTED,
            model_id=self.recogniser.embedder.model_id,
        )
        return self.space.journal.append(entry, to_jpeg(lit), landmarks=landmarks)

    def agree(self, people=None, line=LEARNING_LINES["en"]):
        office = self.space.reception.consents
        text = office.write_text(ACTOR, "en", f"I agree to be recognised.\n\n{line}")
        for person_id in self.people.values() if people is None else people:
            office.record(ACTOR, person_id, NewConsent(text.version, clock.utc_now().date()))
