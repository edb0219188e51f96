"""The scale of distances that the plots and the slider below them share."""

FARTHEST = 2.4
"""Unrelated faces lie at 2, the square of the distance of two directions that have nothing in common."""

AXIS_PX = 64
"""Room at the left of the bars."""
