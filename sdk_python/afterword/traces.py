"""A link to OpenTelemetry: the trace in which a transaction ended, as an attribute of its trigger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NAME = "trace_id"


def with_trace(attributes: Any) -> Any:
    """Return the attributes with the current trace id; unchanged where there is no trace, or the host names one."""
    trace_id = current_trace_id()
    if trace_id is None or not isinstance(attributes, (Mapping, type(None))):
        return attributes
    return {NAME: trace_id, **(attributes or {})}


def current_trace_id() -> str | None:
    """Return the 32 hexadecimal digits of the current trace; None without one, or without OpenTelemetry."""
    try:
        from opentelemetry import trace
    except ImportError:
        return None
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else None
