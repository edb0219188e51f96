"""Which models there are, which one decides and by which threshold, trials, and embedding anew."""
