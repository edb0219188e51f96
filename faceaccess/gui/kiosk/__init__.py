"""The full-screen door with its PIN pad."""
