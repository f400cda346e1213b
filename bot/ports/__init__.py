"""What the outside has to offer. The only package an adapter of someone else's imports."""
