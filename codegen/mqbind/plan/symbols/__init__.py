"""Symbols of C: what is reachable, where it is defined, what it is called."""
