"""Five lines, no framework: set AFTERWORD_URL and AFTERWORD_API_KEY, run, open the link."""

import afterword

with afterword.Client() as sdk:
    invitation = sdk.trigger_survey(
        "order-confirmed", journey="first-order", transaction="order-991", customer="c-1842"
    )
    print(invitation.url)
    print("delivered" if sdk.flush(5) else "waiting in the outbox", sdk.stats())
