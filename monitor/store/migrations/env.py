"""Run by Alembic: applies the changes on the connection that ``migrations.py`` hands over."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
