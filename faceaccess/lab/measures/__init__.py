"""The measures behind evaluations: figures, harder photos, reports."""
