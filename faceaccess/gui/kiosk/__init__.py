"""The kiosk: the full-screen door with its PIN pad."""
