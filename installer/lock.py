"""The packages that a build takes, with the hashes of all their files, for every system."""

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from installer.places import LOCK, ROOT

TOOLS = ("pyinstaller>=6.20,<7", "cyclonedx-python-lib>=11", "hatchling>=1.26")
"""What builds, beside what is bundled. GPL-2.0 with an exception for what it bundles; Apache-2.0; MIT."""

LEFT_OUT = ("torch",)
"""Of the program's own requirements: for GPUs and for learning, five times as large as all the rest."""

CARRIERS = {
    "facenet-pytorch": ("torchvision", "requests"),
    "matplotlib": ("contourpy", "cycler", "fonttools", "kiwisolver", "pyparsing"),
    "scikit-image": ("scipy", "networkx", "imageio", "tifffile", "lazy-loader"),
}
"""Packages taken for their files alone, and what they would bring. The first carries weights, the others the
demo's two portraits."""


def write_lock() -> None:
    """Resolve the requirements anew and write `requirements.lock`, by uv, which knows all systems."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = [*project["dependencies"], *project["optional-dependencies"]["demo"], *TOOLS]
    never = [*LEFT_OUT, *(name for names in CARRIERS.values() for name in names)]
    with tempfile.TemporaryDirectory() as folder:
        wanted, unwanted = Path(folder) / "requirements.in", Path(folder) / "overrides.txt"
        wanted.write_text("\n".join(required) + "\n", encoding="utf-8")
        # The way to say "not at all" to uv: a marker that is never true.
        unwanted.write_text("".join(f'{name}; python_version < "0"\n' for name in never), encoding="utf-8")
        subprocess.run(
            [
                sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes",
                "--no-header", "--no-annotate", "--python-version", "3.11", "--upgrade", "--override",
                unwanted,
                "--output-file", LOCK, wanted,
            ],
            check=True,
        )  # fmt: skip
