"""The REST API, for other programs: the same workflow functions as the pages and commands."""
