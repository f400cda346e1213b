"""One kind of check a file: asks the sides, and has the domain compare what they gave."""
