"""A shop in Django, in one file: `python django_shop.py migrate`, then `runserver` and `afterword_relay`."""

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


@transaction.atomic
def order(request: HttpRequest) -> HttpResponse:
    number = f"order-{uuid.uuid4().hex[:8]}"
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS orders (number VARCHAR(20))")
        cursor.execute("INSERT INTO orders (number) VALUES (%s)", [number])
    invitation = trigger_survey("order-confirmed", transaction=number, channel="web")
    if request.GET.get("card") == "refused":
        raise RuntimeError("the payment was refused: the order rolls back, and the trigger with it")
    return HttpResponse(
        engines["django"].from_string(PAGE).render({"number": number, "invitation": invitation})
    )


urlpatterns = [path("orders", order)]

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
