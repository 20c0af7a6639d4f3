"""The demo shop: a small, real order flow with a database of its own, which triggers surveys as any customer would.

In: a tariff and an address. Out: an order in the shop's database, a trigger through the SDK, a page that asks.
It knows the collector only by its address and a server key; nothing of the collector's is imported here.
"""

from collector.demo.shop.app import Shop, close, create_shop

__all__ = ["Shop", "close", "create_shop"]
