"""The C type of a value, the calls that read and write it, and its constant data."""
