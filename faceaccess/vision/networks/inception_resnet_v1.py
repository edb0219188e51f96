"""FaceNet's InceptionResnetV1 as facenet-pytorch defines it, from a state dict on disk."""

import pickle
from pathlib import Path

import torch
from torch import nn

from faceaccess.errors import ModelError
from faceaccess.vision.networks.facenet_pytorch import import_facenet_pytorch


def load(weights: Path) -> nn.Module:
    """Build the network: (N, 3, 160, 160) float32 from -1 to 1, to (N, 512) of unit norm.

    Args:
        weights: facenet-pytorch's state dict; its classifier head is dropped.

    Raises:
        ModelError: the file isn't such a state dict.
    """
    network = import_facenet_pytorch().InceptionResnetV1()
    try:
        state = torch.load(weights, map_location="cpu", weights_only=True)
        network.load_state_dict({key: value for key, value in state.items() if not key.startswith("logits.")})
    except (RuntimeError, pickle.UnpicklingError, AttributeError, EOFError) as exc:
        raise ModelError(
            "{name} doesn't hold the weights of InceptionResnetV1.",
            "Fetch the model again.",
            name=weights.name,
        ) from exc
    return network.eval()
