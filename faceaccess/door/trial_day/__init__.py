"""The trial day: people walk past on purpose, and what the door makes of them is counted."""
