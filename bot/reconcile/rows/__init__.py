"""Comparison of rows by key."""
