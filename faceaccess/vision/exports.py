"""Networks as ONNX graphs, written once: what is run is compared with a digest that isn't kept beside it."""

import hashlib
import json
import logging
import os
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from faceaccess import paths
from faceaccess.errors import FaceAccessError, ModelError
from faceaccess.vision.network_source import NetworkSource

logger = logging.getLogger(__name__)

EXPORT_VERSION = 4
"""Raised when the way networks are exported changes, so that cached exports are made anew."""

GRAPHS = "models/graphs"
"""Where an installed program carries ready graphs, in its resources."""


class Digests(Protocol):
    """Keeps the digests of graphs out of the reach of whoever can change the cache."""

    def known(self, file: str) -> str | None:
        """Return the hex SHA-256 that a graph had when it was written; None for one that never was."""

    def keep(self, file: str, sha256: str) -> None:
        """Store the digest of a graph that was just written from its weights."""

    def report_changed(self, file: str, sha256: str) -> None:
        """Record that the cache held something else under a graph's name, which was not run."""


class Exports:
    """The graphs of a cache folder, each checked before it is run and written anew where it differs.

    A cache can be changed by whoever runs programs under the same account, and a network that was changed
    lets anybody in.
    """

    def __init__(self, folder: Path, digests: Digests | None = None) -> None:
        """Take the folder.

        Args:
            folder: of the cache; made when missing.
            digests: of graphs that come out otherwise on each machine; without it, one that isn't pinned is
                taken as it is: good enough to measure with, not to decide at a door.
        """
        self._folder, self._digests = folder, digests
        self.in_use: dict[str, str] = {}
        """Hex SHA-256 of each graph given out, by the network's name."""

    def graph(self, source: NetworkSource) -> bytes:
        """Return a network's ONNX graph: the one that the program carries, else one of the cache.

        Args:
            source: what to write it from, where it isn't there or isn't what was written.

        Raises:
            ModelError: the weights are missing or not the expected ones, the graph can't be written, or the
                carried one isn't as it was shipped.
        """
        if (path := carried(source.name)) is not None:
            return self._carried(source.name, path)
        key = f"{source.checked_sha256()}/{EXPORT_VERSION}/{source.written_by}/{version('onnxruntime')}"
        path = self._folder / f"{source.name}-{hashlib.sha256(key.encode()).hexdigest()[:16]}.onnx"
        data = path.read_bytes() if path.is_file() else None
        digest = "" if data is None else hashlib.sha256(data).hexdigest()
        if data is None or not self._is_expected(source.name, path.name, digest):
            if data is not None and (source.name in pinned() or self._known(path.name)):
                self._report_changed(path.name, digest)
            data = self._write(source, path)
            digest = hashlib.sha256(data).hexdigest()
            if self._digests is not None and digest != pinned().get(source.name):
                self._digests.keep(path.name, digest)
        self.in_use[source.name] = digest
        return data

    def _carried(self, name: str, path: Path) -> bytes:
        data = path.read_bytes()
        self.in_use[name] = hashlib.sha256(data).hexdigest()
        if self.in_use[name] != pinned().get(name):
            raise ModelError(
                "{path} isn't the network that the program came with.", "Install FaceAccess again.", path=path
            )
        return data

    def _is_expected(self, name: str, file: str, digest: str) -> bool:
        if digest == pinned().get(name):
            return True
        is_taken = self._digests is None and name not in pinned()
        return is_taken or self._known(file) == digest

    def _known(self, file: str) -> str | None:
        return self._digests.known(file) if self._digests is not None else None

    def _report_changed(self, file: str, digest: str) -> None:
        logger.warning("the network %s in the cache isn't what was written there; it is made anew", file)
        if self._digests is not None:
            self._digests.report_changed(file, digest)

    def _write(self, source: NetworkSource, path: Path) -> bytes:
        partial = path.with_suffix(f".{os.getpid()}.part")
        logger.info("exporting %s to %s", source.name, path.name)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            source.write(partial)
            data = partial.read_bytes()
            partial.replace(path)
        except OSError as exc:
            raise ModelError(
                "The network can't be written to {folder}: {reason}.",
                "Free some space there.",
                folder=self._folder,
                reason=str(exc),
            ) from exc
        finally:
            partial.unlink(missing_ok=True)
        return data


def carried(name: str) -> Path | None:
    """Return the graph of a network that the program came with; None where it is made from weights."""
    try:
        return paths.resource(f"{GRAPHS}/{name}.onnx")
    except FaceAccessError:
        return None


@cache
def pinned() -> dict[str, str]:
    """Return the digests, hex SHA-256, of graphs that come out the same everywhere, by network."""
    text = paths.resource("models/exports.json").read_text(encoding="utf-8")
    digests: dict[str, str] = json.loads(text)
    return digests
