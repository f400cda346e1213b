"""How the evidence pack looks on a screen and on paper; nothing is told by colour alone."""

STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; color: #1d2430; background: #fff; }
main { max-width: 72rem; margin: 0 auto; padding: 2rem 1.5rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; padding-top: .75rem; border-top: 2px solid #c9d1dc; }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
p { margin: .4rem 0; max-width: 60rem; }
nav a { margin-right: 1rem; white-space: nowrap; }
a { color: #0b5cad; }
.verdict { font-size: 1.1rem; font-weight: 600; }
.small, .none { color: #566173; font-size: .9rem; }
.digest { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .8rem; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid #dde3ea; overflow-wrap: anywhere; }
th { background: #f1f4f8; font-weight: 600; }
th { overflow-wrap: normal; }
td { min-width: 6rem; }
td:first-child { min-width: 11rem; }
pre { margin: .25rem 0; white-space: pre-wrap; overflow-wrap: anywhere; font-size: .8rem; background: #f6f8fa; padding: .4rem; }
@media print {
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  nav { display: none; }
  a { color: inherit; text-decoration: none; }
  tr, h1, h2, h3 { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  thead { display: table-header-group; }
  @page { margin: 15mm; }
}
"""  # noqa: E501
