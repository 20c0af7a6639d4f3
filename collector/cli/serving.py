"""``serve``, ``work`` and ``demo``: everything that runs until it is stopped."""

from __future__ import annotations

from pathlib import Path

import click

from collector import addresses, config, migrations
from collector.service import server

PORT = click.IntRange(0, 65535)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--port", type=PORT, default=8400, show_default=True, help="The port to listen at; 0 takes a free one."
)
@click.option("--no-worker", is_flag=True, help="Leave background work to `afterword work`.")
def serve(host: str, port: int, no_worker: bool) -> None:
    """Serve surveys, answers and the dashboard, background work included."""
    host, port = server.free(host, port)
    settings = config.load(own_url=addresses.listening(host, port))

    def told() -> None:
        click.echo(
            f"Afterword listens at {addresses.listening(host, port)} (public address: {settings.url}). "
            "Stop with Ctrl-C."
        )

    server.serve(settings, host, port, embedded=not no_worker, ready=told)


@click.command()
def work() -> None:
    """Do the background work alone (for several collectors over PostgreSQL; safe with several at once)."""
    settings = config.load()
    migrations.upgrade(settings.database_url)
    click.echo("Working. Stop with Ctrl-C.")
    server.work(settings)


@click.command()
@click.option("--port", type=PORT, default=8400, show_default=True, help="The collector's port.")
@click.option("--shop-port", type=PORT, default=8401, show_default=True, help="The demo shop's port.")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=Path("demo-data"),
    show_default=True,
    help="Where it is kept.",
)
@click.option("--reset", is_flag=True, help="Begin anew.")
def demo(port: int, shop_port: int, data: Path, reset: bool) -> None:
    """Everything at once: a company with 90 days of sample answers, its dashboard, and a shop that asks."""
    from collector.demo.run import run  # the demo loads the SDK and the shop, which serving does not need

    run(port=port, shop_port=shop_port, data=data, reset=reset)
