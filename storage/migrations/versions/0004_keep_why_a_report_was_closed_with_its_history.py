"""Keep why a report was closed with its history."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('report_event', schema=None) as batch_op:
        batch_op.add_column(sa.Column('closed_as', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('duplicate_of', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('responsible', sa.String(), nullable=True))
        batch_op.create_foreign_key('report_event_original', 'report', ['duplicate_of'], ['id'])
    # Of what is closed now it is still known; of what was opened again it is not.
    op.execute(
        """
        UPDATE report_event SET
            closed_as = (SELECT closed_as FROM report WHERE report.id = report_id),
            duplicate_of = (SELECT duplicate_of FROM report WHERE report.id = report_id),
            responsible = (SELECT responsible FROM report WHERE report.id = report_id)
        WHERE kind = 'state' AND after = 'closed' AND EXISTS (
            SELECT 1 FROM report
            WHERE report.id = report_id AND state = 'closed' AND changed_at = report_event.created_at
        )
        """
    )


def downgrade() -> None:
    with op.batch_alter_table('report_event', schema=None) as batch_op:
        batch_op.drop_constraint('report_event_original', type_='foreignkey')
        batch_op.drop_column('responsible')
        batch_op.drop_column('duplicate_of')
        batch_op.drop_column('closed_as')
