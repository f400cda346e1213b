"""What the words mean. Pure: no I/O, no clock, no randomness."""
