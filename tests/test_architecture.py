"""Arrows point down, and Qt exists only under `gui`: read from the source, and from what is loaded."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests import house

PACKAGE = Path(__file__).resolve().parent.parent / "faceaccess"
BASE = {
    "apart", "codes", "errors", "exchange", "foreign_files", "log", "memory", "paths", "plain_text",
    "settings", "steady", "",
}  # fmt: skip
USE_CASES = {"door", "people", "attendance", "models", "upkeep"}
ALLOWED = {
    "errors": set(),
    "codes": set(),
    "steady": set(),
    "exchange": {"steady"},
    "apart": {"errors"},
    "foreign_files": set(),
    "memory": set(),
    "paths": {"errors"},
    "plain_text": set(),
    "manual": {"errors", "paths"},
    "log": {"errors", "paths", "plain_text"},
    "settings": {"errors", "codes", "foreign_files", "paths", "plain_text"},
    "vision": BASE,
    "store": BASE,
    "recognition": BASE | {"vision"},
    "models": BASE | {"vision", "recognition", "store"},
    "door": BASE | {"vision", "recognition", "store"},
    "people": BASE | {"vision", "recognition", "store", "models"},
    "attendance": BASE | {"store"},
    "upkeep": BASE | {"store"},
    "learning": BASE | {"vision", "recognition", "store", "models"},
    "machine": {"settings"},
    "workspace": BASE | {"learning", "machine", "vision", "recognition", "store"} | USE_CASES,
    "gui": BASE | {"learning", "machine", "manual", "workspace"} | USE_CASES,
    "cli": BASE
    | {"learning", "machine", "manual", "workspace", "vision", "recognition", "store"}
    | USE_CASES,
    "lab": BASE | {"cli", "learning", "workspace", "vision", "recognition", "store"} | USE_CASES,
    "__main__": {"cli", "gui", "log", "memory", "paths"},
}
TYPES_ONLY = {"recognition", "store", "vision"}
QT_ONLY_IN = "gui"
NEVER_IN_GUI = {"torch", "faiss", "cv2", "sqlite3", "sqlcipher3", "sqlite_utils", "dlib", "onnxruntime"}
SAY_NOTHING = {"found", "words", "each", "wanted", "kept", "one", "given", "made", "fresh"}
NAMED_IN_OUTPUT = {("lab/measures/detector_report.py", "found"), ("store/people/types.py", "words")}
"""Fields that are keys of what `evaluate detectors` and `consents due` print with `--json`."""


@pytest.fixture(scope="module", autouse=True)
def _parsed_once():
    """Forget the syntax of all modules at the end, which is a lot."""
    yield
    house.nodes.cache_clear()
    house.tree.cache_clear()


def modules():
    return sorted(PACKAGE.rglob("*.py"))


def room(path):
    relative = path.relative_to(PACKAGE)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


def imports(path):
    """Each imported module, and whether only a type checker sees it."""
    checked = {
        id(inner)
        for node in house.nodes(path)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in house.nodes(path):
        if isinstance(node, ast.Import):
            yield from ((alias.name, id(node) in checked) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "faceaccess":
                yield from ((f"faceaccess.{alias.name}", id(node) in checked) for alias in node.names)
            else:
                yield node.module, id(node) in checked


def is_upward(path, name):
    """Whether a module must not import another of ours."""
    here, parts = room(path), name.split(".")
    there = parts[1]
    if there in (here, "__version__"):
        return False
    if here == "gui" and there in TYPES_ONLY:
        return parts[-1] != "types"
    if there == "lab":
        return path.name != "app.py" or here != "cli"
    if here in ("cli", "lab") and there == "gui":
        return name not in ("faceaccess.gui.app", "faceaccess.gui.printing", "faceaccess.gui.rehearsal")
    return there not in ALLOWED[here]


def test_arrows_point_down():
    upward = [
        f"{path.relative_to(PACKAGE)} imports {name}"
        for path in modules()
        if room(path) != "__init__"
        for name, is_checked_only in imports(path)
        if name.startswith("faceaccess.") and not is_checked_only and is_upward(path, name)
    ]
    assert upward == []


def _name(path):
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _needs(path, names):
    """The modules of ours that one imports, wherever in it and whoever sees the import."""
    for node in house.nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in names)
        elif isinstance(node, ast.ImportFrom) and node.module in names:
            inner = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (name if name in names else node.module for name in inner)


def test_no_two_modules_need_each_other():
    """What depends on itself by way of others can't be read, tested or moved alone."""
    paths = {_name(path): path for path in modules() if room(path) not in ("gui", "cli")}
    needed = {name: set(_needs(path, paths)) - {name} for name, path in paths.items()}
    while leaves := {name for name, others in needed.items() if not others & needed.keys()}:
        needed = {name: others for name, others in needed.items() if name not in leaves}
    assert {name: others & needed.keys() for name, others in needed.items()} == {}


def test_qt_only_in_the_gui_and_no_models_there():
    misplaced = []
    for path in modules():
        names = {name.split(".")[0] for name, _ in imports(path)}
        wrong = names & (NEVER_IN_GUI if room(path) == QT_ONLY_IN else {"PySide6"})
        misplaced += [f"{path.relative_to(PACKAGE)} imports {name}" for name in sorted(wrong)]
    assert misplaced == []


def test_the_window_goes_through_no_back_door():
    """It is given typed values: no database, no raw details of a row, nothing private of other modules."""
    back_doors = [
        f"{path.relative_to(PACKAGE)}:{node.lineno} {ast.unparse(node)}"
        for path in modules()
        if room(path) == QT_ONLY_IN
        for node in house.nodes(path)
        if isinstance(node, ast.Attribute)
        and (node.attr in ("database", "details") or re.match("_[^_]", node.attr))
        and ast.unparse(node.value) not in ("self", "cls", "super()")
    ]
    assert [door for door in back_doors if not door.endswith(" os._exit")] == []


def test_torch_at_module_level_only_in_networks_and_where_they_learn():
    early = []
    for path in modules():
        if "networks" not in path.parts and "learning" not in path.parts:
            top = [node for node in house.tree(path).body if isinstance(node, ast.Import | ast.ImportFrom)]
            early += [str(path) for node in top if "torch" in ast.unparse(node).split()]
    assert early == []


def test_scikit_learn_is_a_peer_and_no_part_of_the_product():
    """With SciPy it takes 110 MB of an installation, for what a page of numpy does."""
    users = [
        path.relative_to(PACKAGE).as_posix()
        for path in modules()
        if {name.split(".")[0] for name, _ in imports(path)} & {"sklearn", "scipy", "joblib"}
    ]
    assert users == ["lab/measures/sklearn_peer.py"]


def test_learning_is_imported_late():
    """It brings torch along, which takes seconds to import."""
    early = [
        str(path)
        for path in modules()
        if "learning" not in path.parts
        for node in house.tree(path).body
        if isinstance(node, ast.Import | ast.ImportFrom) and "faceaccess.learning" in ast.unparse(node)
    ]
    assert early == []


def loaded(code):
    """Names of the modules that a fresh interpreter has after running the code."""
    run = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(' '.join(sys.modules))"],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    return set(run.stdout.splitlines()[-1].split())


LATE = {
    "torch",
    "onnx",
    "sklearn",
    "scipy",
    "pyqtgraph",
    "httpx",
    "rich",
    "xlsxwriter",
    "openpyxl",
    "paho",
    "serial",
}
"""Loaded where they are used: most take a tenth of a second and more of a start, and 10 MB and more."""


def test_the_workspace_needs_no_window_and_no_torch():
    assert not loaded("import faceaccess.workspace") & (LATE | {"PySide6"})


def test_the_window_loads_nothing_that_waits_for_a_page_or_a_command():
    names = loaded("import faceaccess.gui.main_window")
    assert not names & (LATE | {"typer", "pydantic"})
    assert not {name for name in names if name.startswith(("faceaccess.cli", "faceaccess.lab"))}


def test_the_kiosk_loads_no_page_of_the_window():
    names = loaded("import faceaccess.gui.app")
    assert not names & (LATE | {"faceaccess.gui.main_window", "faceaccess.gui.window.pages"})


def test_a_start_without_a_command_reads_no_commands():
    assert not loaded("import faceaccess.__main__") & (LATE | {"typer", "numpy", "faceaccess.cli.app"})


def test_the_process_of_a_camera_loads_what_reads_pictures_and_no_more():
    """It is started for each camera, and again after each fault."""
    names = loaded("import faceaccess.vision.sources.camera, faceaccess.vision.sources.capture")
    assert not names & (LATE | {"PySide6", "onnxruntime", "faiss", "sqlcipher3", "sqlite_utils", "typer"})
    rooms = ("store", "recognition", "door", "people", "gui", "cli", "workspace")
    assert not {name for name in names if name.split(".")[:2] in [["faceaccess", room] for room in rooms]}


def test_a_process_that_reads_a_camera_has_no_command_line():
    """It imports anew what the program was started by, which was more than half of its time to start."""
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    started_by = project["scripts"]["faceaccess"].partition(":")[0]
    modules = loaded(f"import {started_by}, faceaccess.vision.sources.capture")
    assert "faceaccess.vision.sources.recordings" in modules
    assert not modules & {"typer", "rich", "faceaccess.cli", "onnxruntime"}


def test_help_loads_nothing_heavy():
    code = (
        "from typer.testing import CliRunner\nfrom faceaccess.cli.app import app\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0"
    )
    assert not loaded(code) & {"torch", "numpy", "cv2", "faiss", "PySide6", "onnxruntime", "dlib"}


def test_rooms_modules_and_classes_stay_small():
    """What is bigger hides where things are; a class may be, with the reason in its docstring."""
    assert [room.name for room in house.rooms() if room.files > house.MOST_FILES] == []
    assert [room.name for room in house.rooms() if room.longest[1] > house.MOST_LINES] == []
    assert list(house.big_classes()) == []


def _bound(path):
    """Each name that a module gives to something, with its line."""
    for node in house.nodes(path):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.ExceptHandler | ast.MatchAs) and node.name:
            yield node.name, node.lineno
        elif isinstance(node, ast.alias):
            yield node.asname or node.name, node.lineno


def test_names_say_what_they_hold():
    silent = [
        f"{path.relative_to(PACKAGE)}:{line} {name}"
        for path in modules()
        for name, line in _bound(path)
        if name in SAY_NOTHING and (path.relative_to(PACKAGE).as_posix(), name) not in NAMED_IN_OUTPUT
    ]
    assert silent == []


def test_docstrings_begin_with_a_noun_or_a_verb():
    """ "Return whom a decision names" is no English that anybody would say."""
    asking = [
        f"{path.relative_to(PACKAGE)}:{node.body[0].lineno} {first}"
        for path in modules()
        for node in house.nodes(path)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        for first in (ast.get_docstring(node) or "").splitlines()[:1]
        if re.match("(Return )?(who|whom) ", first, re.IGNORECASE)
    ]
    assert asking == []
