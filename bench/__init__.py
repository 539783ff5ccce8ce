"""How fast it is, beside the least the database itself needs for the same work."""
