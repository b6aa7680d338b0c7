"""A `Plan` becomes files."""
