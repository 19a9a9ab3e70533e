"""Pure decisions about tables: how bytes become rows, rows become cells, and cells become records.

``cells`` and ``dates`` read one cell · ``fields`` names what a layout may fill · ``layouts`` loads and
matches the YAML files · ``texts``, ``workbooks`` and ``tables`` read files · ``plans`` compiles a layout to
a row parser · ``records`` builds records · ``grouping`` puts the rows of one order together.
"""
