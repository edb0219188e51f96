"""The page Enrol: photos or a webcam, one person or a whole table."""
