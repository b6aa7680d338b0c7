"""Reads an AsyncAPI document: `load` makes a `Protocol` of it, or diagnostics."""

from mqbind.load.asyncapi.document import load
from mqbind.load.document.options import Options

__all__ = ["Options", "load"]
