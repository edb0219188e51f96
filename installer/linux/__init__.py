"""Debian package and archive for other Linuxes."""
