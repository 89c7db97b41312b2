"""EDGE SQL: tables, migrations, one module per aggregate; the only package that builds SQL."""
