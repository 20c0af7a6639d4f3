"""keep tallies of closed groups

Nothing is counted here: a stratum is counted once, by whoever needs its tally first. A version that knows of no tallies may
write beside this one, or after it, for as long as it likes: what it puts into groups is not ``tallied``, what it takes out was
never said to go (``tallied`` is set to false before), and in both cases a trigger notes that the stratum is not known any
longer, so that it is counted again. Whoever writes as this version does sets off no trigger.

Revision: 0054, after 0053
"""

import sqlalchemy as sa
from alembic import op

from collector.migrations import online

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None
STRATUM = ("workspace_id", "dimension", "series_id", "touchpoint", "journey", "journey_version", "channel", "source", "respondent")  # fmt: skip
KEY = ("workspace_id", "touchpoint", "series_id", "journey", "journey_version", "channel", "source", "respondent", "dimension", "part")  # fmt: skip
NOT_KNOWN = "UPDATE group_tally SET is_known = false WHERE part = '' AND "
FIRES = {"insert": "NEW.tallied IS NULL", "delete": "OLD.tallied IS NOT FALSE"}


def upgrade() -> None:
    online.create_index(
        "ix_group_member_back", "group_member", [*STRATUM, "apart", "group_id", "category"], "released IS NULL"
    )
    op.create_table(
        "group_tally",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("touchpoint", sa.String(length=64), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("journey", sa.String(length=64), nullable=False),
        sa.Column("journey_version", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("respondent", sa.String(length=12), nullable=False),
        sa.Column("dimension", sa.String(length=64), nullable=False),
        sa.Column("part", sa.String(length=257), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("groups", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("newest", sa.Uuid(), nullable=True),
        sa.Column("is_known", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.workspace_id"], name=op.f("fk_group_tally_workspace_id")
        ),
        sa.PrimaryKeyConstraint(*KEY, name=op.f("pk_group_tally")),
    )
    with op.batch_alter_table("group_member", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tallied", sa.Boolean(), nullable=True))
    for event, row in (("insert", "NEW"), ("delete", "OLD")):
        mine = " AND ".join(f"{name} = {row}.{name}" for name in STRATUM)
        _make(event, f"{NOT_KNOWN}{mine};")


def _make(event: str, work: str) -> None:
    name = f"group_member_{event}"
    when = f"AFTER {event.upper()} ON group_member FOR EACH ROW WHEN ({FIRES[event]})"
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {work} RETURN NULL; END $$"
        )
        op.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {name}()")
    else:
        op.execute(f"CREATE TRIGGER {name} {when} BEGIN {work} END")


def downgrade() -> None:
    for event in FIRES:
        if op.get_context().dialect.name == "postgresql":
            op.execute(f"DROP TRIGGER group_member_{event} ON group_member")
            op.execute(f"DROP FUNCTION group_member_{event}()")
        else:
            op.execute(f"DROP TRIGGER group_member_{event}")
    with op.batch_alter_table("group_member", schema=None) as batch_op:
        batch_op.drop_column("tallied")
    op.drop_table("group_tally")
    online.drop_index("ix_group_member_back", "group_member")
