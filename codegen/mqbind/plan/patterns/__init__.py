"""Regular expressions to automata."""
