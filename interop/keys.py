#!/usr/bin/env python3
"""Types a line and Tab at a shell's prompt, and prints what stands there then, as the last line. Part of shells.sh.

usage: keys.py SHELL RCFILE LINE
"""
import os
import pty
import re
import select
import sys
import time

PROMPT = "ready> "
PATIENCE_S = 20
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[=>]|\x07")
# Without the files of this machine and of its user.
SHELLS = {"bash": ["bash", "--noprofile", "--norc", "-i"], "zsh": ["zsh", "-f", "-i"]}


def shown(output):
    """What a terminal shows of it, but for lines that are written over: those of this test are not."""
    text = ESCAPES.sub("", output.decode(errors="replace"))
    while "\b" in text:
        text = re.sub("[^\b]\b", "", text, count=1)
    return text.replace("\r", "")


class Terminal:
    def __init__(self, command):
        self.output = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(PS1=PROMPT, HOME=os.path.dirname(sys.argv[2]), TERM="dumb")
            os.execvp(command[0], command)

    def read(self, quiet_s):
        """Reads until nothing has come for a while."""
        while select.select([self.fd], [], [], quiet_s)[0]:
            try:
                more = os.read(self.fd, 65536)
            except OSError:
                return
            self.output += more

    def press(self, keys):
        os.write(self.fd, keys.encode())

    def run(self, line):
        """Runs a command, and waits for the prompt behind it."""
        before = shown(self.output).count(PROMPT)
        self.press(line + "\r")
        self.wait_for_prompt(before + 1)

    def wait_for_prompt(self, times):
        end = time.monotonic() + PATIENCE_S
        while shown(self.output).count(PROMPT) < times:
            if time.monotonic() > end:
                sys.exit("no prompt:\n" + shown(self.output))
            self.read(0.1)


def main():
    shell, rc, line = sys.argv[1:]
    terminal = Terminal(SHELLS[shell])
    terminal.wait_for_prompt(1)
    terminal.run("source " + rc)
    begin = len(terminal.output)
    terminal.press(line + "\t")
    end = time.monotonic() + PATIENCE_S
    while shown(terminal.output[begin:]).strip() in ("", line) and time.monotonic() < end:
        terminal.read(0.5)
    terminal.read(0.5)
    print(shown(terminal.output[begin:]).replace(PROMPT, "").rstrip())


main()
