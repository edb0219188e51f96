"""Where pictures come from: cameras, recordings, photo files."""
