"""Errors: a template with values that are filled in once."""

import pickle

from faceaccess.errors import CameraError, StoreError, Text, sentences


def test_message_and_hint_share_their_values() -> None:
    error = StoreError("{path} is full.", "Make room in {path}.", path="/srv")
    assert (error.message, error.hint) == ("/srv is full.", "Make room in /srv.")
    assert str(error) == "/srv is full. Make room in /srv."
    assert str(StoreError("It is full.")) == "It is full."


def test_braces_in_a_value_are_no_places() -> None:
    inner = StoreError("There is no folder {folder}.", folder="{count}")
    outer = CameraError("{camera} is left out: {reason}", camera="{0}", reason=inner.message_text)
    assert outer.message == "{0} is left out: There is no folder {count}."


def test_a_text_without_values_stands_as_it_is() -> None:
    assert str(StoreError("{x} is no folder.")) == "{x} is no folder."


def test_an_error_comes_whole_out_of_another_process() -> None:
    error = StoreError(
        "{path} is full.", sentences(Text("Look."), Text("Make {room}.", {"room": 1})), path="a"
    )
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), copy.message, copy.hint) == (StoreError, "a is full.", "Look. Make 1.")
