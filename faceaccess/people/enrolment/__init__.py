"""Enrolling at the desk: a photo is looked at, a double is found, templates are kept."""
