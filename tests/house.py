"""How big the rooms are: `python -m tests.house` prints the table that `test_architecture.py` holds it to."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "faceaccess"
MOST_LINES, MOST_FILES, MOST_METHODS = 400, 25, 12
REASON = "public methods, because"
"""What a docstring says, with the reason, of a class that is bigger all the same."""


@dataclass(frozen=True)
class Room:
    """A folder of modules.

    Attributes:
        files: how many modules lie in it, without those of rooms inside.
        lines: of all of them.
        longest: name and lines of the longest.
    """

    name: str
    files: int
    lines: int
    longest: tuple[str, int]


@cache
def tree(path: Path) -> ast.Module:
    """Return a module's syntax, read once for all who look at it."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Return every node of a module's syntax, in the order of `ast.walk`."""
    return tuple(ast.walk(tree(path)))


def rooms() -> list[Room]:
    """Return every folder of the package that holds modules."""
    found = []
    for folder in sorted({path.parent for path in PACKAGE.rglob("*.py")}):
        sizes = {path.name: _lines(path) for path in folder.glob("*.py") if path.name != "__init__.py"}
        if sizes:
            longest = max(sizes.items(), key=lambda item: item[1])
            name = folder.relative_to(PACKAGE.parent).as_posix()
            found.append(Room(name, len(sizes), sum(sizes.values()), longest))
    return found


def big_classes() -> Iterator[tuple[str, int]]:
    """Yield each class with more public methods than it should have, and no reason in its docstring."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in nodes(path):
            if isinstance(node, ast.ClassDef):
                methods = [
                    item
                    for item in node.body
                    if isinstance(item, ast.FunctionDef) and not item.name.startswith("_")
                ]
                if len(methods) > MOST_METHODS and REASON not in (ast.get_docstring(node) or ""):
                    yield f"{path.relative_to(PACKAGE.parent)}: {node.name}", len(methods)


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def main() -> None:
    """Print the rooms, and what is bigger than it should be."""
    table = rooms()
    print(f"{'room':<36}{'modules':>8}{'lines':>8}  longest")  # noqa: T201
    for room in table:
        print(f"{room.name:<36}{room.files:>8}{room.lines:>8}  {room.longest[0]} {room.longest[1]}")  # noqa: T201
    lab = sum(room.lines for room in table if room.name.startswith("faceaccess/lab"))
    lines = sum(room.lines for room in table)
    print(f"\nProduct: {lines - lab} lines; lab: {lab}.")  # noqa: T201
    for name, methods in big_classes():
        print(f"{name} has {methods} public methods.")  # noqa: T201


if __name__ == "__main__":
    main()
