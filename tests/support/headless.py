"""What the checks share that look at a page: processes that end with the run, a sandbox's own calls, and Chromium by its
own protocol. Needs aiohttp and Chromium."""

import asyncio
import base64
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request

import aiohttp

failures = []


def check(what, holds, detail=""):
    print(("ok     " if holds else "FAILED ") + what + ("" if holds else f": {detail}"), flush=True)
    if not holds:
        failures.append(what)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for(what, condition, seconds=60, passing=(OSError,)):
    """The first true value; what is in `passing` may be raised until then."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(*passing):
            value = condition()
            if value:
                return value
        time.sleep(0.1)
    failures.append(what)
    raise SystemExit(f"{what} did not happen within {seconds} s")


def answers(url):
    with urllib.request.urlopen(url, timeout=5) as reply:
        return reply.status == 200


class Processes:
    """What this run started, ended with it."""

    def __init__(self, directory):
        self.directory, self.running = directory, []

    def start(self, name, command, **options):
        log = open(os.path.join(self.directory, name + ".log"), "ab")
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, **options)
        self.running.append(process)
        return process

    def stop(self, process):
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        if process in self.running:
            self.running.remove(process)

    def stop_all(self):
        for process in reversed(list(self.running)):
            self.stop(process)


class Browser:
    """Chromium by its own protocol."""

    def __init__(self, processes, directory):
        self.port = free_port()
        program = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
        processes.start("browser", [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
                                    "--disable-dev-shm-usage", "--window-size=1280,1400", "--lang=en-US",
                                    "--user-data-dir=" + os.path.join(directory, "profile"),
                                    f"--remote-debugging-port={self.port}", "about:blank"])
        wait_for("the browser's start", lambda: answers(f"http://127.0.0.1:{self.port}/json/version"))

    async def open(self, downloads):
        self.session = aiohttp.ClientSession()
        async with self.session.get(f"http://127.0.0.1:{self.port}/json/list") as reply:
            page = next(one for one in await reply.json() if one["type"] == "page")
        self.socket = await self.session.ws_connect(page["webSocketDebuggerUrl"], max_msg_size=0)
        self.last = 0
        await self.call("Page.enable")
        await self.call("Network.enable")
        await self.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=downloads)

    async def close(self):
        await self.socket.close()
        await self.session.close()

    async def call(self, method, **parameters):
        self.last += 1
        await self.socket.send_json({"id": self.last, "method": method, "params": parameters})
        while True:
            message = json.loads((await asyncio.wait_for(self.socket.receive(), 30)).data)
            if message.get("id") == self.last:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]

    async def run(self, script):
        result = await self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        return result["result"].get("value")

    async def go(self, url):
        await self.call("Page.navigate", url=url)

    async def until(self, what, script, seconds=30):
        """The first value of the script that is true in JavaScript; None when there is none in that time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            # While it navigates there is no page to ask.
            with contextlib.suppress(RuntimeError):
                if value := await self.run(script):
                    return value
            await asyncio.sleep(0.2)
        check(what, False, (await self.text())[:500])
        return None

    async def text(self):
        return await self.run("document.body.innerText") or ""

    async def picture(self, path):
        shot = await self.call("Page.captureScreenshot", format="png")
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot["data"]))
