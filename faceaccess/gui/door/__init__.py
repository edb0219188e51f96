"""The page Door: the people who pass now, the cameras, and the questions to the desk."""
