"""From JSON Schema draft-07 to the types and constraints of the model."""
