"""Commands about doors: watching, cameras, the kiosk, notifications."""
