"""Reads an AsyncAPI document: `load` makes a `Protocol` of it, or diagnostics."""

from mqbind.load.asyncapi import load

__all__ = ["load"]
