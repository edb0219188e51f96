"""Training: it learns, goes on where it was stopped, and what goes wrong is said and loses nothing."""

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest
import torch

from faceaccess.codes import Loss, Mining
from faceaccess.errors import Cancelled, ModelError
from faceaccess.learning.batches import BatchShape
from faceaccess.learning.checkpoints import NAME, read_checkpoint, write_checkpoint
from faceaccess.learning.photos import split
from faceaccess.learning.training import Training, TrainingPlan
from tests.learning.drawn import build_drawn, drawn_crops

PLAN = TrainingPlan(
    "drawn", dimension=4, steps=40, batch=BatchShape(5, 3, 2), judge_every=5, mine_every=7, learning_rate=5e-3
)


@pytest.fixture(scope="module")
def crops():
    return split(drawn_crops(people=30), 3)


def training(plan, crops, folder, **options):
    return Training(plan, *crops, folder, build=build_drawn, **options)


@pytest.mark.parametrize(
    ("loss", "mining"),
    [
        *((Loss.TRIPLET, mining) for mining in Mining),
        (Loss.CONTRASTIVE, Mining.SEMI_HARD),
        (Loss.SOFTMAX, Mining.SEMI_HARD),
    ],
)
def test_learning_learns_and_goes_on_along_the_same_losses(crops, tmp_path, loss, mining):
    """Stopped at several steps, also between checkpoints and rounds of offline mining."""
    plan = replace(PLAN, loss=loss, mining=mining)
    whole = training(plan, crops, tmp_path / "whole").run()
    for stop in (3, 11, 26):
        steps = iter(range(stop))
        with pytest.raises(Cancelled, match="Stopped after"):
            training(plan, crops, tmp_path / "parts").run(is_cancelled=lambda: next(steps, None) is None)  # noqa: B023
    resumed = training(plan, crops, tmp_path / "parts").run()
    assert resumed.losses == whole.losses
    assert resumed.points == whole.points
    for name, tensor in whole.network.state_dict().items():
        assert torch.equal(tensor, resumed.network.state_dict()[name]), name
    assert len(whole.losses) == plan.steps
    if mining is not Mining.HARD:
        assert whole.points[-1].auc > whole.points[0].auc


def test_a_network_that_follows_another_is_judged_against_it(crops, tmp_path):
    learnt, _ = crops
    former = training(PLAN, crops, tmp_path / "old").run().network
    from faceaccess.learning.training import embed

    old = embed(former, learnt.crops, torch.device("cpu"))
    plan = replace(PLAN, seed=1, compatible_with="old")
    harmonic = training(plan, crops, tmp_path / "new", former=old).run().network
    alone = training(replace(PLAN, seed=1), crops, tmp_path / "alone").run().network
    new, other = (embed(network, learnt.crops, torch.device("cpu")) for network in (harmonic, alone))
    from faceaccess.learning.judging import HeldOut

    judge = HeldOut(learnt.labels, resamples=0)
    assert judge.judge(new, old).auc.mean > judge.judge(other, old).auc.mean + 0.1


def test_it_ends_on_a_plateau(crops, tmp_path):
    trained = training(replace(PLAN, patience=2, learning_rate=0.0, steps=100), crops, tmp_path).run()
    assert trained.is_plateau
    assert [point.step for point in trained.points] == [0, 5, 10]


def test_another_plan_or_other_photos_do_not_go_on_with_a_run(crops, tmp_path):
    training(replace(PLAN, steps=5), crops, tmp_path).run()
    for plan, photos in (
        (replace(PLAN, steps=6), crops),
        (replace(PLAN, steps=5), split(drawn_crops(30, 3), 3)),
    ):
        with pytest.raises(ModelError, match="other photos or arguments"):
            training(plan, photos, tmp_path).run()


def test_a_loss_that_is_no_number_leaves_the_last_good_checkpoint(crops, tmp_path):
    run = training(PLAN, crops, tmp_path)
    with pytest.raises(ModelError, match="not a number") as caught:
        run.run(on_point=lambda point: _spoil(run) if point.step == 10 else None)
    assert "--learning-rate" in str(caught.value.hint)
    state = read_checkpoint(tmp_path)
    assert state["step"] == 10
    assert all(
        torch.isfinite(tensor).all() for tensor in state["network"].values() if tensor.is_floating_point()
    )


def _spoil(run):
    with torch.no_grad():
        next(run._network.parameters()).fill_(float("nan"))


def test_a_damaged_checkpoint_is_said(tmp_path):
    (tmp_path / NAME).write_bytes(b"not a checkpoint")
    with pytest.raises(ModelError, match="damaged"):
        read_checkpoint(tmp_path)


def test_a_full_disk_leaves_the_checkpoint_before(tmp_path, monkeypatch):
    write_checkpoint(tmp_path, {"step": 1})

    def no_space(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(ModelError, match="No space left"):
        write_checkpoint(tmp_path, {"step": 2})
    assert read_checkpoint(tmp_path) == {"step": 1}
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_two_people_or_nobody_with_two_photos_is_said():
    with pytest.raises(ModelError, match="too few people"):
        split(drawn_crops(people=2), 3)
    with pytest.raises(ModelError, match="too few people"):
        split(drawn_crops(people=30, photos=1), 3)


CHILD = """
import sys
from pathlib import Path
from dataclasses import replace
import torch
torch.set_num_threads(1)
from tests.learning.test_training import PLAN, training
from tests.learning.drawn import drawn_crops
from faceaccess.learning.photos import split
plan = replace(PLAN, steps=400)
run = training(plan, split(drawn_crops(people=30), 3), Path(sys.argv[1]))
losses = run.run(on_point=lambda point: print(point.step, flush=True)).losses
Path(sys.argv[1], "losses").write_text(repr(losses))
"""


def _child(folder):
    return subprocess.Popen([sys.executable, "-c", CHILD, str(folder)], stdout=subprocess.PIPE, text=True)


def _to_the_end(folder):
    with _child(folder) as child:
        child.communicate(timeout=300)
    assert child.returncode == 0
    return (folder / "losses").read_text()


@pytest.mark.slow
def test_ten_kills_end_in_the_same_curve(tmp_path):
    chance, reached = random.Random(0), []
    for _ in range(10):
        with _child(tmp_path / "killed") as child:
            # Some steps on, wherever it is by then: between checkpoints, or while one is written.
            lines = [child.stdout.readline() for _ in range(chance.randint(2, 7))]
            time.sleep(chance.uniform(0, 0.05))
            assert child.poll() is None
            child.send_signal(signal.SIGKILL)
            reached.append(int(lines[-1]))
    assert len(set(reached)) > 3
    assert _to_the_end(tmp_path / "killed") == _to_the_end(tmp_path / "whole")
