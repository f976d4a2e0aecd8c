"""Answer a query from an Oxigraph database with pyoxigraph alone: cold_directory.py DATABASE QUERY_FILE"""

import sys
from pathlib import Path

import pyoxigraph as ox

store = ox.Store.read_only(sys.argv[1])
result = store.query(Path(sys.argv[2]).read_text(encoding="utf-8"))
assert isinstance(result, ox.QuerySolutions)
result.serialize(sys.stdout.buffer, format=ox.QueryResultsFormat.JSON)
