"""What the templates print: dataclasses with finished strings and numbers."""
