"""The report as one self-contained HTML page: no scripts, nothing loaded from elsewhere."""

from __future__ import annotations

from html import escape

from treatygraph.reports.present import Presentation, Shown

_STYLE = """
:root { color-scheme: light dark; --edge: #8884; --Violation: #c0392b; --Warning: #b9770e; --Info: #2471a3; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
h2 { border-left: .4rem solid var(--severity); padding-left: .6rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-top: 1px solid var(--edge); padding: .35rem .6rem; text-align: left; }
td:first-child { font-family: ui-monospace, monospace; font-size: .85rem; overflow-wrap: anywhere; }
.Violation { --severity: var(--Violation); }
.Warning { --severity: var(--Warning); }
.Info { --severity: var(--Info); }
""".strip()


def write(report: Presentation) -> str:
    """The page as text."""
    sections = "".join(
        _section(rule, report.counts_of(rule), findings) for rule, findings in report.by_rule().items()
    )
    notes = "".join(f"<li>{escape(text)}</li>" for text in report.warnings)
    shapes = "".join(
        f"<tr><td>{escape(name)}</td><td>{count}</td></tr>" for name, count in report.looked_at.items()
    )
    contents = "".join(
        f'<li><a href="#{escape(rule)}">{escape(rule)} {escape(found[0].title)}</a>:'
        f" {sum(report.counts_of(rule).values())}</li>"
        for rule, found in report.by_rule().items()
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Validation report: {escape(report.summary())}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>Validation report</h1>
<p>{escape(report.summary())}</p>
{f"<ul>{contents}</ul>" if contents else ""}
{f"<h2>Notes</h2><ul>{notes}</ul>" if notes else ""}
{sections}
<details><summary>How many nodes each shape looked at</summary>
<table><thead><tr><th>shape</th><th>nodes</th></tr></thead><tbody>{shapes}</tbody></table></details>
</main>
</body>
</html>
"""


def _section(rule: str, counts: dict[str, int], findings: list[Shown]) -> str:
    example = findings[0]
    told = "; ".join(f"{severity}, {count}" for severity, count in counts.items())
    rows = "".join(
        f"<tr><td>{escape(finding.place)}</td>"
        f'<td title="{escape(finding.focus, quote=True)}">{escape(finding.label)}</td>'
        f"<td>{escape(finding.message)}</td><td>{escape(finding.path)}</td><td>{escape(finding.value)}</td></tr>"
        for finding in findings
    )
    fix = f"<p><strong>What to do.</strong> {escape(example.fix)}</p>" if example.fix else ""
    return (
        f'<section class="{escape(example.severity)}" id="{escape(rule, quote=True)}">'
        f"<h2>{escape(rule)} {escape(example.title)} ({escape(told)})</h2>"
        f"<p>{escape(example.why)}</p>{fix}"
        "<table><thead><tr><th>place</th><th>thing</th><th>what is wrong</th><th>path</th><th>value</th></tr>"
        "</thead>"
        f"<tbody>{rows}</tbody></table></section>\n"
    )
