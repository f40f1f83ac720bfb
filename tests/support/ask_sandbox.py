#!/usr/bin/env python3
"""Asks the bot in a channel of the sandbox, as a person at its page does, and waits for the answer.

    ask_sandbox.py http://127.0.0.1:8765 "revenue by region" EMEA

Prints the bot's message once it can be rated (which a finished answer can) and holds the text; exit code 1 after a minute.
"""
import json
import sys
import time
import urllib.request

PATIENCE = 60  # seconds


def call(url, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as reply:
        return json.load(reply)


def main():
    page, question, expected = sys.argv[1:]
    workspace = call(f"{page}/ui/state")["workspace"]
    channel = next(each["id"] for each in workspace["channels"] if each["bot_is_member"] and not each["is_im"])
    text = f"<@{workspace['bot']['user_id']}> {question}"
    asked = call(f"{page}/ui/say", {"user": workspace["me"]["id"], "channel": channel, "text": text})["ts"]
    seen = []
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        messages = call(f"{page}/ui/state")["workspace"]["messages"][channel]
        seen = [json.dumps(each) for each in messages if each.get("bot_id") and each.get("thread_ts") == asked]
        for each in seen:
            if "rate_answer" in each and expected in each:
                print(each)
                return 0
        time.sleep(0.2)
    print(f"no answer with {expected!r} within {PATIENCE} s; what the bot wrote:", *seen, sep="\n", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
