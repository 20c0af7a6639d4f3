"""A shop in Flask, with one page, one button and a new customer at every order.

Run with `flask --app flask_shop run` after setting AFTERWORD_URL and AFTERWORD_API_KEY (a test key is enough).
"""

import os
import uuid

from flask import Flask, render_template_string

from afterword.integrations.flask import Afterword

SHOP = """<!doctype html><title>Shop</title>
<h1>A line for your flat</h1>
<form method="post" action="/orders"><button>Order</button></form>"""
PAGE = """<!doctype html><title>Thank you</title>
<h1>Thank you for your order {{ number }}</h1>
{{ afterword_survey(invitation) }}"""

afterword = Afterword()


def create_app() -> Flask:
    app = Flask(__name__)
    app.config["AFTERWORD_OUTBOX"] = os.environ.get("OUTBOX", "afterword-outbox.db")
    afterword.init_app(app)

    @app.get("/")
    def shop() -> str:
        return SHOP

    @app.post("/orders")
    def order() -> str:
        number, customer = (f"{noun}-{uuid.uuid4().hex[:8]}" for noun in ("order", "customer"))
        invitation = afterword.client.trigger_survey(
            "order-confirmed", journey="first-order", customer=customer, transaction=number, channel="web"
        )
        return render_template_string(PAGE, number=number, invitation=invitation)

    @app.get("/account")
    def account() -> str:
        return render_template_string("{{ afterword_customer_survey('c-1842', mode='popover') }}")

    return app
