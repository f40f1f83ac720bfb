"""Chainlit's SQLAlchemy data layer over the tables that genie-slack writes, with what a Slack thread has and Chainlit's
own chats have not: several people who ask in it, and answers that are for one of them."""

import json
import os
import uuid
from contextvars import ContextVar
from typing import Any, Optional

from chainlit.context import ChainlitContextException, context
from chainlit.data.sql_alchemy import SQLAlchemyDataLayer
from chainlit.user import PersistedUser
from fastapi import HTTPException
from sqlalchemy import URL, event

MOST_THREADS_OF_OTHERS = 100

# Who sent the request that is being answered: Chainlit looks its user up first, and does not hand it on.
_viewer: ContextVar[Optional[str]] = ContextVar("viewer", default=None)


def _current_viewer() -> Optional[str]:
    try:
        user = context.session.user
        return user.identifier if user else None
    except ChainlitContextException:
        return _viewer.get()


def _object(value: Any) -> dict:
    """JSONB comes as an object from psycopg, as text from asyncpg."""
    value = json.loads(value) if isinstance(value, str) else value
    return value if isinstance(value, dict) else {}


def _issued_password() -> str:
    from databricks.sdk import WorkspaceClient  # only where there is no PGPASSWORD

    workspace = WorkspaceClient()
    endpoint, instance = os.environ.get("LAKEBASE_ENDPOINT"), os.environ.get("DATABASE_INSTANCE")
    if endpoint:
        path, body = "/api/2.0/postgres/credentials", {"endpoint": endpoint}
    elif instance:
        path, body = "/api/2.0/database/credentials", {"request_id": str(uuid.uuid4()), "instance_names": [instance]}
    else:
        return workspace.config.oauth_token().access_token
    return workspace.api_client.do("POST", path, body=body)["token"]


class SlackThreads(SQLAlchemyDataLayer):
    @classmethod
    def from_environment(cls) -> "SlackThreads":
        schema = os.environ.get("CHAINLIT_SCHEMA", "genie_app")
        driver = os.environ.get("CHAINLIT_DRIVER", "psycopg")
        mode = os.environ.get("PGSSLMODE", "require")
        if driver == "asyncpg":
            connect_args: dict[str, Any] = {"server_settings": {"search_path": schema}, "ssl": mode}
        elif driver == "psycopg":
            connect_args = {"options": f"-csearch_path={schema}", "sslmode": mode}
        else:
            raise SystemExit(f"CHAINLIT_DRIVER is {driver!r}, but must be psycopg or asyncpg")
        url = URL.create(
            f"postgresql+{driver}",
            username=os.environ["PGUSER"],
            password=os.environ.get("PGPASSWORD"),
            host=os.environ["PGHOST"],
            port=int(os.environ.get("PGPORT", "5432")),
            database=os.environ.get("PGDATABASE", "databricks_postgres"),
        )
        layer = cls(url.render_as_string(hide_password=False), connect_args=connect_args)
        if not os.environ.get("PGPASSWORD"):

            @event.listens_for(layer.engine.sync_engine, "do_connect")
            def renew_password(dialect, record, arguments, parameters):
                parameters["password"] = _issued_password()

        return layer

    # People

    async def get_user(self, identifier: str) -> Optional[PersistedUser]:
        """An address is the same in capitals or not; the row's own letters are those of its threads."""
        rows = await self.execute_sql(
            "SELECT identifier FROM users WHERE lower(identifier) = lower(:identifier) "
            "ORDER BY identifier = :identifier DESC, identifier LIMIT 1",
            {"identifier": identifier},
        )
        stored = rows[0]["identifier"] if isinstance(rows, list) and rows else identifier
        _viewer.set(stored)
        return await super().get_user(stored)

    async def _asked_in(self, identifier: Optional[str]) -> dict[str, set[str]]:
        """The threads in which that person asked, with who they are in Slack there."""
        rows = await self.execute_sql(
            "SELECT thread_id, slack_user FROM thread_askers_view WHERE user_identifier = :identifier",
            {"identifier": identifier},
        )
        threads: dict[str, set[str]] = {}
        for row in rows if isinstance(rows, list) else []:
            threads.setdefault(row["thread_id"], set()).add(row["slack_user"])
        return threads

    # Threads

    async def get_thread_author(self, thread_id: str) -> str:
        """Chainlit opens a thread to its author alone: here, to everyone who asked in it."""
        viewer = _current_viewer()
        if viewer and thread_id in await self._asked_in(viewer):
            return viewer
        return await super().get_thread_author(thread_id)

    async def get_all_user_threads(self, user_id: Optional[str] = None, thread_id: Optional[str] = None):
        """For the list, the search and an open thread: all of them show the viewer's own view."""
        threads = await super().get_all_user_threads(user_id=user_id, thread_id=thread_id)
        if threads is None:
            return None
        viewer = _current_viewer()
        asked_in = await self._asked_in(viewer)
        if user_id is not None:
            own = {thread["id"] for thread in threads}
            for other in [one for one in asked_in if one not in own][:MOST_THREADS_OF_OTHERS]:
                threads += await super().get_all_user_threads(thread_id=other) or []
            threads.sort(key=lambda one: max((s["createdAt"] or "" for s in one["steps"]), default=""), reverse=True)
        for thread in threads:
            mine = asked_in.get(thread["id"], set())
            if mine:
                thread["userIdentifier"] = viewer
            thread["steps"] = _seen_by(mine, thread["steps"])
            seen = {step["id"] for step in thread["steps"]}
            thread["elements"] = [element for element in thread["elements"] or [] if element["forId"] in seen]
        return threads

    async def _must_own(self, thread_id: str) -> None:
        if await super().get_thread_author(thread_id) != _current_viewer():
            raise HTTPException(status_code=403, detail="This thread was begun by somebody else")

    async def delete_thread(self, thread_id: str):
        await self._must_own(thread_id)
        await super().delete_thread(thread_id)

    async def update_thread(self, thread_id: str, name=None, user_id=None, metadata=None, tags=None):
        """Its name alone: Chainlit would also keep its own session there."""
        if name is not None and metadata is None:
            await self._must_own(thread_id)
            await super().update_thread(thread_id, name=name)

    # What was said in Slack stays as it is.

    async def create_step(self, step_dict):
        pass

    async def update_step(self, step_dict):
        pass

    async def delete_step(self, step_id):
        pass

    async def create_element(self, element):
        pass

    async def delete_element(self, element_id, thread_id=None):
        pass


def _seen_by(mine: set[str], steps: list[dict]) -> list[dict]:
    """Without the answers that somebody else got in private; with the names of people, where several asked."""
    questions = [step for step in steps if step["type"] == "user_message"]
    has_others = len({step["name"] for step in questions}) > 1
    hidden: set[str] = set()
    shown = []
    for step in steps:  # parents come first
        if step["parentId"] in hidden:
            hidden.add(step["id"])
            continue
        if step["type"] == "user_message":
            metadata = _object(step["metadata"])
            if metadata.get("is_private") and _object(metadata.get("slack")).get("user") not in mine:
                hidden.add(step["id"])
                continue
            if has_others:
                step["output"] = f"{step['name']}: {step['output']}"
        shown.append(step)
    return shown
