"""Parts of the desk on a real database."""

from faceaccess.people.consent import ConsentOffice
from faceaccess.store.consents import Consents
from faceaccess.store.database import Database
from faceaccess.store.journal import Journal
from faceaccess.store.people import People
from faceaccess.store.policies import Policies


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
