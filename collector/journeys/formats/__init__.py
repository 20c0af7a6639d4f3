"""Journeys in other people's formats: CSV, Mermaid, CJML 2.0 (XML) and UJG (JSON-LD, experimental).

In: a file's text and what the importer adds to it; out: a journey file, and the list of what was lost, field by
field. The way back is the same: a document in, text and losses out. Nothing here touches the database.
"""

from collector.journeys.formats.catalog import FORMATS, Format, Imported, guess, read, recognise, write
from collector.journeys.formats.draft import Options
from collector.journeys.formats.losses import Loss

__all__ = ["FORMATS", "Format", "Imported", "Loss", "Options", "guess", "read", "recognise", "write"]
