"""From JSON Schema to the types and constraints of the model."""
