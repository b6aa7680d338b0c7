"""Reads an AsyncAPI document: `load` turns it into a `Protocol`, or diagnostics."""

from mqbind.load.asyncapi.document import load, load_sound
from mqbind.load.document.allowed_folders import BYTES_MAX
from mqbind.load.document.options import Options

__all__ = ["BYTES_MAX", "Options", "load", "load_sound"]
