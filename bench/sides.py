"""The two that are compared: a folder of programs each, and everything that they need in a temporary folder."""
import getpass
import itertools
import json
import os
import shutil
import subprocess
import time

from processes import Daemon, free_ports

MASTER = """\
root_dir: {root}
user: {user}
interface: 127.0.0.1
publish_port: {publish}
ret_port: {request}
pki_dir: {root}/pki/master
cachedir: {root}/cache/master
sock_dir: {root}/run
pidfile: {root}/run/master.pid
log_file: {root}/master.log
auto_accept: True
"""
MINION = """\
root_dir: {root}
user: {user}
id: one
master: 127.0.0.1
master_port: {request}
publish_port: {publish}
pki_dir: {root}/pki/minion
cachedir: {root}/cache/minion
sock_dir: {root}/run
pidfile: {root}/run/minion.pid
log_file: {root}/minion.log
"""


class Side:
    """One of the two: its programs, its configuration (the same words for both), its running master and minion."""

    def __init__(self, name, programs, root, protocol):
        self.name, self.programs, self.root = name, os.path.abspath(programs), root
        self.etc = os.path.join(root, "etc")
        self.master = self.minion = None
        for folder in ("etc", "run", "pki", "cache", "retired"):
            os.makedirs(os.path.join(root, folder))
        self.publish_port, self.request_port = free_ports(2)
        values = dict(root=root, user=getpass.getuser(), publish=self.publish_port, request=self.request_port)
        with open(os.path.join(self.etc, "master"), "w", encoding="utf-8") as file:
            file.write(MASTER.format(**values) + ("minimum_auth_version: 0\n" if protocol < 3 else ""))
        with open(os.path.join(self.etc, "minion"), "w", encoding="utf-8") as file:
            file.write(MINION.format(**values))

    def program(self, name, *words):
        return [os.path.join(self.programs, name), "-c", self.etc, *words]

    def start_master(self):
        self.master = Daemon(self.program("salt-master"), os.path.join(self.root, "master.out"))
        self.master.await_port(self.request_port)
        self.master.await_port(self.publish_port)

    def restart_master(self):
        self.master.stop()
        self.start_master()

    def start_minion(self):
        self.minion = Daemon(self.program("salt-minion"), os.path.join(self.root, "minion.out"))
        self.await_ping("one", 1)

    def await_ping(self, target, minions, at_most=120):
        """Asks until as many minions answer: what is started takes its time."""
        end = time.monotonic() + at_most
        while (found := self.ping(target, 10)[1]) < minions:
            if time.monotonic() > end:
                raise RuntimeError(f"{self.name}: {found} of {minions} minions answer '{target}' after {at_most} s; see {self.root}")

    def run(self, name, *words):
        """(wall seconds, standard output) of a program, from its start to its end."""
        began = time.perf_counter()
        done = subprocess.run(self.program(name, *words), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        seconds = time.perf_counter() - began
        if done.returncode not in (0, 1, 2) or done.stderr.startswith("Traceback"):
            raise RuntimeError(f"{self.name}: {name} {' '.join(words)} ended with {done.returncode}: {done.stderr.strip()}")
        return seconds, done.stdout

    def ping(self, target, timeout):
        """(wall seconds, answers) of `salt TARGET test.ping`."""
        seconds, printed = self.run("salt", "-t", str(timeout), target, "test.ping")
        return seconds, sum(line.strip() == "True" for line in printed.splitlines())

    def publish(self, target):
        """The jid of a job that nobody is waited for."""
        printed = self.run("salt", "--async", target, "test.ping")[1]
        return printed.split()[-1]

    def forget_minions(self, prefix):
        """Takes their keys away. Moves them, because ext4 is slow at making files for minutes after many were deleted."""
        folder = os.path.join(self.root, "pki", "master", "minions")
        for name in os.listdir(folder):
            if name.startswith(prefix):
                os.rename(os.path.join(folder, name), os.path.join(self.root, "retired", name))

    def stop(self):
        for daemon in filter(None, (self.minion, self.master)):
            daemon.stop()
        self.minion = self.master = None

    def remove(self):
        shutil.rmtree(self.root, ignore_errors=True)


class Swarm:
    """A running swarm at one side's master; it does its work when it is told to."""

    numbers = itertools.count(1)

    def __init__(self, program, side, protocol, command, minions, *words):
        prefix = f"{command}{next(Swarm.numbers)}-"  # never the same id twice: masters remember
        self.target, self.minions, self.side, self.prefix = prefix + "*", minions, side, prefix
        key = os.path.join(side.root, "swarm.pem")
        common = ["--key", key, "--minions", str(minions), "--prefix", prefix]
        subprocess.run([program, "keys", "--pki", os.path.join(side.root, "pki", "master"), *common], check=True)
        jids = [word for _ in range(words.count("JOB")) for word in ("--jid", side.publish(self.target))]
        self.process = subprocess.Popen(
            [program, command, "--master", f"127.0.0.1:{side.request_port}", "--protocol", str(protocol), *common, *jids, *(w for w in words if w != "JOB"),
             *([] if command == "serve" else ["--wait"])], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ready = self.read()

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.side.name}: the swarm ended with {self.process.wait()}")
        return json.loads(line)

    def ask(self):
        """Begins the work and waits for its result; of a serving swarm, reads the counts."""
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        return self.read()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()
        self.side.forget_minions(self.prefix)
