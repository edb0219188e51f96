"""Parts of the desk on a real database."""

from faceaccess.people.consent import ConsentOffice
from faceaccess.store.file.database import Database
from faceaccess.store.journal.journal import Journal
from faceaccess.store.people.consents import Consents
from faceaccess.store.people.people import People
from faceaccess.store.policy.policies import Policies


def consent_office(database: Database) -> ConsentOffice:
    """Return what keeps consents."""
    journal = Journal(database)
    return ConsentOffice(
        database,
        consents=Consents(database),
        people=People(database),
        policies=Policies(database, journal),
        journal=journal,
    )
