"""The gallery as a whole: checking, mending, undoing, erasing."""
