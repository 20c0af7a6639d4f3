"""A template's words out to translators and back: PO and XLIFF."""
