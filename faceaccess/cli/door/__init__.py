"""Commands about doors: watching, cameras, the kiosk, who is told."""
