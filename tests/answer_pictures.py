#!/usr/bin/env python3
"""The pictures of docs/answers.md: starts the sandbox with a bot as ./run does, asks ten things as people do, and takes a
picture of each answer as it stands in a pane 440 pixels wide. Prints how high each answer is. The bot may be one of
another version, to compare. Needs what tests/check_page.py needs, a font with emoji, and Pillow for small files.

    /tmp/page/bin/pip install pillow
    /tmp/page/bin/python tests/answer_pictures.py [--build build/debug] [--bot PROGRAM] resources/screenshots/answers
"""

import argparse
import asyncio
import base64
import io
import os
import shutil
import signal
import sys
import tempfile

from PIL import Image

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
from check_page import Sandbox  # noqa: E402
from headless import Browser, Processes, answers, free_port, wait_for  # noqa: E402

TREE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WIDTH, HEIGHT = 440, 2400
ROWS = "Revenue by region in 2025"
QUESTIONS = {
    "number": "What was our revenue in 2025?",
    "four-rows": "What was our revenue by region last quarter?",
    "twelve-months": "How did monthly revenue develop in 2025?",
    "long-table": "Show every temperature reading",
    "clarify": "Are we doing well?",
}
PLACES = {"thread": "#thread article", "direct": "#main article", "modal": "dialog, .modal", "home": ".home-body"}
COLOURS = 64


class SandboxWith(Sandbox):
    """A sandbox whose bot has settings of its own."""

    def __init__(self, processes, options, directory, settings):  # pylint: disable=super-init-not-called
        self.port = free_port()
        program = os.path.abspath(options.build) + "/genie-slack-sandbox"
        bot = os.path.abspath(options.bot or options.build + "/genie-slack")
        self.process = processes.start("sandbox", [program, "--bot", bot, "--bot-log", os.path.join(directory, "bot.log"),
                                                   "--port", str(self.port), "--status-ms", "50", "--no-rate-limits"],
                                       cwd=directory, env={**os.environ, **settings})
        wait_for("the page's start", lambda: answers(self.url("/")))
        wait_for("the bot's start", lambda: self.state()["controls"]["bot"]["connections"] > 0)
        workspace = self.state()["workspace"]
        self.bot, self.me = workspace["bot"]["user_id"], workspace["me"]["id"]
        self.channel = next(one["id"] for one in workspace["channels"] if one["name"] == "sales")

    def end_of(self, thread, part):
        def found():
            said = [one for one in self.messages(self.channel) if one.get("thread_ts") == thread and one.get("bot_id")]
            return said[-1]["ts"] if said and part in str(said[-1]) else ""
        return wait_for(part, found)


class Camera:
    def __init__(self, browser, directory):
        self.browser, self.directory = browser, directory

    async def start(self):
        await self.browser.call("Emulation.setDeviceMetricsOverride", width=WIDTH, height=HEIGHT, deviceScaleFactor=1,
                                mobile=False)
        await self.browser.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "light"}, {"name": "prefers-reduced-motion", "value": "reduce"}])

    async def open(self, url, kind):
        await self.browser.go("about:blank")
        await self.browser.go(url)
        await self.browser.until(f"{url} is shown", f"!!document.querySelector('{PLACES[kind]}')")
        await asyncio.sleep(1.0)

    # The last `count` of what is shown, in one picture; the answer is the one before the last `below`.
    async def take(self, name, kind, count, below=0):
        await self.browser.until(f"all of {name}", f"document.querySelectorAll('{PLACES[kind]}').length >= {count}")
        box = await self.browser.run(f"""(() => {{
            const all = [...document.querySelectorAll('{PLACES[kind]}')].filter(e => e.offsetHeight > 0).slice(-{count});
            const [first, answer, last] = [all[0], all.at(-1 - {below}), all.at(-1)].map(e => e.getBoundingClientRect());
            return {{y: first.top, end: last.bottom, height: answer.height}};
        }})()""")
        clip = {"x": 0, "y": max(0, box["y"] - 4), "width": WIDTH, "height": min(box["end"] - box["y"] + 8, 1100), "scale": 1}
        shot = await self.browser.call("Page.captureScreenshot", format="png", clip=clip)
        image = Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("RGB").quantize(COLOURS)
        image.save(os.path.join(self.directory, name + ".png"), optimize=True)
        print(f"{name:14} {round(box['height'])} px", flush=True)


async def answers_in_channel(camera, sandbox):
    for name, question in QUESTIONS.items():
        thread, _ = sandbox.ask(question)
        await camera.open(sandbox.url(f"/#/{sandbox.channel}/{thread}"), "thread")
        below = 1 if name == "long-table" else 0  # its file
        await camera.take(name, "thread", 2 + below, below)
    sandbox.act("faults", genie={"outcomes": ["FAILED"]})
    thread = sandbox.say(f"<@{sandbox.bot}> {ROWS}")
    sandbox.end_of(thread, "cannot be found")
    await asyncio.sleep(1)
    sandbox.act("faults", genie={"outcomes": []})
    await camera.open(sandbox.url(f"/#/{sandbox.channel}/{thread}"), "thread")
    await camera.take("failure", "thread", 2)
    await camera.open(sandbox.url("/#/app/home"), "home")
    await camera.take("home", "home", 1)
    thread, _ = sandbox.ask(ROWS)
    await camera.open(sandbox.url(f"/#/{sandbox.channel}/{thread}"), "thread")
    await camera.browser.run("""[...document.querySelectorAll('#thread article button')].find(
        b => /How it was calculated|Show SQL|SQL/.test(b.textContent)).click()""")
    await asyncio.sleep(2)
    await camera.take("calculation", "modal", 1)


async def answer_in_german(camera, sandbox):
    thread, _ = sandbox.ask("Umsatz nach Region im letzten Jahr")
    await camera.open(sandbox.url(f"/#/{sandbox.channel}/{thread}"), "thread")
    await camera.take("german", "thread", 2)


async def private_answer(camera, sandbox):
    sandbox.say(f"<@{sandbox.bot}> {ROWS}")
    wait_for("the private answer", lambda: any("share_answer" in str(each)
                                               for each in sandbox.state()["workspace"]["messages"].values()))
    await asyncio.sleep(1)
    await camera.open(sandbox.url("/#/app/messages"), "direct")
    await camera.take("private", "direct", 1)


async def take_all(processes, directory, options):
    browser = Browser(processes, directory)
    await browser.open(directory)
    camera = Camera(browser, options.pictures)
    await camera.start()
    for scene, settings in ((answers_in_channel, {}), (answer_in_german, {"BOT_LANGUAGE": "de", "LANGUAGE": "de"}),
                            (private_answer, {"ANSWERS_IN_CHANNELS": "private"})):
        sandbox = SandboxWith(processes, options, directory, settings)
        await scene(camera, sandbox)
        processes.stop(sandbox.process)
    await browser.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default=os.path.join(TREE, "build/debug"))
    parser.add_argument("--bot", help="the bot, where it is not the build's")
    parser.add_argument("pictures", help="directory that gets them")
    options = parser.parse_args()
    os.makedirs(options.pictures, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    directory = tempfile.mkdtemp(prefix="answer-pictures-")
    processes = Processes(directory)
    try:
        asyncio.run(take_all(processes, directory, options))
    finally:
        processes.stop_all()
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
