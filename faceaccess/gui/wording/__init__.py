"""The wording of the core's codes, in one place."""
