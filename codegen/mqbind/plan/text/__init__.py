"""Comments, rules in words, and C literals."""
