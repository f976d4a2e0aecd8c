"""The parts of a benchmark run, one file each: `run(context)` gives a section of the report."""
