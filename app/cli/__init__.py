"""What a person types: ``countersign`` and its commands."""

from app.cli.program import main

__all__ = ["main"]
