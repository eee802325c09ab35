"""Where a result comes from, what it is not, and the program that makes it again."""
