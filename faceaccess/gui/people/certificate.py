"""The words of a certificate of erasure, as HTML for paper."""

from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from faceaccess.people.gallery.erasure import Certificate, HoldingBackup


def title(certificate: "Certificate") -> str:
    """Return what the certificate is called."""
    if certificate.is_whole:
        return _tr("Certificate of erasure")
    return _tr("Certificate of withdrawal of consent")


def html(certificate: "Certificate") -> str:
    """Return a certificate as one page of HTML."""
    removed = certificate.removed
    rows = [
        (_tr("Name"), certificate.name),
        (_tr("When"), _moment(certificate.at)),
        (_tr("Done by"), certificate.actor),
        (_tr("Photos"), str(removed.photos)),
        (_tr("Templates (numbers by which a face is compared)"), str(removed.templates)),
        (_tr("Pictures in the log"), str(removed.crops)),
    ]
    if certificate.is_whole:
        rows += [
            (_tr("Notes beside the log"), str(removed.notes)),
            (_tr("Consents"), str(removed.consents)),
        ]
    if certificate.copies_removed:
        rows.append((_tr("Copies from before updates"), str(certificate.copies_removed)))
    table = "".join(
        f"<tr><td>{escape(name)}</td><td><b>{escape(value)}</b></td></tr>" for name, value in rows
    )
    backups = "".join(f"<li>{escape(_backup(backup))}</li>" for backup in certificate.backups)
    backups += "".join(
        f"<li>{escape(_tr('{0}: not looked at, it could not be reached').format(folder))}</li>"
        for folder in certificate.unseen_folders
    )
    kept = f"<ul>{backups}</ul>" if backups else f"<p>{escape(_tr('None.'))}</p>"
    return (
        f"<h1>{escape(title(certificate))}</h1>"
        f"<p>{escape(_what(certificate))}</p>"
        f"<table cellspacing='0' cellpadding='4'>{table}</table>"
        f"<h2>{escape(_tr('How it was removed'))}</h2><p>{escape(_how(certificate))}</p>"
        f"<h2>{escape(_tr('Backups that still hold the data'))}</h2>{kept}"
        f"<h2>{escape(_tr('What is left'))}</h2><p>{escape(_left(certificate))}</p>"
        f"<p><small>{escape(_proof(certificate))}</small></p>"
    )


def _what(certificate: "Certificate") -> str:
    if certificate.is_whole:
        return _tr("Everything that showed or described this person was removed for good:")
    return _tr(
        "The consent was withdrawn, and everything that showed this person's face was removed for good:"
    )


def _how(certificate: "Certificate") -> str:
    if certificate.is_overwritten:
        return _tr(
            "In one step, so that nothing could stay behind. The places in the database were filled with"
            " zeros and its log was emptied. A flash disk may keep old blocks for a while, encrypted."
        )
    return _tr(
        "In one step, so that nothing could stay behind. The places in the database were filled with zeros;"
        " its log was in use, and is emptied as soon as it is free."
    )


def _left(certificate: "Certificate") -> str:
    words = _tr("Entries of the log, under a random id that names nobody: {0}.")
    if not certificate.is_whole:
        words = _tr("Name, hours worked, entries of the log, and a PIN if there is one. Id in the log: {0}.")
    return words.format(certificate.log_id)


def _proof(certificate: "Certificate") -> str:
    return f"FaceAccess · {_tr('row of the log')} {certificate.seq} · {certificate.proof.hex()}"


def _backup(backup: "HoldingBackup") -> str:
    if backup.removed_on is None:
        return _tr("{0}, until somebody deletes it").format(backup.path)
    return _tr("{0}, until about {1}").format(backup.path, _day(backup.removed_on))


def _moment(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


def _day(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d}"


def _tr(words: str) -> str:
    return QCoreApplication.translate("certificate", words)
