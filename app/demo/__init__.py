"""A company to play with: its own database and mail server, and a story that plays by itself."""

from app.demo.running import run_demo

__all__ = ["run_demo"]
