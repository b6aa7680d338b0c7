"""A document as text and as a tree: parsing, files, references, overlays, extension keys."""
