#!/usr/bin/env python3
"""Whether the sandbox's page is for everyone: starts the sandbox with a bot as ./run does, asks as people do, and looks at
the page in a browser: axe in both themes, Tab stops, names, what the live region says, heights at 440 px, links to the
page's own threads. The bot's status page is looked at too. Not part of ./test, since it needs Chromium and what PyPI and
npm have.

    python3 -m venv /tmp/page && /tmp/page/bin/pip install aiohttp
    npm install --prefix /tmp/page axe-core
    /tmp/page/bin/python tests/check_page.py --axe /tmp/page/node_modules/axe-core/axe.min.js \\
        [--build build/debug] [--pictures DIRECTORY]

Prints one line for each thing that it looked at.
"""

import argparse
import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
from headless import Browser, Processes, answers, check, failures, free_port, wait_for  # noqa: E402

TREE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NARROW, WIDE = (440, 760), (1440, 1000)
MOST_STOPS = 6  # Tab stops of one answer
# What is asked, and how many pixels its answer may be high at 440 px, as the first of its conversation.
ROWS, MONTHS, NUMBER = "Revenue by region in 2025", "How did monthly revenue develop in 2025?", "What was our revenue in 2025?"
HEIGHTS = {ROWS: 520, MONTHS: 640, NUMBER: 220}
COUNTRIES, CATEGORIES = "Revenue by country in 2025", "Revenue by category in 2025"


class Sandbox:
    def __init__(self, processes, build, directory):
        self.port, self.status_port = free_port(), free_port()
        processes.start("sandbox", [build + "/genie-slack-sandbox", "--bot", build + "/genie-slack", "--bot-log",
                                    os.path.join(directory, "bot.log"), "--port", str(self.port), "--status-ms", "100",
                                    "--no-rate-limits"], cwd=directory, env={**os.environ, "PORT": str(self.status_port)})
        wait_for("the page's start", lambda: answers(self.url("/")))
        wait_for("the bot's start", lambda: self.state()["controls"]["bot"]["connections"] > 0)
        workspace = self.state()["workspace"]
        self.bot, self.me = workspace["bot"]["user_id"], workspace["me"]["id"]
        self.channel = next(one["id"] for one in workspace["channels"] if one["name"] == "sales")

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def state(self):
        with urllib.request.urlopen(self.url("/ui/state"), timeout=10) as reply:
            return json.load(reply)

    def act(self, what, **arguments):
        request = urllib.request.Request(self.url("/ui/" + what), json.dumps({"user": self.me, **arguments}).encode(),
                                         {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as reply:
            return json.load(reply)

    def messages(self, channel):
        return self.state()["workspace"]["messages"].get(channel, [])

    def say(self, text, channel="", thread=""):
        return self.act("say", channel=channel or self.channel, text=text, thread_ts=thread)["ts"]

    def ask(self, question, thread=""):
        """The thread, and its last message once it is a whole answer, which can be rated."""
        ts = thread or self.say(f"<@{self.bot}> {question}")
        if thread:
            before = len(self.messages(self.channel))
            self.say(f"<@{self.bot}> {question}", thread=thread)
            wait_for("the answer's beginning", lambda: len(self.messages(self.channel)) > before + 1)

        def answer():
            found = [one for one in self.messages(self.channel) if one.get("thread_ts") == ts and one.get("bot_id")]
            return found[-1]["ts"] if found and "rate_answer" in json.dumps(found[-1]) else ""
        return ts, wait_for("an answer to " + question, answer)


class Page:
    """The page in the browser."""

    def __init__(self, browser, sandbox, pictures):
        self.browser, self.sandbox, self.pictures = browser, sandbox, pictures

    async def size(self, size):
        await self.browser.call("Emulation.setDeviceMetricsOverride", width=size[0], height=size[1], deviceScaleFactor=1,
                                mobile=False)

    async def theme(self, name):
        await self.browser.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": name}, {"name": "prefers-reduced-motion", "value": "reduce"}])

    async def open(self, address, what, ready):
        await self.browser.go("about:blank")
        await self.browser.go(self.sandbox.url("/#/" + address))
        found = await self.browser.until(what, ready)
        await asyncio.sleep(0.5)
        return found

    async def open_answer(self, thread, answer):
        await self.open(f"{self.sandbox.channel}/{thread}", "the answer is shown", f"!!{article(answer)}")

    async def tab(self):
        for kind in ("keyDown", "keyUp"):
            await self.browser.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)

    async def picture(self, name):
        if self.pictures:
            await self.browser.picture(os.path.join(self.pictures, name + ".png"))


def article(ts):
    return f"document.querySelector('#thread article[data-ts=\"{ts}\"]')"


async def look_at_heights(page, answered):
    await page.size(NARROW)
    for question, most in HEIGHTS.items():
        await page.open_answer(*answered[question])
        height = await page.browser.run(f"Math.round({article(answered[question][1])}.getBoundingClientRect().height)")
        check(f"'{question}' is at most {most} px high", height <= most, f"{height} px")
        print(f"       {height} px")
        await page.picture("narrow-" + question.split()[-2].lower() + f"-{most}")


async def look_at_labels(page, answered):
    for question in (ROWS, MONTHS, COUNTRIES, CATEGORIES):
        await page.open_answer(*answered[question])
        labels = await page.browser.run(
            f"[...{article(answered[question][1])}.querySelectorAll('.chart text.tick')].map(t => t.textContent).join(', ')")
        check(f"'{question}' has whole labels", labels and "…" not in labels, labels)
        await page.picture("labels-" + question.split()[2])


async def look_at_stops(page, answered):
    await page.size(NARROW)
    for question in (ROWS, NUMBER):
        node = article(answered[question][1])
        await page.open_answer(*answered[question])
        await page.browser.run(f"{node}.focus()")
        stops = []
        while len(stops) < 40:
            await page.tab()
            stop = await page.browser.run(f"""(() => {{
                const now = document.activeElement;
                if (!{node}.contains(now)) return '';
                return `${{now.localName}} ${{now.getAttribute('aria-label') ?? now.textContent.slice(0, 30)}}`;
            }})()""")
            if not stop:
                break
            stops.append(stop)
        check(f"'{question}' has at most {MOST_STOPS} Tab stops", 0 < len(stops) <= MOST_STOPS, f"{len(stops)}: {stops}")
        names = await page.browser.run(f"""[...{node}.querySelectorAll('button, a[href], summary, input, select')]
            .map(each => each.getAttribute('aria-label') ?? each.textContent.trim())""")
        check(f"'{question}' has a name for each control, and each its own", all(names) and len(set(names)) == len(names),
              f"{names}")


async def look_with_axe(page, axe, answered, home):
    with open(axe, encoding="utf-8") as file:
        script = file.read()
    thread, answer = answered[ROWS]
    places = [(f"{page.sandbox.channel}/{thread}", "the thread", f"!!{article(answer)}"),
              ("app/home", "Home", home), (page.sandbox.channel, "the channel", "!!document.querySelector('#main article')"),
              ("app/messages", "the welcome", "!!document.querySelector('.welcome')")]
    for theme in ("light", "dark"):
        await page.theme(theme)
        for size in (WIDE, NARROW):
            await page.size(size)
            for address, what, ready in places:
                await page.open(address, what, ready)
                await page.browser.run(script + "; 0")
                found = await page.browser.run("""axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(
                    v => `${v.id}: ${v.nodes.slice(0, 6).map(n => n.target.join(' ') + ' ' + n.any.map(a => a.message).join('; ')
                    ).join(' | ')}`).join('\\n'))""")
                check(f"axe finds nothing in {what}, {theme}, {size[0]} px", found == "", found)
                await page.picture(f"{theme}-{size[0]}-{what.split()[-1].lower()}")
    await page.theme("light")


async def look_at_status(page, axe):
    """What a person sees at the bot's own port: numbers and bars, and nothing of what was asked by whom."""
    with open(axe, encoding="utf-8") as file:
        script = file.read()
    for theme in ("light", "dark"):
        await page.theme(theme)
        for size in (WIDE, NARROW):
            await page.size(size)
            await page.browser.go("about:blank")
            await page.browser.go(f"http://127.0.0.1:{page.sandbox.status_port}/")
            await page.browser.until("the status page draws the day", "document.querySelectorAll('figure svg').length === 2")
            where = f"the status page, {theme}, {size[0]} px"
            bars = await page.browser.run("""[...document.querySelectorAll('figure')].map(each =>
                [...each.querySelectorAll('rect')].filter(bar => bar.getBoundingClientRect().height > 2).length)""")
            check(f"both figures of {where} have a bar that can be seen", len(bars) == 2 and min(bars) > 0, f"{bars}")
            ink = await page.browser.run("getComputedStyle(document.body).color")
            check(f"{where} is as light as it is wanted", (ink == "rgb(255, 255, 255)") == (theme == "dark"), ink)
            wide = await page.browser.run("document.documentElement.scrollWidth - innerWidth")
            check(f"nothing of {where} is cut off", wide <= 0, f"{wide} px")
            await page.browser.run(script + "; 0")
            found = await page.browser.run("""axe.run(document, {resultTypes: ['violations'], rules: {
                'landmark-one-main': {enabled: false}, 'region': {enabled: false}, 'meta-refresh': {enabled: false}}}).then(
                r => r.violations.map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | ')}`).join('\\n'))""")
            check(f"axe finds nothing in {where}", found == "", found)
            text = (await page.browser.text()).lower()
            told = [word for word in ("revenue", "region", page.sandbox.me.lower(), page.sandbox.channel.lower()) if word in text]
            check(f"{where} names nobody and nothing that was asked", "questions" in text and not told, f"{told}")
            await page.picture(f"status-{theme}-{size[0]}")
    await page.theme("light")


async def look_at_home(page, home):
    await page.size(WIDE)
    await page.open("app/home", "Home has a link to a thread", home)
    link = "document.querySelector('.home a[href*=\"/archives/\"], .home a[href^=\"#/\"]')"
    target = await page.browser.run(f"{link}.target")
    await page.browser.run(f"{link}.click()")
    await asyncio.sleep(0.5)
    where = await page.browser.run("location.hash")
    shown = await page.browser.run("!document.getElementById('thread').hidden && document.querySelectorAll('#thread article').length")
    check("a link of Home opens the page's own thread", target == "" and where.count("/") == 2 and shown, f"{target} {where} {shown}")


async def look_at_mark(page, answer):
    await page.size(WIDE)
    await page.open_answer(*answer)
    node = article(answer[1])
    control = "[...%s.querySelectorAll('button')].find(each => each.textContent === '%s')"
    await page.browser.run(f"{node}.querySelector('.feedback').click()")
    await page.browser.run((control % (node, "Show table")) + ".click()")
    await page.browser.until("the table is shown", "!!" + control % (node, "Show chart"))
    marked = await page.browser.run(f"{node}.querySelector('.feedback').getAttribute('aria-pressed')")
    check("a rating stays marked while the answer is shown otherwise", marked == "true", marked)


async def look_at_deleted(page, thread):
    page.sandbox.act("remove", channel=page.sandbox.channel, ts=thread)
    await page.size(WIDE)
    await page.open(f"{page.sandbox.channel}/{thread}", "the thread without its question", "document.querySelectorAll('#thread article').length > 1")
    first = await page.browser.run("document.querySelector('#thread article').innerText + document.querySelector('#thread article').ariaLabel")
    tools = await page.browser.run("document.querySelector('#thread article').querySelectorAll('.toolbar, .avatar').length")
    check("a deleted message has no name and no tools", "USLACKBOT" not in first and tools == 0, f"{first} {tools}")
    await page.picture("deleted")


async def look_at_announcements(page):
    await page.size(WIDE)
    await page.open(page.sandbox.channel, "the channel", "!!document.querySelector('#main article')")
    await page.browser.run("""window.said = []; new MutationObserver(() => window.said.push(
        document.getElementById('announcer').textContent)).observe(document.getElementById('announcer'),
        {childList: true, characterData: true, subtree: true})""")
    page.sandbox.say(f"<@{page.sandbox.bot}> Average salary is no question of this space, <@{page.sandbox.me}>")
    await page.browser.until("what is not understood is said", "window.said.some(text => text.includes('look-alike'))")
    page.sandbox.ask(CATEGORIES)
    await page.browser.until("an answer is said once it is whole", "window.said.some(text => text.includes('Coffee beans'))")
    said = await page.browser.run("window.said.join('\\n')")
    check("what is said are words", said and not any(mark in said for mark in ("<@", "<!", "*", "&lt;", "](")), said)


def fill(sandbox):
    return {question: sandbox.ask(question) for question in (*HEIGHTS, CATEGORIES, COUNTRIES)}


async def look(browser, sandbox, axe, pictures, directory):
    await browser.open(directory)
    try:
        page = Page(browser, sandbox, pictures)
        await page.theme("light")
        answered = fill(sandbox)
        home = "!!document.querySelector('.home a[href*=\"/archives/\"], .home a[href^=\"#/\"]')"
        await look_at_heights(page, answered)
        await look_at_labels(page, answered)
        await look_at_stops(page, answered)
        await look_at_announcements(page)
        await look_at_home(page, home)
        await look_at_status(page, axe)
        await look_with_axe(page, axe, answered, home)
        await look_at_mark(page, answered[CATEGORIES])
        await look_at_deleted(page, answered[COUNTRIES][0])
    finally:
        await browser.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--axe", required=True, help="axe.min.js of axe-core")
    parser.add_argument("--build", default=os.path.join(TREE, "build/debug"))
    parser.add_argument("--pictures", help="directory for pictures of the page, to look at")
    options = parser.parse_args()
    if options.pictures:
        os.makedirs(options.pictures, exist_ok=True)
    # Whoever ends it early ends what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    directory = tempfile.mkdtemp(prefix="check-page-")
    processes = Processes(directory)
    try:
        sandbox = Sandbox(processes, os.path.abspath(options.build), directory)
        browser = Browser(processes, directory)
        asyncio.run(look(browser, sandbox, os.path.abspath(options.axe), options.pictures, directory))
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
