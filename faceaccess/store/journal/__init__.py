"""The log: appended to, chained, proven, and read."""
