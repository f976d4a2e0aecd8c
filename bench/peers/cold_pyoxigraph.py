"""Load files and answer a query with pyoxigraph alone: cold_pyoxigraph.py QUERY_FILE FILE..."""

import sys
from pathlib import Path

import pyoxigraph as ox

store = ox.Store()
for path in sys.argv[2:]:
    store.bulk_load(path=path)
query = Path(sys.argv[1]).read_text(encoding="utf-8")
result = store.query(query)
assert isinstance(result, ox.QuerySolutions)
result.serialize(sys.stdout.buffer, format=ox.QueryResultsFormat.JSON)
