"""`faceaccess learn`: networks to train, and what they cost."""

from collections.abc import Sequence
from dataclasses import asdict
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from faceaccess.cli.common import Commands, Json, failing_clearly, print_json
from faceaccess.cli.tables import print_table, print_wrapped

if TYPE_CHECKING:
    from faceaccess.learning.networks.comparison import NetworkCost

app = Commands(no_args_is_help=True)


@app.callback()
def learn() -> None:
    """Train networks, and see which there are to train."""


@app.command()
def networks(
    json: Json = False,
    no_time: Annotated[bool, typer.Option("--no-time", help="Count only, and measure no times.")] = False,
) -> None:
    """List the networks of the FaceNet paper and ours: parameters, FLOPs, and the time for one crop.

    NN1 alone has 140 million parameters: measuring it takes half a minute and 4 GB of memory.
    """
    with failing_clearly():
        _require_torch()
        from faceaccess.learning.networks.comparison import compare

        costs = compare(is_timed=not no_time)
        if json:
            for cost in costs:
                print_json(asdict(cost))
        else:
            _print_costs(list(costs))


def _require_torch() -> None:
    """Check that networks can be trained at all.

    Raises:
        ModelError: torch isn't installed.
    """
    from faceaccess.errors import ModelError

    if find_spec("torch") is None:
        raise ModelError("Learning needs torch.", "Install it: pip install torch.")


def _print_costs(costs: "Sequence[NetworkCost]") -> None:
    numbers = ("Parameters", "Paper's", "FLOPs", "Paper's", "ms")
    rows = [
        (
            cost.name,
            f"{cost.height_px}x{cost.width_px}",
            _millions(cost.parameters),
            _millions(cost.paper_parameters),
            _millions(cost.flops),
            _millions(cost.paper_flops),
            "" if cost.ms is None else f"{cost.ms:.1f}",
        )
        for cost in costs
    ]
    print_table(("Name", "Crop", *numbers), rows, whole=("Name", "Crop"), numbers=numbers)
    names: dict[str, list[str]] = {}
    for cost in costs:
        names.setdefault(cost.note, []).append(cost.name)
    for note, sharing in names.items():
        print_wrapped(f"{', '.join(sharing)}: {note}")
    print_wrapped(
        "Parameters and FLOPs are in millions; a crop is height x width in pixels. As in the paper, a FLOP "
        "is a multiplication with its addition, counted in convolutions and fully connected layers. FLOPs "
        "and time are for one crop; the time is by ONNX Runtime on one thread, the median of five."
    )


def _millions(number: float | None) -> str:
    if number is None:
        return ""
    return f"{number / 1e6:.3g}" if number < 1e9 else f"{number / 1e6:.0f}"
