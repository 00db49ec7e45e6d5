"""Search near a place in the index alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

OPEN = sa.text(
    "state IN ('received', 'confirmed', 'investigating', 'planned', 'in_progress')"
)


def upgrade() -> None:
    index(['category_id', 'cell', 'id', 'latitude', 'longitude', 'private', 'person_id'])


def downgrade() -> None:
    index(['category_id', 'cell', 'id'])


def index(columns: list[str]) -> None:
    """Make the index of open reports by square anew."""
    op.drop_index('report_near', table_name='report')
    op.create_index(
        'report_near', 'report', columns, sqlite_where=OPEN, postgresql_where=OPEN
    )
