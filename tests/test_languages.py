"""Every text that a person may see in the window can be translated; the English plurals are up to date."""

import ast
import re
import shutil
import string
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests import catalogues

NEVER_SHOWN = {
    "KeyError", "TypeVar", "beginGroup", "cast", "compile", "critical", "debug", "error", "exception",
    "findChild", "icon", "info", "pixmap", "property", "setObjectName", "setProperty", "set_icon", "strftime",
    "warning",
}  # fmt: skip
"""Functions whose texts are names for the program itself, or go into the log or a report of a bug."""

SHOWN = {
    "Label", "QLabel", "QPushButton", "QCheckBox", "QRadioButton", "QToolButton", "QAction", "QGroupBox",
    "ElidedLabel", "addAction", "addButton", "addItem", "addRow", "addTab", "notify", "warn",
    "setAccessibleDescription", "setAccessibleName", "setInformativeText", "setPlaceholderText", "setPrefix",
    "setSpecialValueText", "setStatusTip", "setSuffix", "setText", "setTitle", "setToolTip", "setWindowTitle",
    "show_message", "show_notice",
}  # fmt: skip
"""Functions whose texts are shown, however short they are."""

UNTRANSLATED = re.compile(
    r"FaceAccess( · )?"  # the program's name
    r"|English"  # a language's name in that language
    r"|\*\.[a-z* .]+|HH:mm|Ctrl\+\w?|[A-Z_]+|[A-Z]+-/|Fusion"  # patterns, shortcuts, names of the system's
    r"|[^<]*<.*",  # markup
    re.DOTALL,
)
LIKE_WORDS = re.compile(r"[A-Za-z]{2}.*( [A-Za-z]|[.,:!?]$)|^[A-Z][a-z]", re.DOTALL)


@cache
def window() -> dict[Path, ast.Module]:
    return {path: tree for path, tree in catalogues.trees().items() if path.is_relative_to(catalogues.GUI)}


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def is_translation(node: ast.AST) -> bool:
    """`painter.translate` moves a picture."""
    if not isinstance(node, ast.Call) or called(node) not in ("tr", "translate", "QT_TRANSLATE_NOOP"):
        return False
    return not ast.unparse(node.func).startswith("painter.")


def translations(tree: ast.Module, context: str = "") -> Iterator[tuple[str, ast.Call]]:
    """Yield each call that translates or marks, with the class around it."""
    for node in ast.iter_child_nodes(tree):
        if is_translation(node):
            yield context, node
        yield from translations(node, node.name if isinstance(node, ast.ClassDef) else context)


def is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def messages() -> Iterator[tuple[str, str]]:
    """Yield context and text of every message that the window's source marks."""
    for tree in window().values():
        for context, call in translations(tree):
            texts = call.args[:1] if called(call) == "tr" else call.args[:2]
            if all(map(is_text, texts)):
                yield (context, texts[0].value) if called(call) == "tr" else tuple(t.value for t in texts)


@cache
def templates_of_the_core() -> set[int]:
    """Return the templates in errors: they are looked up when they are shown."""
    return {id(argument) for _, _, arguments in catalogues.calls_with_templates() for argument in arguments}


def parts_not_shown(node: ast.AST) -> list[ast.AST | None]:
    """Return docstrings, annotations, keys, names for the program itself, and what is translated already."""
    if isinstance(node, ast.Expr):
        return [node.value] if is_text(node.value) else []
    if isinstance(node, ast.Subscript):
        return [node.slice]
    if isinstance(node, ast.arg | ast.AnnAssign):
        return [node.annotation]
    if isinstance(node, ast.FunctionDef):
        return [node.returns]
    if is_translation(node) or (isinstance(node, ast.Call) and called(node) in NEVER_SHOWN):
        return [*node.args, *(keyword.value for keyword in node.keywords)]
    return [node] if isinstance(node, ast.Compare) else []


def test_no_text_of_the_window_is_outside_translation():
    outside = []
    for path in window():
        nodes = catalogues.nodes()[path]
        hidden = templates_of_the_core() | {
            id(inner)
            for node in nodes
            for part in parts_not_shown(node)
            if part is not None
            for inner in ast.walk(part)
        }
        shown = {
            id(argument)
            for node in nodes
            if isinstance(node, ast.Call) and called(node) in SHOWN
            for argument in node.args
        }
        for node in nodes:
            if not is_text(node) or id(node) in hidden or UNTRANSLATED.fullmatch(node.value):
                continue
            if LIKE_WORDS.search(node.value) or (id(node) in shown and re.search("[A-Za-z]", node.value)):
                outside.append(f"{path.name}:{node.lineno} {node.value!r}")
    assert outside == []


def test_what_is_translated_is_a_text_that_lupdate_can_read():
    """It reads neither f-strings nor sums, nor a `tr` of another object than self, nor a local name."""
    unreadable = []
    for path, tree in window().items():
        for context, call in translations(tree):
            of_self = called(call) != "tr" or (context and ast.unparse(call.func) == "self.tr")
            glued = [part for part in call.args[:2] if isinstance(part, ast.JoinedStr | ast.BinOp)]
            if not of_self or glued or (called(call) == "tr" and not is_text(call.args[0])):
                unreadable.append(f"{path.name}:{call.lineno} {ast.unparse(call)}")
        unreadable += [
            f"{path.name}:{call.lineno} {ast.unparse(call)}"
            for call in ast.walk(tree)
            if isinstance(call, ast.Call) and called(call) in ("_tr", "_translated") and is_text(call.args[0])
        ]
    assert unreadable == []


def test_lupdate_finds_every_text(tmp_path: Path):
    catalogue = tmp_path / "all.ts"
    catalogues.update(catalogue)
    listed = {
        (context.findtext("name"), message.findtext("source"))
        for context in ET.parse(catalogue).getroot().iter("context")
        for message in context.iter("message")
    }
    of_core = {("errors", text) for text in catalogues.core_templates() | catalogues.settings_texts() if text}
    assert set(messages()) | of_core <= listed
    assert len(of_core) > 500


def test_no_plural_stands_in_a_class_that_others_inherit():
    """Qt looks under the heir's name first and takes its own filling in of the number for a translation."""
    parents = {
        ast.unparse(base).split("[")[0]
        for tree in window().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for base in node.bases
    }
    root = ET.parse(catalogues.ENGLISH).getroot()
    assert not {context.findtext("name") for context in root.iter("context")} & parents


def test_the_english_plurals_are_up_to_date(tmp_path: Path):
    """If not: python -m tests.catalogues, and fill in what is unfinished."""
    catalogue, compiled = tmp_path / "en.ts", tmp_path / "en.qm"
    shutil.copyfile(catalogues.ENGLISH, catalogue)
    catalogues.update(catalogue, "-pluralonly")
    assert catalogue.read_text(encoding="utf-8") == catalogues.ENGLISH.read_text(encoding="utf-8")
    assert "unfinished" not in catalogue.read_text(encoding="utf-8")
    catalogues.release(catalogue, compiled)
    assert compiled.read_bytes() == catalogues.ENGLISH.with_suffix(".qm").read_bytes()


def alternatives(argument: ast.expr) -> list[ast.expr]:
    return [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]


def test_the_cores_templates_are_whole_texts():
    """An f-string or a sum would be another text each time, which no catalogue can have."""
    glued = [
        f"{path.name}:{call.lineno} {ast.unparse(call)}"
        for path, call, arguments in catalogues.calls_with_templates()
        for argument in arguments
        for choice in alternatives(argument)
        if isinstance(choice, ast.JoinedStr | ast.BinOp)
    ]
    assert glued == []


def test_the_cores_templates_are_marked_wherever_they_stand():
    """A text that gets to its error by a name is seen where it is written down."""
    unmarked = []
    for path, _, arguments in catalogues.calls_with_templates():
        names = {choice.id for a in arguments for choice in alternatives(a) if isinstance(choice, ast.Name)}
        unmarked += [
            f"{path.name}:{node.lineno} {ast.unparse(node)}"
            for node in catalogues.nodes()[path]
            if isinstance(node, ast.Assign)
            and ast.unparse(node.targets[0]) in names
            and any(is_text(choice) and choice.value for choice in alternatives(node.value))
        ]
    assert unmarked == []


def test_each_template_has_the_values_that_it_names():
    wrong = []
    for path, call, arguments in catalogues.calls_with_templates():
        if called(call) in ("Text", "template", "templates") or not all(map(is_text, arguments)):
            continue
        named = {
            name
            for argument in arguments
            for _, name, _, _ in string.Formatter().parse(argument.value)
            if name is not None
        }
        if named != {keyword.arg for keyword in call.keywords}:
            wrong.append(f"{path.name}:{call.lineno} {ast.unparse(call)}")
    assert wrong == []


def test_numbers_of_things_take_the_plurals_of_the_language() -> None:
    """The window said "1 photos" wherever a number stood in a text that has one form."""
    things = (
        "cameras|days|doors|entries|faces|files|groups|hours|misses|operators|pairs|pass(es)?|people|persons?"
        "|person-days|photos|pictures|recordings|rows|strangers|templates|visits|weeks|months|years"
    )
    numbered = re.compile(rf"\{{\d?\}} (more )?({things})\b")
    wrong = [text for _, text in messages() if "%n" not in text and numbered.search(text)]
    assert wrong == [], "write self.tr('%n …', '', number)"
