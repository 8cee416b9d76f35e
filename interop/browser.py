#!/usr/bin/env python3
"""Uses the page of `wg-netty api --web` as a person would, in a headless Chromium: by keyboard, and by what a screen reader is told.

usage: browser.py URL TOKEN INTERFACE SCREENSHOT    exit status 0 if all went well; what does not is said
"""
import base64
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request

PATIENCE_S = 20


class Browser:
    """Chromium, spoken to by its DevTools protocol over a WebSocket (RFC 6455)."""

    def __init__(self, folder):
        self.process = subprocess.Popen(
            ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", "--no-first-run",
             "--window-size=1440,900", f"--user-data-dir={folder}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        ports = os.path.join(folder, "DevToolsActivePort")
        until = time.monotonic() + 60
        while not (os.path.exists(ports) and open(ports).read().strip()):
            if time.monotonic() > until or self.process.poll() is not None:
                sys.exit("the browser does not start")
            time.sleep(0.1)
        port = int(open(ports).readline())
        pages = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list"))
        path = next(p["webSocketDebuggerUrl"] for p in pages if p["type"] == "page").split(str(port), 1)[1]
        self.connection = socket.create_connection(("127.0.0.1", port))
        self.connection.settimeout(60)
        key = base64.b64encode(os.urandom(16)).decode()
        self.connection.sendall((f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                 f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.connection.recv(1)
        self.number = 0
        self.events = []

    def exactly(self, count):
        data = b""
        while len(data) < count:
            part = self.connection.recv(count - len(data))
            if not part:
                sys.exit("the browser hung up")
            data += part
        return data

    def message(self):
        whole = b""
        while True:
            first, second = self.exactly(2)
            length = second & 127
            if length == 126:
                length = struct.unpack(">H", self.exactly(2))[0]
            elif length == 127:
                length = struct.unpack(">Q", self.exactly(8))[0]
            whole += self.exactly(length)
            if first & 128:
                return json.loads(whole)

    def call(self, method, **parameters):
        self.number += 1
        text = json.dumps({"id": self.number, "method": method, "params": parameters}).encode()
        mask = os.urandom(4)
        length = struct.pack(">BBQ", 0x81, 0x80 | 127, len(text))
        self.connection.sendall(length + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(text)))
        while True:
            answer = self.message()
            if answer.get("id") == self.number:
                if "error" in answer:
                    sys.exit(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def value(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            sys.exit(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def until(self, what, expression):
        end = time.monotonic() + PATIENCE_S
        while not self.value(expression):
            if time.monotonic() > end:
                sys.exit(f"did not come: {what}\n{self.value('document.body.innerText')}")
            time.sleep(0.1)

    def type(self, text):
        self.call("Input.insertText", text=text)

    def press(self, key, number):
        text = {"text": "\r"} if key == "Enter" else {}
        self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", key=key, code=key, windowsVirtualKeyCode=number, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, code=key, windowsVirtualKeyCode=number)

    def end(self):
        self.process.terminate()
        self.process.wait()


def holds(what, condition):
    if not condition:
        sys.exit(f"wrong: {what}")


def use(browser, url, token, interface, screenshot):
    for domain in ("Page", "Runtime", "Log", "Network", "Accessibility"):
        browser.call(domain + ".enable")
    browser.call("Emulation.setFocusEmulationEnabled", enabled=True)
    browser.call("Page.navigate", url=url)
    browser.until("the question for the token", "typeof get !== 'undefined' && !get('login').hidden")

    browser.value("get('token').focus()")
    browser.type("not-the-token-of-this-server")
    browser.press("Enter", 13)
    browser.until("that the token is wrong", "get('status').classList.contains('bad') && document.activeElement.id === 'token'")
    holds("nothing is shown without the token", browser.value("get('inside').hidden"))

    browser.type(token)
    browser.press("Enter", 13)
    browser.until("the interfaces", f"[...get('interface').options].some(each => each.value === '{interface}')")
    browser.value(f"get('interface').value = '{interface}'; get('interface').dispatchEvent(new Event('change'))")
    browser.until("the peers", "get('peers').innerText.includes('bee')")
    holds("a name is text, whatever is in it", browser.value("document.querySelectorAll('#peers b').length") == 0
          and "<b>bee</b>" in browser.value("get('peers').innerText"))
    browser.until("rates", "/bit\\/s/.test(get('peers').innerText)")

    tree = browser.call("Accessibility.getFullAXTree")["nodes"]
    told = lambda node: node.get("name", {}).get("value", "")
    for role in ("button", "textbox", "searchbox", "combobox"):
        for node in tree:
            if node.get("role", {}).get("value") == role and not node.get("ignored"):
                holds(f"a {role} without a name", told(node))
    holds("who is disabled is told", any(told(node) == "Disable <b>bee</b>" for node in tree))

    browser.value("get('name').focus()")
    browser.type("phone of Ada")
    browser.press("Enter", 13)
    browser.until("the new peer's file", "get('added').open && get('file').innerText.includes('[Interface]')")
    browser.until("the QR code", "get('qr').naturalWidth > 20")
    holds("the file can be saved", browser.value("get('download').download").endswith("-phone-of-Ada.conf"))
    browser.press("Escape", 27)
    browser.until("that the key leaves the screen", "!get('added').open && get('file').innerText === '' && !get('qr').src")
    browser.until("the new peer", "[...document.querySelectorAll('#peers th')].some(th => th.innerText.startsWith('phone of Ada'))")
    open(screenshot, "wb").write(base64.b64decode(browser.call("Page.captureScreenshot")["data"]))

    browser.value("get('filter').focus()")
    browser.type("PHONE")
    browser.press("Enter", 13)
    browser.until("what was searched for", "document.querySelectorAll('#peers tr').length === 1")

    browser.value("[...document.querySelectorAll('button')].find(b => b.getAttribute('aria-label') === 'Remove phone of Ada').focus()")
    browser.press("Enter", 13)
    browser.until("the question", "get('sure').open")
    browser.press("Enter", 13)  # No has the focus
    browser.until("no", "!get('sure').open")
    browser.until("that it is still there", "document.querySelectorAll('#peers tr').length === 1")
    browser.until("the focus where it was", "document.activeElement.getAttribute('aria-label') === 'Remove phone of Ada'")
    browser.press("Enter", 13)
    browser.until("the question again", "get('sure').open")
    browser.press("Tab", 9)
    browser.until("the focus on yes", "document.activeElement.value === 'yes'")
    browser.press("Enter", 13)
    browser.until("that it is gone", "document.querySelectorAll('#peers tr').length === 0")
    browser.until("what was done", "get('status').innerText.includes('removed peer')")

    for event in browser.events:
        if event["method"] == "Network.requestWillBeSent":
            asked = event["params"]["request"]["url"]
            holds(f"asked elsewhere: {asked}", asked.startswith((url, "data:image/svg+xml,", "blob:")))
        if event["method"] == "Runtime.exceptionThrown" or (
                event["method"] == "Log.entryAdded" and event["params"]["entry"]["source"] == "security"):
            sys.exit(f"the page failed: {event['params']}")


with tempfile.TemporaryDirectory() as folder:
    browser = Browser(folder)
    try:
        use(browser, *sys.argv[1:])
    finally:
        browser.end()
        time.sleep(0.5)  # it writes to its folder to the last
