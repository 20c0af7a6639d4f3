"""What to paste into a business system, by framework, filled in with the workspace's own address and touchpoint. Pure.

Each is whole: it runs as it stands, with one page, one button and a new customer at every order.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import Template

ENVIRONMENT = Template("export AFTERWORD_URL=$url\nexport AFTERWORD_API_KEY=$key\n")
NO_KEY = "aw_sk_test_..."

CURL = Template("""\
curl -sS $url/api/v1/triggers \\
  -H "Authorization: Bearer $key" -H "Content-Type: application/json" \\
  -d '{"triggers": [{"touchpoint": "$touchpoint", $of_journey"locale": "$locale",
       "customer": "customer-'$$RANDOM'", "transaction": "order-'$$RANDOM$$RANDOM'"}]}'
""")

FLASK = Template('''\
# pip install "afterword-sdk[flask]"; save as shop.py; flask --app shop run
import uuid

from flask import Flask, render_template_string
from afterword.integrations.flask import Afterword

app = Flask(__name__)
afterword = Afterword(app)

SHOP = """<!doctype html><title>Shop</title><form method="post" action="/orders"><button>Order</button></form>"""
THANKS = """<!doctype html><title>Thank you</title><h1>Thank you for order {{ number }}</h1>
{{ afterword_survey(invitation) }}"""


@app.get("/")
def shop():
    return SHOP


@app.post("/orders")
def order():
    number = f"order-{uuid.uuid4().hex[:8]}"
    invitation = afterword.client.trigger_survey(
        "$touchpoint", $journey_argument
        transaction=number, customer=f"customer-{uuid.uuid4().hex[:8]}", locale="$locale",
    )
    return render_template_string(THANKS, number=number, invitation=invitation)
''')

DJANGO = Template("""\
# pip install "afterword-sdk[django]"; save as shop.py; python shop.py runserver
import sys
import uuid

from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import HttpResponse
from django.urls import path

settings.configure(
    DEBUG=True, SECRET_KEY="only-to-try", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__,
    INSTALLED_APPS=["afterword.integrations.django"], AFTERWORD={"outbox": None},
)


def shop(request):
    return HttpResponse('<form action="/orders"><button>Order</button></form>')


def order(request):
    from afterword.integrations.django import client

    number = f"order-{uuid.uuid4().hex[:8]}"
    invitation = client().trigger_survey(
        "$touchpoint", $journey_argument
        transaction=number, customer=f"customer-{uuid.uuid4().hex[:8]}", locale="$locale",
    )
    return HttpResponse(f"<h1>Thank you for order {number}</h1>{invitation.widget_tag()}")


urlpatterns = [path("", shop), path("orders", order)]

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
""")

FASTAPI = Template("""\
# pip install "afterword-sdk[fastapi]" uvicorn; save as shop.py; uvicorn shop:app
import uuid
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.responses import HTMLResponse
from afterword import AsyncClient
from afterword.integrations.fastapi import Afterword

afterword = Afterword()
app = FastAPI(lifespan=afterword.lifespan)


@app.get("/", response_class=HTMLResponse)
async def shop():
    return '<form method="post" action="/orders"><button>Order</button></form>'


@app.post("/orders", response_class=HTMLResponse)
async def order(sdk: Annotated[AsyncClient, Depends(afterword)]):
    number = f"order-{uuid.uuid4().hex[:8]}"
    invitation = await sdk.trigger_survey(
        "$touchpoint", $journey_argument
        transaction=number, customer=f"customer-{uuid.uuid4().hex[:8]}", locale="$locale",
    )
    return f"<h1>Thank you for order {number}</h1>{invitation.widget_tag()}"
""")

CELERY = Template("""\
# pip install "afterword-sdk[celery]"; save as shop.py; celery --app shop worker
#   python -c "import shop; shop.finish_order.delay()"
import os
import uuid

from celery import Celery
from afterword import Client
from afterword.integrations.celery import install

app = Celery("shop", broker=os.environ.get("BROKER", "redis://localhost"))
sdk = Client()
install(app, sdk)


@app.task
def finish_order():
    number = f"order-{uuid.uuid4().hex[:8]}"
    invitation = sdk.trigger_survey(
        "$touchpoint", $journey_argument
        transaction=number, customer=f"customer-{uuid.uuid4().hex[:8]}", locale="$locale",
    )
    print(invitation.url)
""")


@dataclass(frozen=True)
class Snippet:
    """One way to send the first trigger; ``environment`` is what its process must have."""

    key: str
    name: str
    text: str
    environment: str = ""


@dataclass(frozen=True)
class Filled:
    """What stands in the places of a snippet."""

    url: str
    touchpoint: str
    journey: str | None
    locale: str
    key: str = NO_KEY


def snippets(filled: Filled) -> list[Snippet]:
    """Every snippet, the shortest first."""
    names = {
        "url": filled.url,
        "key": filled.key,
        "touchpoint": filled.touchpoint,
        "locale": filled.locale,
        "of_journey": f'"journey": "{filled.journey}", ' if filled.journey else "",
        "journey_argument": f'journey="{filled.journey}",' if filled.journey else "",
    }
    environment = ENVIRONMENT.substitute(names)
    python = (
        ("flask", "Flask", FLASK),
        ("django", "Django", DJANGO),
        ("fastapi", "FastAPI", FASTAPI),
        ("celery", "Celery", CELERY),
    )
    found = [Snippet(key, name, text.substitute(names), environment) for key, name, text in python]
    return [Snippet("curl", "curl", CURL.substitute(names)), *found]
