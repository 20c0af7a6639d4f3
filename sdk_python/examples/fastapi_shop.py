"""A shop in FastAPI: run with `uvicorn fastapi_shop:app` after setting AFTERWORD_URL and AFTERWORD_API_KEY."""

import os
from typing import Annotated

from fastapi import Depends, FastAPI

from afterword import AsyncClient
from afterword.integrations.fastapi import Afterword

afterword = Afterword(outbox=os.environ.get("OUTBOX", "afterword-outbox.db"))
app = FastAPI(lifespan=afterword.lifespan)


@app.post("/orders/{number}")
async def order(number: str, sdk: Annotated[AsyncClient, Depends(afterword)]) -> dict[str, str]:
    invitation = await sdk.trigger_survey("order-confirmed", transaction=number, channel="app")
    return {"order": number, "survey": invitation.url}
