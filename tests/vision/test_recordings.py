"""Recordings as they really are: with pauses, squeezed, cut off, black, or of no kind that can be decoded."""

import os
import struct
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial

import cv2
import numpy as np
import pytest

from faceaccess.errors import CameraError
from faceaccess.vision.sources.capture import CaptureProcess
from faceaccess.vision.sources.recordings import ImageFolder, PlayedVideo, VideoFile

DAY = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def write_video(path, pictures, fps=10.0):
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), fps, pictures[0].shape[1::-1])
    for picture in pictures:
        writer.write(picture)
    writer.release()
    return path


def plain(value, size=(48, 64)):
    return np.full((*size, 3), value, np.uint8)


@pytest.fixture
def video(tmp_path):
    return write_video(tmp_path / "door.mp4", [plain(30 * value) for value in range(7)])


def frames(source):
    found = []
    while (frame := source.read()) is not None:
        found.append(frame)
    source.close()
    return found


def with_durations(path, ticks):
    """Give each picture a duration of its own, as recorders that pause do: the table of times is new.

    The table, `stts`, gets a row for each picture in place of one for all.
    """
    table = struct.pack(">II", 0, len(ticks)) + b"".join(struct.pack(">II", 1, each) for each in ticks)
    # The list of edits would end the video at its former length.
    path.write_bytes(path.read_bytes().replace(b"edts", b"free"))
    replace_box(path, b"stts", struct.pack(">I4s", 8 + len(table), b"stts") + table)


def replace_box(path, kind, box, parents=(b"moov", b"trak", b"mdia", b"minf", b"stbl")):
    """Put a box of an MP4 file in another's place, and correct the sizes of those around it."""
    data = bytearray(path.read_bytes())
    at = data.index(kind) - 4
    size = struct.unpack(">I", data[at : at + 4])[0]
    for parent in parents:
        place = data.index(parent) - 4
        old = struct.unpack(">I", data[place : place + 4])[0]
        data[place : place + 4] = struct.pack(">I", old + len(box) - size)
    # The pictures come before the tables, so their places stay.
    assert data.index(b"mdat") < at
    path.write_bytes(bytes(data[:at]) + box + bytes(data[at + size :]))


def ticks_of(path):
    data = path.read_bytes()
    at = data.index(b"stts") + 4
    return struct.unpack(">I", data[at + 12 : at + 16])[0]


def test_every_frame_of_a_file_comes_on_its_own_clock(video):
    found = frames(VideoFile(video, DAY))
    assert [frame.index for frame in found] == list(range(7))
    assert [frame.time_s for frame in found] == pytest.approx([i / 10 for i in range(7)])
    assert [frame.captured_at for frame in found] == [
        DAY + timedelta(seconds=frame.time_s) for frame in found
    ]
    assert found[3].image.mean() == pytest.approx(90, abs=6)


def test_a_recording_with_a_pause_keeps_its_times(video):
    """Times were counted by the average rate: who came after a pause came too early, or not at all."""
    tick = ticks_of(video)
    with_durations(video, [tick, tick, tick * 300, tick, tick, tick, tick])
    found = [frame.time_s for frame in frames(VideoFile(video))]
    assert found == pytest.approx([0, 0.1, 0.2, 30.2, 30.3, 30.4, 30.5], abs=0.01)


def test_a_recording_ended_when_its_file_was_written(video):
    written = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
    os.utime(video, (written.timestamp(), written.timestamp()))
    found = frames(VideoFile(video))
    assert found[0].captured_at == written - timedelta(seconds=0.7)


@pytest.mark.parametrize("hours", [-48, 48])
def test_no_picture_is_of_the_future(video, hours):
    """Entries of a recording lay as far ahead as the file was long."""
    written = datetime.now(UTC) + timedelta(hours=hours)
    os.utime(video, (written.timestamp(), written.timestamp()))
    for source in (VideoFile(video), VideoFile(video, datetime.now(UTC) - timedelta(seconds=0.1))):
        assert all(frame.captured_at <= datetime.now(UTC) for frame in frames(source))


def test_pixels_that_are_not_square_are_made_so(tmp_path):
    path = write_video(tmp_path / "squeezed.mp4", [plain(90 + value) for value in range(5)])
    data = path.read_bytes()
    at = data.index(b"esds") - 4
    size = struct.unpack(">I", data[at : at + 4])[0]
    shape = struct.pack(">I4sII", 16, b"pasp", 2, 1)
    around = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"mp4v\0\0")
    replace_box(path, b"esds", data[at : at + size] + shape, around)
    assert frames(VideoFile(path))[0].image.shape == (48, 128, 3)


@pytest.mark.parametrize("value", [0, 90])
def test_a_recording_that_shows_nothing_is_said_at_its_end(tmp_path, value):
    """Interlaced video decoded to black or to memory, and the command ended as if nobody had come."""
    source = VideoFile(write_video(tmp_path / "black.mp4", [plain(value)] * 30))
    with pytest.raises(CameraError, match=r"black\.mp4 are black or show nothing new") as caught:
        frames(source)
    assert "interlaced" in caught.value.hint


def test_a_dark_beginning_is_no_fault(tmp_path):
    pictures = [plain(0)] * 20 + [plain(40 + value) for value in range(20)]
    assert len(frames(VideoFile(write_video(tmp_path / "dawn.mp4", pictures)))) == 40


def test_a_recording_that_was_cut_off_is_judged_and_said(tmp_path):
    noise = np.random.default_rng(1).integers(0, 255, (60, 48, 64, 3), dtype=np.uint8)
    path = write_video(tmp_path / "cut.avi", list(noise))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    source, found = VideoFile(path), []

    def play():
        while (frame := source.read()) is not None:
            found.append(frame)

    with pytest.raises(CameraError, match=r"ends after . of 6 s"):
        play()
    assert 10 < len(found) < 50


def test_a_file_without_a_picture_is_an_error_not_an_end(tmp_path):
    """Codecs that can't be decoded gave no picture, no word and exit code 0."""
    path = write_video(tmp_path / "coded.mp4", [plain(90 + value) for value in range(5)])
    data = path.read_bytes()
    at = data.index(b"mdat") + 4
    path.write_bytes(data[:at] + bytes(data.index(b"moov") - 4 - at) + data[data.index(b"moov") - 4 :])
    with pytest.raises(CameraError, match=r"coded\.mp4 can't be played"):
        frames(VideoFile(path))


def test_a_folder_of_photos_gives_one_a_second_and_names_those_it_could_not_read(tmp_path):
    for name in ("a.png", "c.png"):
        cv2.imwrite(str(tmp_path / name), plain(90))
    (tmp_path / "b.png").write_bytes(b"broken")
    source = ImageFolder(tmp_path, DAY)
    found = [source.read(), source.read()]
    assert [(frame.index, frame.time_s) for frame in found] == [(0, 0.0), (2, 2.0)]
    assert found[1].captured_at == DAY + timedelta(seconds=2)
    with pytest.raises(CameraError, match=r"can't be read: b\.png\."):
        source.read()


def test_the_photos_of_a_folder_are_not_of_the_future(tmp_path):
    for number in range(5):
        cv2.imwrite(str(tmp_path / f"{number}.png"), plain(90))
    assert all(frame.captured_at <= datetime.now(UTC) for frame in frames(ImageFolder(tmp_path)))


def test_a_recorder_whose_clock_was_never_set_says_nothing(video):
    os.utime(video, (0, 0))
    frame = VideoFile(video).read()
    assert datetime.now(UTC) - timedelta(minutes=1) < frame.captured_at <= datetime.now(UTC)


def test_a_folder_without_any_photo_that_can_be_read_is_not_said_to_be_judged(tmp_path):
    (tmp_path / "a.jpg").write_text("no photo")
    with pytest.raises(CameraError) as error:
        ImageFolder(tmp_path).read()
    assert "nothing was judged" in error.value.hint


def test_a_recording_plays_as_a_camera(video):
    """What keeps a stream's address from naming a file kept benchmarks from playing their recordings."""
    with closing(CaptureProcess(partial(PlayedVideo, video))) as capture:
        frame = capture.receive(60.0)
    assert frame is not None
    assert frame.image.shape == (48, 64, 3)
