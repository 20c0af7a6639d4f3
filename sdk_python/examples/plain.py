"""Without a framework: set AFTERWORD_URL and AFTERWORD_API_KEY (a test key is enough), run, open the link."""

import uuid

import afterword

with afterword.Client() as sdk:
    invitation = sdk.trigger_survey(
        "order-confirmed",
        journey="first-order",
        transaction=f"order-{uuid.uuid4().hex[:8]}",
        customer=f"customer-{uuid.uuid4().hex[:8]}",
    )
    print(invitation.url)
    print("delivered" if sdk.flush(5) else "waiting in the outbox", sdk.stats())
