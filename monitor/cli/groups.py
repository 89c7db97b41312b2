"""Groups of commands that help: a near name for an unknown one, ``list`` where none is named."""

import click
from typing_extensions import override


class Suggesting(click.Group):
    """Answers an unknown command with the nearest one."""

    @override
    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from monitor.config.values import nearest

        name = args[0]
        known = self.list_commands(ctx)
        if name in known or name.startswith("-"):
            return super().resolve_command(ctx, args)
        hint = nearest(name, known) or f"there are: {', '.join(known)}"
        raise click.UsageError(f'there is no command "{name}"; {hint}', ctx)


class Listing(Suggesting):
    """Without the name of a command the arguments are those of ``list``."""

    @override
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        asks_for_help = not {"--help", "-h"}.isdisjoint(args)
        names_one = any(arg in self.commands for arg in args)
        only_options = not args or args[0].startswith("-")
        if only_options and not names_one and not asks_for_help:
            args = ["list", *args]
        return super().parse_args(ctx, args)
