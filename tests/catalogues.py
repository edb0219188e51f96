"""Brings the catalogues of translations up to date: `python -m tests.catalogues`.

lupdate reads the window's texts. The core's templates and the settings' labels stand where no Qt is, so they
are written into a file of marks first. English has a catalogue of plurals only.
"""

import ast
import dataclasses
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from faceaccess import settings

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "faceaccess"
GUI = PACKAGE / "gui"
TRANSLATIONS = ROOT / "resources" / "translations"
ENGLISH = TRANSLATIONS / "faceaccess_en.ts"
OF_TERMINALS = {"cli", "lab"}
"""Rooms whose texts no window shows."""


@cache
def trees() -> dict[Path, ast.Module]:
    """Return the modules whose texts a window may show."""
    return {
        path: ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.relative_to(PACKAGE).parts[0] not in OF_TERMINALS
    }


@cache
def nodes() -> dict[Path, tuple[ast.AST, ...]]:
    """Return every node of each module, in the order of `ast.walk`, walked once for all who look."""
    return {path: tuple(ast.walk(tree)) for path, tree in trees().items()}


@cache
def failures() -> dict[str, ast.ClassDef]:
    """Return the classes of errors, which take a template and a hint."""
    classes = [node for own in nodes().values() for node in own if isinstance(node, ast.ClassDef)]
    named = {"FaceAccessError": next(node for node in classes if node.name == "FaceAccessError")}
    while more := [
        node
        for node in classes
        if node.name not in named and any(ast.unparse(base) in named for base in node.bases)
    ]:
        named |= {node.name: node for node in more}
    return named


@cache
def calls_with_templates() -> tuple[tuple[Path, ast.Call, list[ast.expr]], ...]:
    """Return the calls that take templates, with these."""
    return tuple(_calls_with_templates())


def _calls_with_templates() -> Iterator[tuple[Path, ast.Call, list[ast.expr]]]:
    inherited = {
        id(call)
        for node in failures().values()
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "super().__init__"
    }
    for path, own in nodes().items():
        for node in own:
            if not isinstance(node, ast.Call) or path.name == "errors.py":
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            if name in failures() or name == "templates" or id(node) in inherited:
                yield path, node, node.args[:2]
            elif name in ("Text", "template"):
                yield path, node, node.args[:1]


def core_templates() -> set[str]:
    """Return the templates of the core's errors and texts."""
    return {
        argument.value
        for _, _, arguments in calls_with_templates()
        for argument in arguments
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


def settings_texts() -> set[str]:
    """Return labels, helps, units and what 0 stands for of the settings."""
    return {
        field.metadata[key]
        for group in vars(settings).values()
        if dataclasses.is_dataclass(group)
        for field in dataclasses.fields(group)
        for key in ("label", "help", "unit", "zero")
        if field.metadata.get(key)
    }


def write_marks(path: Path) -> None:
    """Write what stands outside the window as lupdate finds it."""
    marks = [("errors", text) for text in core_templates() | settings_texts()]
    marks += [("settings", text) for text in settings_texts()]
    lines = [f"QT_TRANSLATE_NOOP({context!r}, {text!r})\n" for context, text in sorted(marks) if text]
    path.write_text("".join(lines), encoding="utf-8")


def update(catalogue: Path, *options: str) -> None:
    """Bring a catalogue up to date with what the program says."""
    with tempfile.TemporaryDirectory() as folder:
        marks = Path(folder) / "core.py"
        write_marks(marks)
        sources = [*map(str, sorted(GUI.rglob("*.py"))), str(marks)]
        _run("lupdate", *sources, "-ts", str(catalogue), "-locations", "none", "-no-obsolete", *options)


def release(catalogue: Path, compiled: Path) -> None:
    """Compile a catalogue; what isn't translated yet is shown in English."""
    _run("lrelease", str(catalogue), "-qm", str(compiled), "-nounfinished")


def _run(tool: str, *arguments: str) -> None:
    code = f"from PySide6.scripts.pyside_tool import {tool}; {tool}()"
    subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True)


if __name__ == "__main__":
    for catalogue in TRANSLATIONS.glob("*.ts"):
        update(catalogue, *(["-pluralonly"] if catalogue == ENGLISH else []))
        release(catalogue, catalogue.with_suffix(".qm"))
