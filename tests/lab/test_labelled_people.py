import pytest

from faceaccess.errors import FaceAccessError
from faceaccess.lab.evaluations.labelled_people import (
    Half,
    is_in,
    people_in,
    read_columns,
    read_pairs_left_out,
)


@pytest.fixture
def photos(tmp_path):
    folder = tmp_path / "photos"
    for number in range(20):
        (folder / f"person{number}").mkdir(parents=True)
        (folder / f"person{number}" / "1.jpg").touch()
    return folder


def test_the_halves_are_all_people_once(photos):
    even, odd, both = (people_in(photos, half) for half in (Half.EVEN, Half.ODD, Half.ALL))
    assert even.keys() | odd.keys() == both.keys()
    assert not even.keys() & odd.keys()
    assert len(both) == 20
    # SHA-256 of "person0" ends in 4.
    assert is_in("person0", Half.EVEN) != is_in("person0", Half.ODD)


def test_people_named_in_either_column_are_left_out(photos, tmp_path):
    (tmp_path / "out.csv").write_text(
        "person,other,what\nperson3,person7,relatives\nperson3,nobody,\n", "utf-8"
    )
    assert read_pairs_left_out(tmp_path / "out.csv") == {"person3", "person7", "nobody"}
    left = people_in(photos, Half.ALL, tmp_path / "out.csv")
    assert len(left) == 18
    assert not left.keys() & {"person3", "person7"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name,gender\na,b\n", "no columns person and other"),
        (b"", "no columns person and other"),
        (b"person,other\na,\n", "line 2 lacks"),
        (b"person,other\na,b\nc\n", "line 3 lacks"),
        (b"\xff\xfe\x00", "can't be read as a CSV"),
    ],
)
def test_another_file_is_said(tmp_path, content, said):
    (tmp_path / "out.csv").write_bytes(content)
    with pytest.raises(FaceAccessError, match=said) as caught:
        read_pairs_left_out(tmp_path / "out.csv")
    assert "person,other" in caught.value.hint


def test_a_file_or_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(FaceAccessError, match="can't be read"):
        read_columns(tmp_path / "none.csv", ("person", "gender"))
    with pytest.raises(FaceAccessError, match="is not a folder"):
        people_in(tmp_path / "none", Half.ALL)
