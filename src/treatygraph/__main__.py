"""`python -m treatygraph` is the command `treatygraph`."""

from treatygraph.cli import main

main()
