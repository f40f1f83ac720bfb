#!/usr/bin/env python3
"""Whether real Chainlit shows what the bot stored: starts PostgreSQL, the sandbox, the bot, resources/chainlit with both
drivers and both ways to sign in, and a browser, and looks at the page. Not part of ./test, since it needs what PyPI has.

    python3 -m venv /tmp/chainlit && /tmp/chainlit/bin/pip install -r resources/chainlit/requirements.txt
    /tmp/chainlit/bin/python tests/check_chainlit.py [--build build/debug] [--pictures DIRECTORY]

It needs Chromium and PostgreSQL's programs, and prints one line for each thing that it looked at.
"""

import argparse
import asyncio
import glob
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

import asyncpg
import psycopg

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
from headless import Browser, Processes, answers, check, failures, free_port, wait_for  # noqa: E402

TREE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PASSWORD = "only for this run"


class Database:
    def __init__(self, processes, directory):
        programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
        self.port = free_port()
        data = os.path.join(directory, "data")
        user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
        if user:
            os.makedirs(data)
            shutil.chown(directory, "postgres")
            shutil.chown(data, "postgres")
        subprocess.run([programs + "/initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync"],
                       check=True, stdout=subprocess.DEVNULL, cwd="/", **user)
        processes.start("postgres", [programs + "/postgres", "-D", data, "-p", str(self.port), "-k", "", "-F"], cwd="/",
                        **user)
        wait_for("the database's start", lambda: self.query("SELECT 1"), passing=(OSError, psycopg.OperationalError))
        for statement in (f"CREATE ROLE bot LOGIN PASSWORD '{PASSWORD}'", f"CREATE ROLE web LOGIN PASSWORD '{PASSWORD}'",
                          f"CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}'", "CREATE DATABASE chats"):
            self.query(statement)
        self.query("GRANT CREATE, CONNECT ON DATABASE chats TO bot")

    def query(self, statement, database="postgres", role="postgres"):
        with psycopg.connect(host="127.0.0.1", port=self.port, user=role, dbname=database, autocommit=True) as one:
            cursor = one.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def chats(self, statement):
        return self.query("SET search_path = genie_app; " + statement, "chats")

    def value(self, statement):
        with psycopg.connect(host="127.0.0.1", port=self.port, user="postgres", dbname="chats", autocommit=True,
                             options="-csearch_path=genie_app") as one:
            row = one.execute(statement).fetchone()
            return row[0] if row else None

    def environment(self, role):
        return {"PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGUSER": role, "PGPASSWORD": PASSWORD,
                "PGDATABASE": "chats", "PGSSLMODE": "disable"}


class Sandbox:
    """The sandbox with its page, and a bot on the database."""

    def __init__(self, processes, database, build, directory):
        self.processes, self.database, self.build, self.port = processes, database, build, free_port()
        self.env_file = os.path.join(directory, "bot.env")
        processes.start("sandbox", [build + "/genie-slack-sandbox", "--port", str(self.port), "--status-ms", "0",
                                    "--today", "2025-12-31", "--no-rate-limits", "--env-file", self.env_file])
        wait_for("the sandbox's start", lambda: os.path.exists(self.env_file) and answers(self.url("/")))
        self.bot = None

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def start_bot(self, **settings):
        if self.bot:
            self.processes.stop(self.bot)
        environment = dict(line.rstrip("\n").split("=", 1) for line in open(self.env_file, encoding="utf-8"))
        environment.pop("IS_LOCAL", None)
        port = free_port()
        environment |= self.database.environment("bot") | {"PORT": str(port), "PATH": os.environ["PATH"]} | settings
        self.bot = self.processes.start("bot", [self.build + "/genie-slack"], env=environment, cwd="/")
        wait_for("the bot's start", lambda: answers(f"http://127.0.0.1:{port}/readyz"))

    def act(self, what, **arguments):
        request = urllib.request.Request(self.url("/ui/" + what), json.dumps(arguments).encode(),
                                         {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as reply:
            return json.load(reply)

    def workspace(self):
        with urllib.request.urlopen(self.url("/ui/state"), timeout=10) as reply:
            return json.load(reply)["workspace"]

    def ask(self, user, channel, text, thread=""):
        """Waits for the recorded end; the thread's ts."""
        before = self.database.value("SELECT count(*) FROM turns WHERE state IN ('delivered', 'failed')")
        ts = self.act("say", user=user, channel=channel, text=text, thread_ts=thread)["ts"]
        wait_for("an answer to " + text,
                 lambda: self.database.value("SELECT count(*) FROM turns WHERE state IN ('delivered', 'failed')") > before)
        return thread or ts


def check_grants(database):
    """What sql/grants.sql prints works as it is printed, with each driver."""
    environment = {**os.environ, **database.environment("bot")}
    done = subprocess.run(["psql", "--no-psqlrc", "-v", "reader_role=reader", "-v", "chainlit_role=web", "-f",
                           TREE + "/sql/grants.sql"], env=environment, capture_output=True, text=True)
    check("sql/grants.sql", done.returncode == 0, done.stderr)
    hints = dict(re.findall(r"^  (psql|psycopg|asyncpg): +(.*)$", done.stdout, re.M))
    query = "SELECT count(*) FROM threads"
    expected = database.value(query)
    for role in ("web", "reader"):
        environment = {**os.environ, **database.environment(role)}
        command = hints["psql"].replace("...", f"-XAtc {shlex.quote(query)}")
        said = subprocess.run(command, shell=True, env=environment, capture_output=True, text=True)
        check(f"the printed hint for psql, as {role}", said.stdout.strip() == str(expected), said.stderr)
        place = {"host": "127.0.0.1", "port": database.port, "user": role, "password": PASSWORD}
        arguments = eval("dict(" + hints["psycopg"] + ")")["connect_args"]
        with psycopg.connect(dbname="chats", **place, **arguments) as one:
            check(f"the printed hint for psycopg, as {role}", one.execute(query).fetchone()[0] == expected)
        arguments = eval("dict(" + hints["asyncpg"] + ")")["connect_args"]

        async def count():
            one = await asyncpg.connect(database="chats", **place, **arguments)
            try:
                return await one.fetchval(query)
            finally:
                await one.close()

        check(f"the printed hint for asyncpg, as {role}", asyncio.run(count()) == expected)


def fill(sandbox):
    """What people asked: the threads by what is special in them."""
    workspace = sandbox.workspace()
    bot = workspace["bot"]["user_id"]
    people = [one for one in workspace["users"] if not one["is_bot"] and not one.get("is_guest")][:2]
    channel = next(one["id"] for one in workspace["channels"] if one["bot_is_member"])
    ana, ben = people
    mention = f"<@{bot}> "
    threads = {}
    sandbox.start_bot()
    threads["rows"] = sandbox.ask(ana["id"], channel, mention + "Latest 20 orders")
    threads["long"] = sandbox.ask(ana["id"], channel, mention + "Write a long report")
    threads["shared"] = sandbox.ask(ana["id"], channel, mention + "Revenue by region")
    sandbox.ask(ben["id"], channel, mention + "and by month?", threads["shared"])
    threads["rated"] = sandbox.ask(ana["id"], channel, mention + "Revenue by month")
    answer_ts = sandbox.database.value("SELECT progress_ts FROM turns ORDER BY sequence DESC LIMIT 1")
    sandbox.act("react", user=ana["id"], channel=channel, ts=answer_ts, name="-1", add=True)
    wait_for("the rating", lambda: sandbox.database.value("SELECT count(*) FROM feedbacks") == 1)
    sandbox.start_bot(BOT_LANGUAGE="de")
    threads["german"] = sandbox.ask(ana["id"], channel, mention + "Umsatz nach Region")
    sandbox.start_bot(ANSWERS_IN_CHANNELS="private")
    sandbox.ask(ben["id"], channel, mention + "Headcount by department", threads["shared"])
    ids = {name: str(sandbox.database.value(
        f"SELECT chat_thread_id FROM turns WHERE thread_ts = '{ts}' LIMIT 1")) for name, ts in threads.items()}
    return ids, ana, ben


class App:
    """resources/chainlit, as its command starts it."""

    def __init__(self, processes, database, driver, login, letters_of):
        self.processes, self.port, self.letters_of, self.login = processes, free_port(), letters_of, login
        environment = {**os.environ, **database.environment("web"), "CHAINLIT_DRIVER": driver, "CHAINLIT_LOGIN": login,
                       "CHAINLIT_PASSWORD": PASSWORD, "GENIE_SLACK_CHAINLIT_PYTHON": sys.executable}
        environment.pop("DATABASE_URL", None)
        self.process = processes.start(f"chainlit-{driver}-{login}",
                                       [TREE + "/resources/chainlit/run", "--port", str(self.port)], env=environment)
        wait_for("Chainlit's start", lambda: self.process.poll() is not None or answers(self.url("/")), 120)

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    async def sign_in(self, browser, email):
        await browser.call("Network.clearBrowserCookies")
        if self.login == "header":
            await browser.call("Network.setExtraHTTPHeaders", headers={"X-Forwarded-Email": email})
            await browser.go(self.url("/"))
        else:
            await browser.call("Network.setExtraHTTPHeaders", headers={})
            await browser.go(self.url("/login"))
            await browser.until("the form to sign in", "document.querySelector('input[type=password]') !== null")
            for name, value in (("email", email), ("password", PASSWORD)):
                await browser.run(f"document.querySelector('input[name={name}], #{name}').focus()")
                await browser.call("Input.insertText", text=value)
            await browser.run("document.querySelector('button[type=submit]').click()")
        await browser.until(f"{email} is signed in", "document.querySelector('[href*=\"/thread/\"]') !== null")


# How the page names the steps of a thread, in order.
STEPS = "[...document.querySelectorAll('[data-step-type]')].map(e => e.dataset.stepType).join(' ')"


async def look(browser, app, database, threads, ana, ben, pictures, label):
    async def open_thread(name, viewer="ana"):
        await browser.go(app.url("/thread/" + threads[name]))
        shown = await browser.until(f"{label}: the thread '{name}' opens",
                                    STEPS + ".includes('assistant_message') && document.body.innerText")
        await asyncio.sleep(1)
        if pictures:
            await browser.picture(os.path.join(pictures, f"{label}-{name}-{viewer}.png"))
        return shown or ""

    # Other letters than Slack's.
    await app.sign_in(browser, ana["email"].upper())
    links = "[...document.querySelectorAll('a[href*=\"/thread/\"]')].map(a => a.href).join(' ')"
    listed = await browser.run(links)
    check(f"{label}: all own threads are listed", all(one in listed for one in threads.values()), listed)

    await open_thread("rows")
    text = await browser.text()
    rows = await browser.run("Math.max(...[...document.querySelectorAll('table')].map(t => t.querySelectorAll('tbody tr').length))")
    check(f"{label}: twenty rows are a table", rows == 20, f"{rows}")
    tool = await browser.run("document.querySelector('[id=\"step-Genie\"]') !== null")
    check(f"{label}: the SQL step stands there", tool, text[:300])
    await browser.run("document.querySelector('[id=\"step-Genie\"]').click()")
    sql = await browser.until(f"{label}: the SQL step shows its SQL", "document.body.innerText.includes('SELECT')")
    check(f"{label}: the SQL step opens", bool(sql))
    sorts = await browser.run("document.querySelectorAll('.dataframe tbody tr').length")
    check(f"{label}: the rows are a table with pages", sorts == 10, f"{sorts}")
    link = await browser.run("(a => a && a.href.slice(0, 14) + ' ' + a.download)(document.querySelector('a.inline-file'))")
    check(f"{label}: the CSV is an element with content", (link or "").startswith("data:text/csv") and ".csv" in link, link)
    csv = await browser.run("fetch(document.querySelector('a.inline-file').href).then(r => r.text())")
    check(f"{label}: it has a header and twenty lines", csv and len(csv.strip().split("\r\n")) == 21, str(csv)[:200])
    await browser.run("document.querySelector('a.inline-file').click()")
    name = link.split(" ", 1)[1] if link else "?"
    path = os.path.join(app.downloads, name)
    end = time.monotonic() + 10
    while not os.path.exists(path) and time.monotonic() < end:
        await asyncio.sleep(0.1)
    check(f"{label}: a click saves it", os.path.exists(path), f"{os.listdir(app.downloads)}")
    if os.path.exists(path):
        os.remove(path)
    if pictures:
        await browser.run("document.querySelector('.dataframe')?.scrollIntoView()")
        await asyncio.sleep(0.5)
        await browser.picture(os.path.join(pictures, f"{label}-rows-elements.png"))

    text = await open_thread("long")
    stored = database.value(f"SELECT output FROM steps WHERE \"threadId\" = '{threads['long']}' "
                            "AND type = 'assistant_message'")
    chapters = re.findall(r"^#+ (.+)$", stored, re.M)
    check(f"{label}: a text of {len(stored)} characters is whole",
          len(stored) > 20_000 and len(chapters) > 20 and all(one in text for one in chapters)
          and "This is the last line of the long report." in text, f"{len(text)} of them")

    text = await open_thread("german")
    check(f"{label}: the German answer is German",
          all(words in text for words in ("1.527.428,21", "4 Zeilen", "bitte prüfen")), text[-600:])

    found = await browser.run("""fetch('/project/threads', {method: 'POST', headers: {'Content-Type': 'application/json'},
        body: JSON.stringify({pagination: {first: 50}, filter: {}})}).then(r => r.text())""")
    check(f"{label}: what somebody got in private is not in the list of threads either",
          found and "Latest 20 orders" in found and "epartment" not in found, str(found)[:300])
    text = await open_thread("shared")
    check(f"{label}: another one's question has a name", f"{ben['name']}: " in text, text[:400])
    check(f"{label}: what somebody got in private is not there", "epartment" not in text, text[:600])

    await open_thread("rated")
    rating = "[...document.querySelectorAll('.negative-feedback-on, .positive-feedback-on')].map(e => e.className).join(' ')"
    shown = await browser.until(f"{label}: the rating of Slack is shown", rating)
    check(f"{label}: it is the thumb down", "negative-feedback-on" in (shown or ""), shown)

    await app.sign_in(browser, ben["email"])
    listed = await browser.run(links)
    check(f"{label}: who asked in it finds a thread of somebody else", threads["shared"] in listed, listed)
    check(f"{label}: and no other one", threads["rows"] not in listed, listed)
    text = await open_thread("shared", "ben")
    check(f"{label}: it opens to them, with their own private answer", "epartment" in text, text[:400])
    await browser.go(app.url("/thread/" + threads["rows"]))
    await asyncio.sleep(2)
    text = await browser.text()
    check(f"{label}: a thread in which they did not ask stays closed", "order" not in text.lower(), text[:300])


async def rate_up(browser, app, database, threads, ana, pictures, label):
    """Down in Slack, then up in Chainlit."""
    await app.sign_in(browser, ana["email"])
    await browser.go(app.url("/thread/" + threads["rated"]))
    await browser.until(f"{label}: the rated thread opens", STEPS + ".includes('assistant_message')")
    await asyncio.sleep(1)
    await browser.run("document.querySelector('.positive-feedback-off')?.click()")
    await browser.until(f"{label}: the form of a rating", "document.querySelector('#feedbackSubmit, #submit-feedback') !== null")
    await browser.run("document.querySelector('#feedbackSubmit, #submit-feedback')?.click()")
    end = time.monotonic() + 10
    while database.value("SELECT min(value) FROM feedbacks") != 1 and time.monotonic() < end:
        await asyncio.sleep(0.2)
    check(f"{label}: a thumb up in Chainlit replaces the one down", database.value(
        "SELECT string_agg(value::text, ' ') FROM feedbacks") == "1")
    if pictures:
        await browser.picture(os.path.join(pictures, f"{label}-rated-up.png"))


def passed_on(directory):
    with open(os.path.join(directory, "bot.log"), encoding="utf-8") as log:
        return log.read().count("rating.passed_on")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default=os.path.join(TREE, "build/debug"))
    parser.add_argument("--pictures", help="directory for pictures of the page, to look at")
    options = parser.parse_args()
    if options.pictures:
        os.makedirs(options.pictures, exist_ok=True)
    # Whoever ends it early ends what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    directory = tempfile.mkdtemp(prefix="check-chainlit-")
    os.chmod(directory, 0o755)
    processes = Processes(directory)
    try:
        database = Database(processes, tempfile.mkdtemp(prefix="check-chainlit-db-"))
        sandbox = Sandbox(processes, database, os.path.abspath(options.build), directory)
        threads, ana, ben = fill(sandbox)
        check_grants(database)
        downloads = os.path.join(directory, "downloads")
        os.makedirs(downloads)
        browser = Browser(processes, directory)

        async def all_looks():
            await browser.open(downloads)
            try:
                await all_apps()
            finally:
                await browser.close()

        async def all_apps():
            for driver, login in (("psycopg", "password"), ("asyncpg", "header")):
                app = App(processes, database, driver, login, ana)
                app.downloads = downloads
                await look(browser, app, database, threads, ana, ben, options.pictures, f"{driver}-{login}")
                if driver == "asyncpg":
                    await rate_up(browser, app, database, threads, ana, options.pictures, driver)
                processes.stop(app.process)

        asyncio.run(all_looks())
        before = passed_on(directory)
        sandbox.start_bot()
        wait_for("the thumb up at Genie", lambda: passed_on(directory) > before)
        check("Genie is told of the thumb up", database.value("SELECT told FROM ratings") == 1)
        # What Chainlit's session and its user would have changed.
        check("the threads are as the bot wrote them", database.value(
            "SELECT count(*) FROM threads WHERE metadata ?| ARRAY['id', 'env', 'chat_profile', 'chat_settings']") == 0)
        check("nobody has two rows", database.value("SELECT count(*) = count(DISTINCT lower(identifier)) FROM users"))
        check("no dead letters", database.value("SELECT count(*) FROM dead_letters") == 0)
    finally:
        processes.stop_all()
        if failures:
            print("what was written is in", directory)
        else:
            shutil.rmtree(directory, ignore_errors=True)
    print(f"{len(failures)} failed" if failures else "all of it holds")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
