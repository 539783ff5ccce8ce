"""Who is told about an event, in which words, in whose name, and getting it delivered."""
