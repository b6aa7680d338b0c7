"""From the objects of an AsyncAPI document to a `Protocol`."""
