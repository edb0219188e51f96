"""Benchmarks, evaluations and their peers: reads the product, and is never read by it."""
