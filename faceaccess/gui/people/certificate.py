"""The words of a certificate of erasure, as HTML for paper."""

from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from faceaccess.gui.wording.noop import translate

if TYPE_CHECKING:
    from faceaccess.people.gallery.erasure import Certificate, HoldingBackup


def title(certificate: "Certificate") -> str:
    """Return what the certificate is called."""
    if certificate.is_whole:
        return translate("certificate", "Certificate of erasure")
    return translate("certificate", "Certificate of withdrawal of consent")


def html(certificate: "Certificate") -> str:
    """Return a certificate as one page of HTML."""
    removed = certificate.removed
    rows = [
        (translate("certificate", "Name"), certificate.name),
        (translate("certificate", "When"), _moment(certificate.at)),
        (translate("certificate", "Done by"), certificate.actor),
        (translate("certificate", "Photos"), str(removed.photos)),
        (translate("certificate", "Templates (numbers by which a face is compared)"), str(removed.templates)),
        (translate("certificate", "Pictures in the log"), str(removed.crops)),
    ]
    if certificate.is_whole:
        rows += [
            (translate("certificate", "Notes beside the log"), str(removed.notes)),
            (translate("certificate", "Consents"), str(removed.consents)),
        ]
    if certificate.copies_removed:
        rows.append((translate("certificate", "Copies from before updates"), str(certificate.copies_removed)))
    table = "".join(
        f"<tr><td>{escape(name)}</td><td><b>{escape(value)}</b></td></tr>" for name, value in rows
    )
    unseen = translate("certificate", "{0}: not looked at, it could not be reached")
    backups = [_backup(backup) for backup in certificate.backups]
    backups += [unseen.format(folder) for folder in certificate.unseen_folders]
    items = "".join(f"<li>{escape(backup)}</li>" for backup in backups)
    none = translate("certificate", "None.")
    sections = (
        (translate("certificate", "How it was removed"), f"<p>{escape(_how(certificate))}</p>"),
        (
            translate("certificate", "Backups that still hold the data"),
            f"<ul>{items}</ul>" if items else f"<p>{escape(none)}</p>",
        ),
        (translate("certificate", "What is left"), f"<p>{escape(_left(certificate))}</p>"),
    )
    return (
        f"<h1>{escape(title(certificate))}</h1>"
        f"<p>{escape(_what(certificate))}</p>"
        f"<table cellspacing='0' cellpadding='4'>{table}</table>"
        + "".join(f"<h2>{escape(heading)}</h2>{section}" for heading, section in sections)
        + f"<p><small>{escape(_proof(certificate))}</small></p>"
    )


def _what(certificate: "Certificate") -> str:
    if certificate.is_whole:
        return translate(
            "certificate", "Everything that showed or described this person was removed for good:"
        )
    return translate(
        "certificate",
        "The consent was withdrawn, and everything that showed this person's face was removed for good:",
    )


def _how(certificate: "Certificate") -> str:
    if certificate.is_overwritten:
        return translate(
            "certificate",
            "In one step, so that nothing could stay behind. The places in the database were filled with"
            " zeros and its log was emptied. A flash disk may keep old blocks for a while, encrypted.",
        )
    return translate(
        "certificate",
        "In one step, so that nothing could stay behind. The places in the database were filled with zeros;"
        " its log was in use, and is emptied as soon as it is free.",
    )


def _left(certificate: "Certificate") -> str:
    sentence = translate("certificate", "Entries of the log, under a random id that names nobody: {0}.")
    if not certificate.is_whole:
        sentence = translate(
            "certificate",
            "Name, hours worked, entries of the log, and a PIN if there is one. Id in the log: {0}.",
        )
    return sentence.format(certificate.log_id)


def _proof(certificate: "Certificate") -> str:
    row = translate("certificate", "row of the log {0}").format(certificate.seq)
    return f"FaceAccess · {row} · {certificate.proof.hex()}"


def _backup(backup: "HoldingBackup") -> str:
    if backup.removed_on is None:
        return translate("certificate", "{0}, until somebody deletes it").format(backup.path)
    return translate("certificate", "{0}, until about {1}").format(backup.path, _day(backup.removed_on))


def _moment(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


def _day(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d}"
