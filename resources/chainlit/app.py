"""What was asked and answered in Slack, opened in Chainlit: an example of an app on genie-slack's database.

It shows and takes ratings; questions are asked in Slack, so nothing else is written. Settings, by environment:

PGHOST PGPORT PGUSER PGDATABASE PGSSLMODE  as of genie-slack, for a role of sql/grants.sql (chainlit_role)
PGPASSWORD             without it the workspace issues the password (Databricks' SDK and its variables)
LAKEBASE_ENDPOINT      Lakebase Autoscaling: the endpoint that issues it
DATABASE_INSTANCE      Lakebase Provisioned: the instance that issues it
CHAINLIT_SCHEMA        genie_app
CHAINLIT_DRIVER        psycopg or asyncpg
CHAINLIT_LOGIN         password: anybody's e-mail address with CHAINLIT_PASSWORD, to try it on one's own machine;
                       header: the address in the header that CHAINLIT_LOGIN_HEADER names (X-Forwarded-Email, as of
                       Databricks Apps). Only behind a proxy that sets this header itself, and lets nobody else do so.
CHAINLIT_AUTH_SECRET   what `chainlit create-secret` prints
"""

import hmac
import os

import chainlit as cl

from slack_threads import SlackThreads

LOGIN = os.environ.get("CHAINLIT_LOGIN", "password")


@cl.data_layer
def data_layer() -> SlackThreads:
    return SlackThreads.from_environment()


# People are found by the e-mail address of their Slack account.
if LOGIN == "header":

    @cl.header_auth_callback
    async def by_header(headers) -> cl.User | None:
        email = headers.get(os.environ.get("CHAINLIT_LOGIN_HEADER", "X-Forwarded-Email"), "").strip()
        return cl.User(identifier=email.lower()) if "@" in email else None

elif LOGIN == "password":

    @cl.password_auth_callback
    async def by_password(email: str, password: str) -> cl.User | None:
        expected = os.environ.get("CHAINLIT_PASSWORD", "")
        right = hmac.compare_digest(password.encode(), expected.encode())
        return cl.User(identifier=email.strip().lower()) if expected and right and "@" in email else None

else:
    raise SystemExit(f"CHAINLIT_LOGIN is {LOGIN!r}, but must be password or header")


@cl.on_chat_start
async def on_chat_start() -> None:
    """Chainlit starts no app without one. There is nothing to begin here."""


@cl.on_chat_resume
async def on_chat_resume(thread) -> None:
    """Without it Chainlit opens no thread."""
