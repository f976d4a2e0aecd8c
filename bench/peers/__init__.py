"""Scripts that do with another tool what treatygraph does, each run in a process of its own."""
