"""The account of the computer under which the program runs, as the journal names it."""

import getpass
import os

from faceaccess.store.people.names import fold

PROGRAM_NAMES = frozenset({"door", "faceaccess"})
"""What the journal calls the program itself: nobody else is called so there."""


def account_name() -> str:
    """Return the account's name by the system: in the environment, anything may stand."""
    try:
        import pwd

        name = pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        # Windows asks the system; an account without a name in a container has only what it is told.
        name = os.getlogin() if os.name == "nt" else getpass.getuser()
    return f"account {name}" if fold(name) in PROGRAM_NAMES else name
