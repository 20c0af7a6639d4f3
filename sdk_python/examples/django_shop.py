"""A shop in Django, in one file, with one page, one button and a new customer at every order.

`python django_shop.py migrate`, then `runserver` and, beside it, `afterword_relay`; AFTERWORD_URL and AFTERWORD_API_KEY
as ever (a test key is enough).
"""

import os
import sys
import uuid

import django
from django.conf import settings
from django.core.management import execute_from_command_line
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from afterword.integrations.django import trigger_survey

SHOP = "<title>Shop</title><form action='/orders'><button>Order</button></form>"
PAGE = "{% load afterword %}<h1>Thank you for your order {{ number }}</h1>{% afterword_survey invitation %}"

if not settings.configured:
    settings.configure(
        SECRET_KEY="example",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=["afterword.integrations.django"],
        DATABASES={
            "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ.get("DATABASE", "shop.db")}
        },
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        AFTERWORD={
            "url": os.environ.get("AFTERWORD_URL", "http://127.0.0.1:8400"),
            "api_key": os.environ.get("AFTERWORD_API_KEY"),
            "outbox": None,
        },
    )
    django.setup()


def shop(request: HttpRequest) -> HttpResponse:
    return HttpResponse(SHOP)


@transaction.atomic
def order(request: HttpRequest) -> HttpResponse:
    number, customer = (f"{noun}-{uuid.uuid4().hex[:8]}" for noun in ("order", "customer"))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS orders (number VARCHAR(20))")
        cursor.execute("INSERT INTO orders (number) VALUES (%s)", [number])
    invitation = trigger_survey(
        "order-confirmed", journey="first-order", customer=customer, transaction=number, channel="web"
    )
    if request.GET.get("card") == "refused":
        raise RuntimeError("the payment was refused: the order rolls back, and the trigger with it")
    return HttpResponse(
        engines["django"].from_string(PAGE).render({"number": number, "invitation": invitation})
    )


urlpatterns = [path("", shop), path("orders", order)]

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
