"""The commands of this room are run as all others."""

from tests.cli.conftest import *  # noqa: F403
