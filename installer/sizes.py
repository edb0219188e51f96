"""What takes the most room in the built program."""

from collections import Counter
from pathlib import Path

from installer.places import APP

_SHOWN = 20


def print_sizes(app: Path = APP) -> None:
    """Print the size of the whole, and the packages and files that take the most, in MB."""
    files = [path for path in app.rglob("*") if path.is_file() and not path.is_symlink()]
    sizes = {path.relative_to(app): path.stat().st_size / 1e6 for path in files}
    print(f"{sum(sizes.values()):.0f} MB in {len(files)} files")
    folders: Counter[str] = Counter()
    for path, size in sizes.items():
        folders[path.parts[1] if len(path.parts) > 1 else f"{path.name} (Python modules)"] += size  # type: ignore[assignment]
    for name, size in folders.most_common(_SHOWN):
        print(f"{size:7.1f}  {name}")
    print("Files:")
    for path, size in sorted(sizes.items(), key=lambda item: -item[1])[:_SHOWN]:
        print(f"{size:7.1f}  {path}")
