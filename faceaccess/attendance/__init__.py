"""Use cases of the office: who worked when, and correcting it openly."""
