"""How often right, on labelled photos and recordings."""
