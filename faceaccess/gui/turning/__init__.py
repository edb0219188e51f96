"""The screen while somebody is asked to turn their head."""
