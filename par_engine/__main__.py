"""`python -m par_engine`: the command line where the program `par` is not on the path."""

from par_engine.cli.main import run

run()
