"""Adapters: what a step does to the world, one adapter a file."""
