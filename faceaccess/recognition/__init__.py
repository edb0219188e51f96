"""Embeddings to decisions: gallery, decision, pipeline, evaluation."""
