"""FastAPI: a client that lives as long as the application, injected where it is wanted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from ..aio import AsyncClient
from ..client import Client


class Afterword:
    """Makes the client when the application starts, not at import, and closes it when it ends.

    afterword = Afterword("http://127.0.0.1:8400", api_key=...)
    app = FastAPI(lifespan=afterword.lifespan)

    @app.post("/orders")
    async def order(sdk: Annotated[AsyncClient, Depends(afterword)]) -> ...:
    """

    def __init__(self, *arguments: Any, client: Client | None = None, **options: Any) -> None:
        """Take the arguments of `Client`, or a ready one."""
        self._arguments = arguments
        self._options = options
        self._given = client
        self._client: AsyncClient | None = None

    @asynccontextmanager
    async def lifespan(self, app: FastAPI) -> AsyncIterator[None]:
        """Be the `lifespan` of an application, or part of one."""
        async with AsyncClient(self._given or Client(*self._arguments, **self._options)) as self._client:
            yield
        self._client = None

    def __call__(self) -> AsyncClient:
        """Return the client: the dependency."""
        if self._client is None:
            raise RuntimeError(
                "pass lifespan=afterword.lifespan to FastAPI, or enter it in your own lifespan"
            )
        return self._client
