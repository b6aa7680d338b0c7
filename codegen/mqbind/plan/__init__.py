"""From a `Protocol` to a `Plan`: everything that the templates print."""
