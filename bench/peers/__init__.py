"""The peers of the engine: the same story through each of them, in an environment of their own."""
