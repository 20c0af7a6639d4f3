"""``/api/v1/workspace``: what the company says of itself, and whose figures its departments see."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from collector import locale, web
from collector.workspaces import caller, company, requires, sight

api = web.Blueprint("workspace", __name__, url_prefix="/api/v1", description="The company itself")


class WorkspaceIn(Schema):
    name = fields.String(validate=validate.Length(1, 120))
    logo_url = fields.String(allow_none=True, validate=validate.Length(max=500))
    locale = fields.String(validate=validate.OneOf(locale.LANGUAGES))
    timezone = fields.String(metadata={"description": "A name such as Europe/Berlin."})
    colour = fields.String(
        metadata={
            "description": "Of buttons on hosted pages, as #0a5570; stands out from white by 3. Empty: none."
        }
    )
    mail_from = fields.String(
        metadata={
            "description": "Sender of its mails, as Example <feedback@example.com>. Empty: AFTERWORD_MAIL_FROM."
        }
    )
    figures = fields.String(
        validate=validate.OneOf(sight.FIGURES),
        metadata={"description": "Whose figures somebody with a scope sees."},
    )
    keep_answers = fields.Integer(
        strict=True,
        metadata={"description": "Days after which answers are deleted, out of the figures too; 0: never."},
    )
    keep_record = fields.Integer(
        strict=True, metadata={"description": "Days after which rows of the record go; 0: never."}
    )
    keep_comments = fields.Integer(
        strict=True,
        metadata={"description": "Days after which the words of answers go, not their scores; 0: never."},
    )
    keep_interactions = fields.Integer(
        strict=True, metadata={"description": "Days after which what customers did goes; 0: never."}
    )
    keep_outcomes = fields.Integer(
        strict=True, metadata={"description": "Days after which what became of customers goes; 0: never."}
    )


@api.route("/workspace")
@requires("admin", "read", "person")
@api.response(200, WorkspaceIn)
def get_workspace() -> Any:
    """Show what the company says of itself."""
    return company.said(caller().workspace)


@api.route("/workspace", methods=["PATCH"])
@requires("admin", "administrator")
@api.arguments(WorkspaceIn)
@api.response(200, WorkspaceIn)
def patch_workspace(given: dict[str, Any]) -> Any:
    """Change some of it; what is left out stays."""
    who = caller()
    return company.said(company.change(web.session(), who.company.workspace_id, given, who.name, web.now()))
