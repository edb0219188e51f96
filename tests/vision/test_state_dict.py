"""Reading torch's weight files without torch, and without running what they hold."""

import pickle
import struct
import zipfile
from collections import OrderedDict

import numpy as np
import pytest
import torch

from faceaccess.errors import ModelError
from faceaccess.vision.networks.state_dict import read_state_dict

TENSORS = {
    "a": torch.arange(24, dtype=torch.float32).reshape(2, 3, 4),
    "b": torch.arange(24, dtype=torch.float32).reshape(4, 6).T,
    "c": torch.tensor([1.5]),
}


def save(path, tensors, *, is_archive=False):
    torch.save(OrderedDict(tensors), path, _use_new_zipfile_serialization=is_archive)
    return path


@pytest.mark.parametrize("is_archive", [False, True])
def test_tensors_come_back_as_torch_has_them_in_whatever_order_they_lie(tmp_path, is_archive):
    counted = {**TENSORS, "batches": torch.tensor(7)}
    found = read_state_dict(save(tmp_path / "w.pt", counted, is_archive=is_archive))
    assert list(found) == list(TENSORS)
    assert all(np.array_equal(found[name], tensor.numpy()) for name, tensor in TENSORS.items())


def test_a_file_that_would_run_something_is_refused(tmp_path):
    mark, path = tmp_path / "ran", tmp_path / "w.pt"

    class Evil:
        def __reduce__(self):
            return (open, (str(mark), "w"))

    header = [pickle.dumps(each, 2) for each in (0x1950A86A20F9469CFC6C, 1001, {})]
    path.write_bytes(b"".join(header) + pickle.dumps(Evil(), 2))
    with pytest.raises(ModelError):
        read_state_dict(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("w/data.pkl", pickle.dumps(Evil(), 2))
    with pytest.raises(ModelError):
        read_state_dict(path)
    assert not mark.exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x80\x02N.", bytes(100)])
def test_another_file_is_refused(tmp_path, content):
    path = tmp_path / "w.pt"
    path.write_bytes(content)
    with pytest.raises(ModelError):
        read_state_dict(path)


@pytest.mark.parametrize("is_archive", [False, True])
def test_a_file_that_was_cut_is_refused(tmp_path, is_archive):
    path = save(tmp_path / "w.pt", TENSORS, is_archive=is_archive)
    whole = path.read_bytes()
    for length in (len(whole) // 3, len(whole) - 60, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(ModelError):
            read_state_dict(path)


def test_numbers_of_another_kind_and_tensors_beyond_their_storage_are_refused(tmp_path):
    for is_archive in (False, True):
        with pytest.raises(ModelError):
            read_state_dict(save(tmp_path / "w.pt", {"a": torch.zeros(4).double()}, is_archive=is_archive))
    plain, packed_path = save(tmp_path / "w.pt", TENSORS, is_archive=True), tmp_path / "z.pt"
    with zipfile.ZipFile(plain) as archive, zipfile.ZipFile(packed_path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in archive.namelist():
            packed.writestr(name, archive.read(name))
    with pytest.raises(ModelError):
        read_state_dict(tmp_path / "z.pt")
    path = save(tmp_path / "w.pt", {"a": torch.zeros(4)})
    data = path.read_bytes()
    shorter = data.replace(struct.pack("<q", 4) + bytes(16), struct.pack("<q", 2) + bytes(8))
    assert shorter != data
    path.write_bytes(shorter)
    with pytest.raises(ModelError):
        read_state_dict(path)
