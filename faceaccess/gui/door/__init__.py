"""Door: who passes now, the cameras, and what the desk is asked."""
