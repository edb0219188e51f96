"""`faceaccess health`: problems with the photos enrolled."""

from typing import TYPE_CHECKING

import typer

from faceaccess.cli.common import DataDir, Json, counted, print_json, say, workspace
from faceaccess.codes import FindingKind

if TYPE_CHECKING:
    from faceaccess.people.gallery.health import Finding
    from faceaccess.store.people.people import People

_TITLES = {
    FindingKind.UNLIKE_OTHERS: "Unlike the person's other photos",
    FindingKind.LOOK_ALIKES: "Two people who look alike",
    FindingKind.DRIFT: "Less and less like the photos",
    FindingKind.NEAR_IDENTICAL: "Twice the same picture",
    FindingKind.FEW_PHOTOS: "Too few photos",
    FindingKind.OLD_PHOTOS: "Old photos",
    FindingKind.OTHER_MODEL: "Not ready for this model",
}


def health(ctx: typer.Context, json: Json = False, data_dir: DataDir = None) -> None:
    """List possible problems with the photos enrolled: wrong people, copies, look-alikes, old photos."""
    with workspace(ctx, data_dir, read_only=True) as space:
        findings = space.reception.examine_health()
        if json:
            for finding in findings:
                print_json(_plain(finding))
            return
        for kind in FindingKind:
            of_kind = [finding for finding in findings if finding.kind is kind and not finding.is_kept]
            if of_kind:
                say(f"{_TITLES[kind]}: {len(of_kind)}")
            for finding in of_kind:
                say(f"  {_words(space.people, finding)}")
        accepted = sum(finding.is_kept for finding in findings)
        say(
            counted(len(findings) - accepted, "finding")
            + (f", and {accepted} that are said to be fine" if accepted else "")
        )


def _words(people: "People", finding: "Finding") -> str:
    name = people.label(finding.person_id)
    other = "" if finding.other_id is None else people.label(finding.other_id)
    photos = ", ".join(map(str, finding.photo_ids))
    far = f"{finding.value:.3f}"
    return {
        FindingKind.UNLIKE_OTHERS: f"{name}: photo {photos}, at {far} from the others"
        + (f", nearer to {other}" if other else ""),
        FindingKind.LOOK_ALIKES: f"{name} and {other}: photos {photos}, at {far}",
        FindingKind.DRIFT: f"{name}: from {finding.limit:.3f} to {far}"
        + ("" if finding.entry is None else f"; entry {finding.entry} has a picture"),
        FindingKind.NEAR_IDENTICAL: f"{name}: photos {photos}, at {finding.value:.4f}",
        FindingKind.FEW_PHOTOS: f"{name}: {finding.value:.0f} of at least {finding.limit:.0f}",
        FindingKind.OLD_PHOTOS: f"{name}: the newest is {counted(round(finding.value / 365), 'year')} old",
        FindingKind.OTHER_MODEL: f"{name}: {counted(round(finding.value), 'photo')}",
    }[finding.kind]


def _plain(finding: "Finding") -> dict[str, object]:
    return {
        "kind": finding.kind,
        "person_id": finding.person_id,
        "photo_ids": list(finding.photo_ids),
        "other_id": finding.other_id,
        "value": finding.value,
        "limit": finding.limit,
        "entry": finding.entry,
        "is_kept": finding.is_kept,
    }
