"""How fast, and how long: beside the usual tools, in one run."""
