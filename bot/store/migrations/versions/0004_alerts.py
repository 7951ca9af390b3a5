"""Who is missing: what is known of a company, who manages whom, what was found, what is to be told"""

import sqlalchemy as sa

import bot.database
import bot.store.tables
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('alert_settings',
    sa.Column('company', sa.String(length=100), nullable=False),
    sa.Column('enabled', sa.Boolean(), nullable=False),
    sa.Column('grace_minutes', sa.Integer(), nullable=False),
    sa.Column('delay_minutes', sa.Integer(), nullable=False),
    sa.Column('nudge_minutes', sa.Integer(), nullable=False),
    sa.Column('incident_percent', sa.Integer(), nullable=False),
    sa.Column('excluded', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('company')
    )
    op.create_table('alerts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('company', sa.String(length=100), nullable=False),
    sa.Column('emp_code', sa.String(length=64), nullable=False),
    sa.Column('instance', sa.String(length=200), nullable=False),
    sa.Column('kind', bot.store.tables.Word(length=10), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('workdate', sa.Date(), nullable=False),
    sa.Column('timetable', sa.Text(), nullable=False),
    sa.Column('starts_at', bot.database.UtcDateTime(), nullable=False),
    sa.Column('found_at', bot.database.UtcDateTime(), nullable=False),
    sa.Column('chain', sa.Text(), nullable=False),
    sa.Column('ended_at', bot.database.UtcDateTime(), nullable=True),
    sa.Column('ending', bot.store.tables.Word(length=20), nullable=True),
    sa.Column('answer', bot.store.tables.Word(length=20), nullable=True),
    sa.Column('answered_at', bot.database.UtcDateTime(), nullable=True),
    sa.Column('excuse', sa.Text(), nullable=True),
    sa.Column('excused_by', sa.String(length=64), nullable=True),
    sa.Column('snoozed_until', bot.database.UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('company', 'emp_code', 'instance', 'kind', name='alerts_once')
    )
    op.create_index('alerts_open', 'alerts', ['company', 'ended_at', 'starts_at'], unique=False)
    op.create_index('alerts_site', 'alerts', ['company', 'workdate', 'area_id'], unique=False)
    op.create_table('manager_settings',
    sa.Column('company', sa.String(length=100), nullable=False),
    sa.Column('emp_code', sa.String(length=64), nullable=False),
    sa.Column('quiet_from', sa.String(length=5), nullable=False),
    sa.Column('quiet_until', sa.String(length=5), nullable=False),
    sa.Column('digest_at', sa.String(length=5), nullable=False),
    sa.Column('weekly_day', sa.Integer(), nullable=False),
    sa.Column('working_days', sa.String(length=20), nullable=False),
    sa.Column('escalate_minutes', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('company', 'emp_code')
    )
    op.create_table('manager_stand_ins',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('company', sa.String(length=100), nullable=False),
    sa.Column('emp_code', sa.String(length=64), nullable=False),
    sa.Column('stand_in', sa.String(length=64), nullable=False),
    sa.Column('from_at', bot.database.UtcDateTime(), nullable=False),
    sa.Column('until_at', bot.database.UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('manager_stand_ins_manager', 'manager_stand_ins', ['company', 'emp_code', 'until_at'], unique=False)
    op.create_table('managers',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('company', sa.String(length=100), nullable=False),
    sa.Column('emp_code', sa.String(length=64), nullable=False),
    sa.Column('scope', bot.store.tables.Word(length=10), nullable=False),
    sa.Column('scope_id', sa.Integer(), nullable=False),
    sa.Column('scope_name', sa.Text(), nullable=False),
    sa.Column('delay_minutes', sa.Integer(), nullable=False),
    sa.Column('created_at', bot.database.UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('company', 'emp_code', 'scope', 'scope_id', name='managers_once')
    )
    op.create_table('nudge_settings',
    sa.Column('company', sa.String(length=100), nullable=False),
    sa.Column('emp_code', sa.String(length=64), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('company', 'emp_code')
    )
    op.create_table('outbox',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('company', sa.String(length=100), nullable=False),
    sa.Column('emp_code', sa.String(length=64), nullable=False),
    sa.Column('kind', bot.store.tables.Word(length=20), nullable=False),
    sa.Column('key', sa.String(length=250), nullable=False),
    sa.Column('payload', sa.Text(), nullable=False),
    sa.Column('state', bot.store.tables.Word(length=10), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('lease_until', bot.database.UtcDateTime(), nullable=True),
    sa.Column('next_at', bot.database.UtcDateTime(), nullable=True),
    sa.Column('unclear', sa.Boolean(), nullable=False),
    sa.Column('messages', sa.Text(), nullable=False),
    sa.Column('sent_at', bot.database.UtcDateTime(), nullable=True),
    sa.Column('seen_at', bot.database.UtcDateTime(), nullable=True),
    sa.Column('created_at', bot.database.UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('company', 'emp_code', 'kind', 'key', name='outbox_once')
    )
    op.create_index('outbox_due', 'outbox', ['next_at'], unique=False)
    op.create_table('roster_areas',
    sa.Column('company', sa.String(length=100), nullable=False),
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('company', 'id')
    )
    op.create_table('roster_departments',
    sa.Column('company', sa.String(length=100), nullable=False),
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('company', 'id')
    )
    op.create_table('roster_holidays',
    sa.Column('company', sa.String(length=100), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('first_date', sa.Date(), nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=True),
    sa.Column('emp_id', sa.String(length=64), nullable=True),
    sa.PrimaryKeyConstraint('company', 'id')
    )
    op.create_table('roster_leaves',
    sa.Column('company', sa.String(length=100), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('emp_code', sa.String(length=64), nullable=False),
    sa.Column('starts_at', bot.database.UtcDateTime(), nullable=False),
    sa.Column('ends_at', bot.database.UtcDateTime(), nullable=False),
    sa.Column('audit_status', sa.Integer(), nullable=False),
    sa.Column('pay_code', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('company', 'id')
    )
    op.create_index('roster_leaves_person', 'roster_leaves', ['company', 'emp_code'], unique=False)
    op.create_table('roster_logs',
    sa.Column('company', sa.String(length=100), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('emp_code', sa.String(length=64), nullable=False),
    sa.Column('punched_at', bot.database.UtcDateTime(), nullable=False),
    sa.Column('punch_state', sa.Integer(), nullable=False),
    sa.Column('audit_status', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('company', 'id')
    )
    op.create_index('roster_logs_person', 'roster_logs', ['company', 'emp_code'], unique=False)
    op.create_table('roster_people',
    sa.Column('company', sa.String(length=100), nullable=False),
    sa.Column('emp_code', sa.String(length=64), nullable=False),
    sa.Column('emp_id', sa.String(length=64), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('department_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Text(), nullable=False),
    sa.Column('hire_date', sa.Date(), nullable=True),
    sa.Column('phone', sa.String(length=40), nullable=True),
    sa.Column('enable_att', sa.Boolean(), nullable=True),
    sa.Column('left_at', bot.database.UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('company', 'emp_code')
    )
    op.create_index('roster_people_department', 'roster_people', ['company', 'department_id'], unique=False)
    op.create_index('roster_people_id', 'roster_people', ['company', 'emp_id'], unique=False)
    op.create_table('roster_person_areas',
    sa.Column('company', sa.String(length=100), nullable=False),
    sa.Column('emp_code', sa.String(length=64), nullable=False),
    sa.Column('area_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('company', 'emp_code', 'area_id')
    )
    op.create_index('roster_person_areas_area', 'roster_person_areas', ['company', 'area_id'], unique=False)
    op.create_table('roster_punches',
    sa.Column('company', sa.String(length=100), nullable=False),
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('emp_code', sa.String(length=64), nullable=False),
    sa.Column('punched_at', bot.database.UtcDateTime(), nullable=False),
    sa.Column('punch_state', sa.Integer(), nullable=False),
    sa.Column('source', sa.Integer(), nullable=True),
    sa.Column('terminal_sn', sa.String(length=64), nullable=True),
    sa.Column('terminal_alias', sa.Text(), nullable=True),
    sa.Column('uploaded_at', bot.database.UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('company', 'id')
    )
    op.create_index('roster_punches_person', 'roster_punches', ['company', 'emp_code', 'punched_at'], unique=False)
    op.create_table('roster_terminals',
    sa.Column('company', sa.String(length=100), nullable=False),
    sa.Column('sn', sa.String(length=64), nullable=False),
    sa.Column('alias', sa.Text(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=True),
    sa.Column('last_activity_at', bot.database.UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('company', 'sn')
    )
    op.create_table('shift_instances',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('company', sa.String(length=100), nullable=False),
    sa.Column('emp_code', sa.String(length=64), nullable=False),
    sa.Column('workdate', sa.Date(), nullable=False),
    sa.Column('timetable', sa.Text(), nullable=False),
    sa.Column('kind', bot.store.tables.Word(length=10), nullable=False),
    sa.Column('starts_at', bot.database.UtcDateTime(), nullable=True),
    sa.Column('ends_at', bot.database.UtcDateTime(), nullable=True),
    sa.Column('opens_at', bot.database.UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('shift_instances_day', 'shift_instances', ['company', 'workdate'], unique=False)
    op.create_index('shift_instances_due', 'shift_instances', ['company', 'starts_at'], unique=False)
    op.create_index('shift_instances_once', 'shift_instances', ['company', 'emp_code', 'workdate', 'timetable', 'starts_at'], unique=True)
    op.create_table('syncs',
    sa.Column('company', sa.String(length=100), nullable=False),
    sa.Column('part', bot.store.tables.Word(length=20), nullable=False),
    sa.Column('synced_until', bot.database.UtcDateTime(), nullable=True),
    sa.Column('cursor', sa.Text(), nullable=True),
    sa.Column('next_at', bot.database.UtcDateTime(), nullable=False),
    sa.Column('failed_since', bot.database.UtcDateTime(), nullable=True),
    sa.Column('failure', sa.Text(), nullable=True),
    sa.Column('told_at', bot.database.UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('company', 'part')
    )
