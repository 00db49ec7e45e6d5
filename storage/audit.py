"""Who changed what, and when: one row for each change, never somebody's words nor a ballot."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON as Json
from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel


class Audit(SQLModel, table=True):
    """`action` is the verb's name, `subject` what it was done to ("report:12")."""

    __tablename__ = "audit"
    __table_args__ = (Index("audit_subject", "subject", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    action: str
    subject: str
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json))
