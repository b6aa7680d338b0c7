"""A `Protocol` becomes a `Plan`: everything that the templates print."""
