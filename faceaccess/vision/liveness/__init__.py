"""Signals that tell a face from a picture of one: measured here, judged in `recognition`."""
