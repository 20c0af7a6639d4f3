"""``make openapi``: write down the API and the public routes as they are now."""

from __future__ import annotations

import json
from pathlib import Path

from collector import db
from collector.config import load
from collector.service.app import create_app

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def main() -> None:
    config = load({"AFTERWORD_DATABASE_URL": "sqlite:///:memory:"})
    app = create_app(config, db.make_engine(config.database_url))
    document = app.extensions["afterword_api"].spec.to_dict()
    (REFERENCE / "openapi.json").write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    public = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], "access", ()) == ("public",)
    }
    (REFERENCE / "public-routes.txt").write_text("\n".join(sorted(public)) + "\n")


if __name__ == "__main__":
    main()
