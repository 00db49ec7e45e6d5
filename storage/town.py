"""The town as its file describes it: settings in one row, places as a tree, categories."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON as Json
from sqlalchemy import Column, Integer
from sqlmodel import Field, Session, SQLModel, col, select


class Town(SQLModel, table=True):
    """The one town of this database. `version` grows with each change of its file.

    `privacy` and `welcome` are texts by language; `emergency` is a telephone number;
    `contacts` is a list of {"name": {...}, "phone": ...}. `weekend` holds days of the week (0 is
    Monday) and `holidays` dates (ISO 8601) on which nobody works. `templates` are the team's ready
    answers: {"key", "names": {...}, "text": {...}, "states": [...], "categories": [...]}, an empty
    list for any. After `dormant_months` without a word from somebody they are made nameless;
    None: never.
    """

    __tablename__ = "town"

    # Always 1: there is nothing to count.
    id: int = Field(default=1, sa_column=Column(Integer, primary_key=True, autoincrement=False))
    version: int = 1
    name: str
    timezone: str
    language: str
    emergency: str
    contacts: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(Json))
    privacy_version: int
    privacy: dict[str, str] = Field(sa_column=Column(Json))
    welcome: dict[str, str] = Field(default_factory=dict, sa_column=Column(Json))
    nudge_minutes: int = 60
    expire_hours: int = 72
    follow_up_days: int = 28
    weekend: list[int] = Field(
        default_factory=lambda: [5, 6],
        sa_column=Column(Json, nullable=False, server_default="[5, 6]"),
    )
    holidays: list[str] = Field(
        default_factory=list, sa_column=Column(Json, nullable=False, server_default="[]")
    )
    templates: list[dict[str, Any]] = Field(
        default_factory=list, sa_column=Column(Json, nullable=False, server_default="[]")
    )
    dormant_months: int | None = None


class Territory(SQLModel, table=True):
    """A place in the tree. `outline` is a GeoJSON geometry (degrees, WGS 84), or none."""

    __tablename__ = "territory"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    name: str
    kind: str = "barrio"
    parent_id: int | None = Field(default=None, foreign_key="territory.id", index=True)
    outline: dict[str, Any] | None = Field(
        default=None, sa_column=Column(Json(none_as_null=True), nullable=True)
    )
    active: bool = True
    position: int = 0


class Category(SQLModel, table=True):
    """What a report can be about; `names`, `responsible` (the body) and `safety` by language.

    `days_to_resolve` are working days; `radius_m` is how near (metres) another report may be the
    same; `safety` is shown at once; `keywords` suggest the category. `questions` are its own:
    {"key", "text": {...}, "kind": text | number | yes_no | choice | choices | date, "required",
    "choices": [{"key", "names": {...}}]}.
    """

    __tablename__ = "category"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    names: dict[str, str] = Field(sa_column=Column(Json))
    emoji: str = ""
    follow_up_days: int | None = None
    responsible: dict[str, str] = Field(
        default_factory=dict, sa_column=Column(Json, nullable=False, server_default="{}")
    )
    days_to_resolve: int | None = None
    radius_m: int = Field(default=250, sa_column_kwargs={"server_default": "250"})
    safety: dict[str, str] = Field(
        default_factory=dict, sa_column=Column(Json, nullable=False, server_default="{}")
    )
    keywords: list[str] = Field(
        default_factory=list, sa_column=Column(Json, nullable=False, server_default="[]")
    )
    questions: list[dict[str, Any]] = Field(
        default_factory=list, sa_column=Column(Json, nullable=False, server_default="[]")
    )
    active: bool = True
    position: int = 0


def the_town(session: Session) -> Town | None:
    """The town, once its file was read."""
    return session.get(Town, 1)


def version_of(session: Session) -> int | None:
    """Which version of the town's file the database holds; cheap to ask often."""
    return session.exec(select(Town.version).where(Town.id == 1)).first()


def territories(session: Session, *, active: bool = True) -> list[Territory]:
    """Every place that is offered, in the file's order; or every one that no longer is."""
    return list(
        session.exec(
            select(Territory)
            .where(col(Territory.active).is_(active))
            .order_by(col(Territory.position), col(Territory.id))
        )
    )


def categories(session: Session, *, active: bool = True) -> list[Category]:
    """Every category that is offered, in the file's order; or every one that no longer is."""
    return list(
        session.exec(
            select(Category)
            .where(col(Category.active).is_(active))
            .order_by(col(Category.position), col(Category.id))
        )
    )
