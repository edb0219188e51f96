"""Folders follow the environment; resources are found beside the package or in the checkout."""

import logging
from pathlib import Path

import pytest

from faceaccess import log, paths
from faceaccess.errors import FaceAccessError


@pytest.mark.parametrize("noun", ["data", "config", "cache"])
def test_each_folder_can_be_moved(noun: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = getattr(paths, f"{noun}_dir")
    monkeypatch.setenv(f"FACEACCESS_{noun.upper()}_DIR", str(tmp_path))
    assert folder() == tmp_path
    monkeypatch.setenv(f"FACEACCESS_{noun.upper()}_DIR", "  ")
    assert folder().is_absolute()
    assert "FaceAccess" in str(folder())


def test_logs_and_models_lie_in_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACEACCESS_DATA_DIR", str(tmp_path))
    assert paths.log_dir() == tmp_path / "logs"
    assert paths.models_dir() == tmp_path / "models"
    assert paths.log_dir(tmp_path / "other") == tmp_path / "other" / "logs"
    assert paths.models_dir(tmp_path / "other") == tmp_path / "other" / "models"


def test_resources_are_found() -> None:
    assert paths.resource("icons").is_dir()
    with pytest.raises(FaceAccessError, match="none.json is missing"):
        paths.resource("none.json")


@pytest.fixture
def program_log() -> logging.Logger:
    root = logging.getLogger("faceaccess")
    before, level = list(root.handlers), root.level
    yield root
    for handler in [handler for handler in root.handlers if handler not in before]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


@pytest.mark.logs_warnings
def test_the_file_gets_everything_and_standard_error_the_warnings(
    tmp_path: Path, program_log: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    log.set_up(tmp_path)
    log.set_up(tmp_path)
    program_log.info("an information")
    logging.getLogger("faceaccess.test").error("a failure %d", 7)
    text = (tmp_path / "logs" / "faceaccess.log").read_text()
    assert text.count("an information") == text.count("a failure 7") == 1
    assert capsys.readouterr().err == "ERROR: a failure 7\n"


@pytest.mark.logs_warnings
def test_a_log_that_can_not_be_written_costs_only_the_file(
    tmp_path: Path, program_log: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "logs").write_text("")
    log.set_up(tmp_path)
    program_log.error("still here")
    assert "can't be written" in (err := capsys.readouterr().err)
    assert "still here" in err
