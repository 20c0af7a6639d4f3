"""Translations as a PO file (GNU gettext): a text's name is its context, so equal texts stay apart."""

from __future__ import annotations

import io
from datetime import datetime

from babel import UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, write_po

from collector.errors import BadInput
from collector.instruments.translations.exchange import Exchange, Loss, Unit

MAX_BYTES = 1_000_000
HEAD = "# Survey template {template}, translated from {source} into {target}."


def write(exchange: Exchange, now: datetime) -> bytes:
    """The file for the translator; the same texts always give the same file but for its date."""
    catalog = Catalog(
        locale=exchange.target.replace("-", "_"),
        project=exchange.template,
        version=exchange.source,
        fuzzy=False,
        creation_date=now,
        revision_date=now,
        header_comment=HEAD.format(**vars(exchange)),
    )
    for unit in exchange.units:
        notes = [unit.note] if unit.note else []
        catalog.add(unit.source, unit.target, context=unit.name, auto_comments=notes)
    file = io.BytesIO()
    write_po(file, catalog, width=0)
    return file.getvalue()


def read(body: bytes) -> tuple[Exchange, list[Loss]]:
    """What a translator sent back, and what is lost on the way; raises 422 ``unreadable_file``."""
    if len(body) > MAX_BYTES:
        raise BadInput("The file is larger than a megabyte.", "unreadable_file")
    try:
        text = io.StringIO(body.decode("utf-8-sig"))
        catalog = read_po(text, abort_invalid=True)
    except (
        PoFileError,
        UnicodeDecodeError,
        ValueError,
        UnknownLocaleError,
        AttributeError,
        TypeError,
    ) as error:
        detail = f"This is no PO file in UTF-8: {error}"
        raise BadInput(detail, "unreadable_file", {"file": [detail]}) from None
    units, losses = [], []
    for message in catalog:
        if message.id:
            loss = _loss(message)
            if loss:
                losses.append(loss)
            units.append(_unit(message, taken=loss is None))
    losses += [
        Loss(str(message.context or message.id), "obsolete", "is marked obsolete")
        for message in catalog.obsolete.values()
    ]
    target = str(catalog.locale_identifier or "").replace("_", "-")
    return Exchange(str(catalog.project), str(catalog.version), target, tuple(units)), losses


def _unit(message: Message, taken: bool) -> Unit:
    source = message.id if isinstance(message.id, str) else message.id[0]
    target = message.string if taken and isinstance(message.string, str) else ""
    return Unit(message.context or "", source, target)


def _loss(message: Message) -> Loss | None:
    name = message.context or str(message.id)
    if not isinstance(message.id, str):
        return Loss(name, "plural", "has plural forms, which surveys do not have")
    if message.fuzzy and message.string:
        return Loss(name, "fuzzy", "is marked fuzzy: the translator was not sure")
    return None
