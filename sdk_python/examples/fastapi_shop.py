"""A shop in FastAPI, with one page, one button and a new customer at every order.

Run with `uvicorn fastapi_shop:app` after setting AFTERWORD_URL and AFTERWORD_API_KEY (a test key is enough).
"""

import os
import uuid
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.responses import HTMLResponse

from afterword import AsyncClient
from afterword.integrations.fastapi import Afterword

afterword = Afterword(outbox=os.environ.get("OUTBOX", "afterword-outbox.db"))
app = FastAPI(lifespan=afterword.lifespan)


@app.get("/", response_class=HTMLResponse)
async def shop() -> str:
    return '<title>Shop</title><form method="post" action="/orders"><button>Order</button></form>'


@app.post("/orders", response_class=HTMLResponse)
async def order(sdk: Annotated[AsyncClient, Depends(afterword)]) -> str:
    number, customer = (f"{noun}-{uuid.uuid4().hex[:8]}" for noun in ("order", "customer"))
    invitation = await sdk.trigger_survey(
        "order-confirmed", journey="first-order", customer=customer, transaction=number, channel="web"
    )
    return f"<title>Thank you</title><h1>Thank you for {number}</h1>{invitation.widget_tag()}"
