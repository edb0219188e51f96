"""The main window around its pages: rail, lock, status, help."""
