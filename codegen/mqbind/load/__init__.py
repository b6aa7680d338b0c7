"""Reads an AsyncAPI document: `load` turns it into a `Protocol`, or diagnostics."""

from mqbind.load.asyncapi.document import load
from mqbind.load.document.options import Options

__all__ = ["Options", "load"]
