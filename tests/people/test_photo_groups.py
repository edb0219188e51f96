"""A folder of photos by who is in them."""

import csv
import os

import cv2
import numpy as np
import pytest
from PIL import Image

from faceaccess.errors import Cancelled, EnrolmentError
from faceaccess.people.gallery.contact_sheet import draw_sheets
from faceaccess.people.gallery.photo_groups import check_place, find_faces, group_faces, write_groups
from faceaccess.recognition.gallery import Gallery
from faceaccess.recognition.pipeline import Recogniser
from faceaccess.vision.sources.images import to_jpeg
from tests.builders import make_detection
from tests.fakes import ON_CPU, FakeDetector, FakeEmbedder


def save(path, grey):
    """A photo of the person of that number."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((120, 160, 3), grey, np.uint8)).save(path)


def recogniser_of(*plan):
    return Recogniser(FakeDetector(plan), FakeEmbedder(), Gallery("fake:1", 8), ON_CPU)


@pytest.fixture
def photos(tmp_path):
    folder = tmp_path / "photos"
    for path, grey in (("a.png", 90), ("deep/er/b.PNG", 90), ("c.jpg", 130), ("deep/d.bmp", 90)):
        save(folder / path, grey)
    return folder


def test_all_faces_below_a_folder_are_grouped_and_written(photos, tmp_path):
    found = find_faces(photos, recogniser_of())
    grouped = group_faces(found, 0.1)
    assert (found.photos, len(found.faces), found.unclear) == (4, 4, 0)
    assert [[str(found.faces[i].photo) for i in group] for group in grouped.groups] == [
        ["a.png", os.path.join("deep", "d.bmp"), os.path.join("deep", "er", "b.PNG")]
    ]
    assert [str(found.faces[i].photo) for i in grouped.alone] == ["c.jpg"]
    table, sheet = write_groups(found, grouped, tmp_path / "out" / "new")
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["group", "faces_in_group", "photo", "x1", "y1", "x2", "y2"]
    assert [row[:2] for row in rows[1:]] == [["1", "3"]] * 3 + [["", "1"]]
    assert rows[1][3:] == ["30", "20", "90", "80"]
    assert sheet.name == "contact-sheet.png"
    assert cv2.imread(str(sheet)) is not None


def test_several_faces_of_a_photo_count_each_and_unclear_ones_are_left_out(tmp_path):
    save(tmp_path / "group.png", 90)
    faces = [make_detection(), make_detection(5, 60, side=50), make_detection(100, 10, side=30)]
    found = find_faces(tmp_path, recogniser_of(faces))
    assert (len(found.faces), found.unclear) == (2, 1)


def test_photos_that_cannot_be_read_are_listed_and_hold_nothing_up(photos):
    (photos / "empty.jpg").touch()
    (photos / "deep" / "noise.png").write_bytes(b"\x89PNG noise")
    (photos / "gone.jpg").symlink_to(photos / "nowhere")
    (photos / "loop").symlink_to(photos)
    os.mkfifo(photos / "pipe.jpg")
    found = find_faces(photos, recogniser_of())
    assert found.photos == 4
    assert {path.name for path, _ in found.unreadable} == {"empty.jpg", "noise.png"}


def test_a_folder_without_photos_or_faces(tmp_path):
    with pytest.raises(EnrolmentError, match="no folder"):
        find_faces(tmp_path / "none", recogniser_of())
    (tmp_path / "notes.txt").write_text("no photo")
    with pytest.raises(EnrolmentError, match="no photos"):
        find_faces(tmp_path, recogniser_of())
    save(tmp_path / "wall.png", 90)
    found = find_faces(tmp_path, recogniser_of([]))
    grouped = group_faces(found, 0.1)
    assert (found.faces, grouped.groups, grouped.alone) == ((), (), ())
    assert [path.name for path in write_groups(found, grouped, tmp_path / "out")] == ["groups.csv"]


def test_it_can_be_stopped(photos):
    with pytest.raises(Cancelled, match="Photos done: 2 of 4"):
        find_faces(photos, recogniser_of(), is_cancelled=iter([False, False, True]).__next__)


def test_nothing_is_written_over_or_among_the_photos(photos, tmp_path):
    with pytest.raises(EnrolmentError, match="exists already"):
        check_place(photos, tmp_path / "others")
    with pytest.raises(EnrolmentError, match="among the photos"):
        check_place(photos / "groups", photos)
    check_place(tmp_path / "new", photos)


def test_a_name_that_a_spreadsheet_would_take_for_a_formula(tmp_path):
    save(tmp_path / "in" / "=1+1.png", 90)
    found = find_faces(tmp_path / "in", recogniser_of())
    (table, _) = write_groups(found, group_faces(found, 0.1), tmp_path / "out")
    assert ",'=1+1.png," in table.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(("faces", "pages"), [(1, 1), (240, 1), (241, 2), (500, 3)])
def test_many_faces_take_several_pages(faces, pages):
    tile = to_jpeg(np.full((40, 60, 3), 128, np.uint8))
    names = [name for name, _ in draw_sheets([("Group 1", [tile] * faces)])]
    assert len(names) == pages
    assert names[0] == ("contact-sheet.png" if pages == 1 else "contact-sheet-001.png")
