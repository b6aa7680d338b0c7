"""Reads an AsyncAPI document: `load` makes a `Protocol` of it, or diagnostics."""

from mqbind.load.asyncapi import load
from mqbind.load.options import Options

__all__ = ["Options", "load"]
