"""Keeping faces that were not recognised, where the policy says so."""

from datetime import timedelta

import numpy as np

from faceaccess.recognition.calibration import cluster_distance
from faceaccess.recognition.types import MatchPolicy
from faceaccess.settings import DoorSettings
from faceaccess.store import clock
from faceaccess.store.people.visitors import VisitorFaces
from faceaccess.store.policy.policies import Policies
from faceaccess.vision.types import FloatArray


class UnknownFaces:
    """Keeps them as long as the door's policy says at that moment, which may be not at all."""

    def __init__(self, policies: Policies, faces: VisitorFaces) -> None:
        self._policies, self._faces = policies, faces

    def keep(self, seq: int, embedding: FloatArray, policy: MatchPolicy) -> None:
        """Keep the face of an entry; one near a face that is ignored is ignored too.

        Called from the inference thread, in the entry's transaction.

        Args:
            seq: of the entry.
            embedding: (D,) float32 of unit norm.
            policy: the numbers in force, of the model that made the embedding.
        """
        hours = self._policies.read(DoorSettings).keep_unknown_h
        if not hours:
            return
        # Here too, for a door without a window: what is too old must not decide about the new one.
        self._faces.expire(clock.utc_now() - timedelta(hours=hours))
        ignored, why = self._faces.ignored(policy.model_id)
        mark = None
        if why:
            far = 2 - 2 * ignored @ embedding
            nearest = int(np.argmin(far))
            if far[nearest] <= cluster_distance(policy.model_id, policy):
                mark = why[nearest]
        self._faces.keep(seq, embedding, policy.model_id, mark)
