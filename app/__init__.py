"""Putting it together: settings, wiring, command line, worker, demo."""
