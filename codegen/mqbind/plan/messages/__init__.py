"""The files of messages and shared types: structs, unions, sizes."""
