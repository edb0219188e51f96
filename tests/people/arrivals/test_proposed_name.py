"""Names that files and folders of photos suggest, and those that suggest none."""

from pathlib import Path

import pytest

from faceaccess.people.arrivals.proposed_name import name_in, proposed_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ada_Lovelace_0001", "Ada Lovelace"),
        ("ada-lovelace", "Ada Lovelace"),
        ("ada.lovelace (2)", "Ada Lovelace"),
        ("Jean-Luc O'Neill", "Jean-Luc O'Neill"),
        ("Zoë_von_der_Heide_12", "Zoë von der Heide"),
        ("María José McDonald", "María José McDonald"),
    ],
)
def test_files_that_are_named_after_somebody(text: str, name: str) -> None:
    assert name_in(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "IMG_2034", "DSC0001", "DSC_0001", "PXL_20260304_091523", "Screenshot from 2026-03-04 09-15-23",
        "Screenshot_20260304", "WhatsApp Image 2026-03-04", "Bildschirmfoto 2026-03-04", "photo", "ada",
        "0001", "2026-03-04", "new photo", "Camera Roll", "a" * 32, "8f3c-11aa",
        "", "one two three four five six",
    ],
)  # fmt: skip
def test_files_that_are_named_by_a_camera_or_a_program(text: str) -> None:
    assert name_in(text) == ""


def test_a_folder_is_asked_where_the_file_says_nothing() -> None:
    assert proposed_name(Path("/staff/Ada_Lovelace/IMG_2034.jpg")) == "Ada Lovelace"
    assert proposed_name(Path("/home/Downloads/IMG_2034.jpg")) == ""
    assert proposed_name(Path("/staff/Ada_Lovelace/Grace_Hopper_2.jpg")) == "Grace Hopper"
