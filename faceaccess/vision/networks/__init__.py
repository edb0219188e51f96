"""One module per network: graphs written without torch, and torch modules, which are imported here only."""
