"""Evaluations on labelled photos and recordings."""
