"""The questions. Each gives, for one side, one figure and what was lost on the way."""
import time
from dataclasses import dataclass
from typing import Callable, NamedTuple

from processes import memory_mb, settle
from sides import Swarm


class Figure(NamedTuple):
    value: float
    lost: int = 0
    note: str = ""


@dataclass(frozen=True)
class Scenario:
    name: str
    title: str
    unit: str
    measure: Callable
    """Of a side and the settings; called once a round."""
    ratio: float | None = None
    """Demanded: ours is at most this part of Salt's."""
    limit: float | None = None
    """Demanded: ours is at most this."""
    rounds: int = 3
    warm_up: bool = True
    decimals: int = 3
    must_lose_none: bool = False
    new_master: bool = False
    """Starts the master anew before each round: it has seen nothing but this."""


def command_time(program, *words):
    def measure(side, _):
        seconds, printed = side.run(program, *words)
        return Figure(seconds * 1000, 0 if words == ("--version",) or "True" in printed else 1)
    return measure


def cpu_per_thousand(command, minions, *words):
    """The master's CPU seconds for 1,000 operations, whatever it still does after the last answer included."""
    def measure(side, settings):
        with Swarm(settings.swarm, side, settings.protocol, command, settings.size(minions), *words) as swarm:
            before = settle(side.master.pid)
            result = swarm.ask()
            used = settle(side.master.pid) - before
        note = f"{result['operations'] / result['seconds']:.0f}/s"
        return Figure(used / result["operations"] * 1000, result["lost"] + swarm.ready["lost"], note)
    return measure


def ping_many(minions):
    """The time of the second of two jobs."""
    def measure(side, settings):
        count = settings.size(minions)
        with Swarm(settings.swarm, side, settings.protocol, "serve", count) as swarm:
            side.ping(swarm.target, 120)  # the swarm, too, runs its code for the first time here
            before = settle(side.master.pid)
            seconds, answers = side.ping(swarm.target, 120)
            used = settle(side.master.pid) - before
            counts = swarm.ask()
        return Figure(seconds, count - answers, f"{answers} answers, master {used:.1f} CPU-s, {counts['retries']} retries")
    return measure


def connected(minions):
    """How many of as many minions are signed in and subscribed at the same time."""
    def measure(side, settings):
        count = settings.size(minions)
        with Swarm(settings.swarm, side, settings.protocol, "serve", count) as swarm:
            settle(side.master.pid)
            counts = swarm.ask()
            pss, rss = memory_mb(side.master.pid)
        missing = count - counts["connected"] + swarm.ready["lost"]
        return Figure(missing, missing, f"{counts['connected']} connected in {swarm.ready['seconds']:.0f} s, then PSS {pss:.0f} MB, RSS {rss:.0f} MB")
    return measure


def master_idle(side, _):
    settle(side.master.pid)
    pss, rss = memory_mb(side.master.pid)
    return Figure(pss, 0, f"RSS {rss:.0f} MB")


def master_busy(minions, jobs):
    def measure(side, settings):
        count = settings.size(minions)
        with Swarm(settings.swarm, side, settings.protocol, "serve", count) as swarm:
            answers = sum(side.ping(swarm.target, 120)[1] for _ in range(jobs))
            settle(side.master.pid)
            pss, rss = memory_mb(side.master.pid)
        return Figure(pss, jobs * count - answers, f"RSS {rss:.0f} MB")
    return measure


def growth(minions, jobs):
    """Percent that the master's memory grows over the second half of many jobs; in the first half its pools fill."""
    def measure(side, settings):
        count, lost, seen = settings.size(minions), 0, []
        with Swarm(settings.swarm, side, settings.protocol, "serve", count) as swarm:
            for _ in range(2):
                lost += sum(count - side.ping(swarm.target, 120)[1] for _ in range(jobs // 2))
                settle(side.master.pid)
                seen.append(memory_mb(side.master.pid)[0])
        return Figure((seen[1] - seen[0]) / seen[0] * 100, lost, f"PSS {seen[0]:.0f}, then {seen[1]:.0f} MB")
    return measure


def minion_memory(kind):
    def measure(side, _):
        settle(side.minion.pid)
        pss, rss = memory_mb(side.minion.pid)
        return Figure(pss if kind == "PSS" else rss)
    return measure


def restart(minions):
    """How many minions sign in again after the master was stopped and started; lost are those that do not answer then."""
    def measure(side, settings):
        count = settings.size(minions)
        with Swarm(settings.swarm, side, settings.protocol, "serve", count) as swarm:
            side.await_ping(swarm.target, count)
            began = time.monotonic()
            side.restart_master()
            while swarm.ask()["connected"] < count and time.monotonic() - began < 120:
                time.sleep(0.2)
            back = time.monotonic() - began
            answers = side.ping(swarm.target, 120)[1]
            counts = swarm.ask()
        return Figure(counts["signins_again"], count - answers, f"connected again after {back:.1f} s, {answers} answers, {counts['reconnects']} reconnects, {counts['refused']} publishes refused")
    return measure


ALL = [
    Scenario("minion-rss", "idle minion, RSS of its processes", "MB", minion_memory("RSS"), limit=30, rounds=1, warm_up=False, decimals=1),
    Scenario("minion-pss", "idle minion, PSS", "MB", minion_memory("PSS"), limit=25, rounds=1, warm_up=False, decimals=1),
    Scenario("master-idle", "idle master, PSS of its processes", "MB", master_idle, limit=120, rounds=1, warm_up=False, decimals=0),
    Scenario("version", "`salt --version`", "ms", command_time("salt", "--version"), limit=20, rounds=9, decimals=0),
    Scenario("call", "`salt-call --local test.ping`", "ms", command_time("salt-call", "--local", "test.ping"), ratio=1 / 30, limit=40, rounds=9, decimals=0, must_lose_none=True),
    Scenario("ping", "`salt one test.ping`", "ms", command_time("salt", "one", "test.ping"), ratio=1 / 15, limit=60, rounds=9, decimals=0, must_lose_none=True),
    Scenario("signin", "sign-in", "CPU-s/1,000", cpu_per_thousand("signin", 2000), limit=2.5, must_lose_none=True),
    Scenario("returns", "return of 200 bytes, fresh connection", "CPU-s/1,000", cpu_per_thousand("returns", 2000, "--size", "200", "JOB", "JOB"), ratio=1 / 8, limit=0.25, must_lose_none=True),
    Scenario("returns-kept", "return of 200 bytes, kept connection", "CPU-s/1,000", cpu_per_thousand("returns", 2000, "--size", "200", "--kept", "JOB", "JOB"), ratio=1 / 8, limit=0.15, must_lose_none=True),
    Scenario("events", "event of 200 bytes, kept connection", "CPU-s/1,000", cpu_per_thousand("events", 2000, "--size", "200", "--kept", "--rounds", "2"), limit=0.2, must_lose_none=True),
    Scenario("ping-2000", "`salt 'm*' test.ping`, 2,000 minions", "s", ping_many(2000), rounds=3, decimals=2, must_lose_none=True),
    Scenario("ping-5000", "`salt 'm*' test.ping`, 5,000 minions", "s", ping_many(5000), ratio=1 / 10, rounds=2, decimals=2, must_lose_none=True),
    Scenario("connected", "of 10,000 minions, not connected", "minions", connected(10_000), limit=0, rounds=1, warm_up=False, decimals=0, new_master=True),
    Scenario("growth", "memory's growth, jobs 31 to 60 to 500 minions", "%", growth(500, 60), limit=5, rounds=1, warm_up=False, decimals=1, must_lose_none=True, new_master=True),
    Scenario("busy", "master with 5,000 minions after 5 jobs, PSS", "MB", master_busy(5000, 5), limit=300, rounds=1, warm_up=False, decimals=0, must_lose_none=True, new_master=True),
    Scenario("restart", "of 5,000 minions, sign in again after the master's restart", "minions", restart(5000), limit=0, rounds=1, warm_up=False, decimals=0, must_lose_none=True, new_master=True),
]
