"""Results of measurements on the terminal, as JSON, and as one HTML file."""
