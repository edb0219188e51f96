"""One module per network architecture; torch is imported here only."""
