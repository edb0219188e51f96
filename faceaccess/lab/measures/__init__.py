"""What evaluations compute: figures, harder photos, reports."""
