"""Processes as the kernel sees them: their CPU seconds, their memory, their start and their end."""
import os
import signal
import socket
import subprocess
import time

TICKS = os.sysconf("SC_CLK_TCK")


def stat(pid):
    """The fields of /proc/PID/stat behind the name, or None where the process is gone: [1] is the parent, [11:15] are the times."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def tree(pid):
    """A process and all that descend from it."""
    children = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        if fields := stat(name):
            children.setdefault(int(fields[1]), []).append(int(name))
    found, left = [], [pid]
    while left:
        found.append(left.pop())
        left += children.get(found[-1], [])
    return found


def cpu_seconds(pid):
    """User and system time of the tree, with that of its children that have ended."""
    return sum(sum(map(int, fields[11:15])) for p in tree(pid) if (fields := stat(p))) / TICKS


def memory_mb(pid):
    """(PSS, RSS) of the tree in MB (10^6 bytes). RSS counts pages that processes share once for each; PSS counts them once."""
    totals = {"Pss:": 0, "Rss:": 0}
    for p in tree(pid):
        try:
            with open(f"/proc/{p}/smaps_rollup", encoding="ascii", errors="replace") as file:
                for line in file:
                    word = line.split()
                    if word[0] in totals:
                        totals[word[0]] += int(word[1]) * 1024
        except (FileNotFoundError, ProcessLookupError):
            pass  # it ended between the two looks
    return totals["Pss:"] / 1e6, totals["Rss:"] / 1e6


def settle(pid, quiet=0.05, window=1.0, at_most=30.0):
    """Waits until the tree uses less than `quiet` of a core, and returns its CPU seconds at the moment when that began."""
    end = time.monotonic() + at_most
    before = cpu_seconds(pid)
    while time.monotonic() < end:
        time.sleep(window)
        now = cpu_seconds(pid)
        if now - before <= quiet * window:
            return before
        before = now
    return before


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


class Daemon:
    """A program that runs until it is stopped, in a process group of its own."""

    def __init__(self, command, log):
        self.command, self.log = command, log
        with open(log, "ab") as out:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True)

    @property
    def pid(self):
        return self.process.pid

    def await_port(self, port, at_most=60):
        end = time.monotonic() + at_most
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.command} ended with {self.process.returncode}; see {self.log}")
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"{self.command} did not open port {port} within {at_most} s; see {self.log}")

    def stop(self, at_most=20):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(at_most)
        except subprocess.TimeoutExpired:
            pass
        try:
            os.killpg(self.pid, signal.SIGKILL)  # what it left behind
        except ProcessLookupError:
            pass
        self.process.wait()
