"""A template's words out to translators and back: PO and XLIFF."""

from collector.instruments.translations import exchange, po, xliff

__all__ = ["exchange", "po", "xliff"]
