"""Commands about people: enrolling, importing, mending, consents, visitors."""
