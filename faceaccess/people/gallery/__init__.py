"""The gallery as a whole: what may be amiss, mending, undoing, erasing."""
