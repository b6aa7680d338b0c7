"""A protocol without the words of its source: types, constraints, channels, operations."""
