"""What libraries print by themselves goes to the log, not to whoever reads the terminal."""

import subprocess
import sys

PROGRAM = """
import logging, os, sys, warnings
from pathlib import Path
from faceaccess import log
log.keep_libraries_apart()
log.set_up(Path(sys.argv[1]))
for _ in range(3):
    os.write(2, b"[swscaler @ 0x55aa] cannot convert\\n")
warnings.warn("a picture is odd")
logging.getLogger("PIL.TiffImagePlugin").warning("its tags are odd")
sys.stderr.write("what the program says\\n")
logging.getLogger("faceaccess.x").warning("a warning of its own")
os.write(2, b"the end\\n")
import time
for _ in range(100):
    if "the end" in Path(sys.argv[1], "logs", "faceaccess.log").read_text():
        break
    time.sleep(0.05)
"""


def test_lines_of_libraries_are_logged_once_and_never_shown(tmp_path):
    """FFmpeg wrote two lines for every picture of an interlaced recording into the terminal."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stderr == "what the program says\nWARNING: a warning of its own\n"
    logged = (tmp_path / "logs" / "faceaccess.log").read_text()
    assert logged.count("[swscaler @ 0x] cannot convert") == 1
    assert "a picture is odd" in logged
    assert "its tags are odd" in logged
