"""Batch readers and acts, one file for each capability."""
