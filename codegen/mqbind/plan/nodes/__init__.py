"""What the templates print: dataclasses of finished strings and numbers."""
