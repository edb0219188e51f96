"""Options that several evaluations take."""

from pathlib import Path
from typing import Annotated

import typer

Photos = Annotated[Path, typer.Option("--photos", help="A folder with one sub-folder of photos per person.")]
Model = Annotated[str, typer.Option("--model", help="The model's name, as `models list` shows it.")]
Beside = Annotated[
    str | None,
    typer.Option("--beside", help="Another model, measured on the same photos.", show_default=False),
]
