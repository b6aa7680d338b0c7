"""The objects of an AsyncAPI document to a `Protocol`."""
