"""One function for each thing a person can do: load, step, record, commit."""
