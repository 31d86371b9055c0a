#!/usr/bin/env python3
"""Measures SaltActors, and beside it an installed Salt where there is one, and prints one table. See README.md here."""
import argparse
import math
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

from scenarios import ALL
from sides import Side

HERE = os.path.dirname(os.path.abspath(__file__))


@dataclass(frozen=True)
class Settings:
    swarm: str
    protocol: int
    scale: float

    def size(self, minions):
        return max(1, round(minions * self.scale))


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ours", default=os.path.join(HERE, "..", "artifacts", "bin"), help="folder with our salt, salt-master, … (default: what build.ps1 publishes)")
    parser.add_argument("--salt", default=os.environ.get("SALT_GENUINE"), help="folder with an installed Salt's programs (default: $SALT_GENUINE; without it only ours is measured)")
    parser.add_argument("--swarm", default=os.path.join(HERE, "Swarm", "bin", "Release", "net10.0", "swarm"), help="the built swarm")
    parser.add_argument("--protocol", type=int, choices=(2, 3), default=3, help="what the swarm speaks; Salt before 3006.9 knows only 2")
    parser.add_argument("--only", action="append", metavar="SCENARIO", help=f"one of: {', '.join(s.name for s in ALL)}; may be repeated")
    parser.add_argument("--skip", action="append", default=[], metavar="SCENARIO")
    parser.add_argument("--rounds", type=int, help="instead of each scenario's own number")
    parser.add_argument("--scale", type=float, default=1, help="numbers of minions times this, for a quick look")
    parser.add_argument("--out", help="also write the table here (Markdown)")
    parser.add_argument("--keep", action="store_true", help="keep the temporary folders, with the logs")
    options = parser.parse_args()
    known = {s.name for s in ALL}
    for name in (options.only or []) + options.skip:
        if name not in known:
            parser.error(f"no scenario '{name}'; there are {', '.join(sorted(known))}")
    for what, path in (("--ours", options.ours), ("--swarm", options.swarm), ("--salt", options.salt)):
        if path and not os.path.exists(path):
            parser.error(f"{what}: {path} is not there")
    return options


def measure(scenario, sides, settings, rounds):
    """Each round asks every side, the first of one round last in the next. Gives the rounds' figures by side."""
    figures = {side.name: [] for side in sides}
    for number in range(rounds + scenario.warm_up):
        for side in sides if number % 2 == 0 else sides[::-1]:
            if scenario.new_master:
                side.restart_master()
            figure = scenario.measure(side, settings)
            warm = scenario.warm_up and number == 0
            print(f"  {scenario.name} {side.name}{' (warm-up)' if warm else ''}: {figure.value:.4g} {scenario.unit}, lost {figure.lost} {figure.note}", file=sys.stderr, flush=True)
            if not warm:
                figures[side.name].append(figure)
    return figures


def row(scenario, figures):
    """A line of the table: medians; the ratio is the median of the rounds' own ratios."""
    ours, salt = figures["ours"], figures.get("Salt")
    middle = statistics.median(f.value for f in ours)
    ratio = statistics.median(o.value / s.value if s.value else math.nan for o, s in zip(ours, salt)) if salt else None
    lost = sum(f.lost for f in ours)
    demands, met = [], []
    if scenario.ratio:
        demands.append(f"≤ 1/{round(1 / scenario.ratio)}")
        met.append(None if ratio is None else ratio <= scenario.ratio)
    if scenario.limit is not None:
        demands.append(f"≤ {scenario.limit:g} {scenario.unit}")
        met.append(middle <= scenario.limit)
    if scenario.must_lose_none:
        demands.append("none lost")
        met.append(lost == 0)
    verdict = " · ".join("not measured" if m is None else "yes" if m else "**no**" for m in met) if set(met) != {True} else "yes"
    return [scenario.title, scenario.unit, shown(scenario, salt), shown(scenario, ours), "–" if ratio is None or math.isnan(ratio) else as_ratio(ratio), ", ".join(demands), verdict]


def as_ratio(ratio):
    return f"1/{1 / ratio:.1f}" if 0 < ratio < 1 else f"{ratio:.2f}"


def shown(scenario, figures):
    if not figures:
        return "–"
    values = sorted(f.value for f in figures)
    text = f"{statistics.median(values):.{scenario.decimals}f}"
    if len(values) > 1:
        text += f" ({values[0]:.{scenario.decimals}f}–{values[-1]:.{scenario.decimals}f})"
    lost = sum(f.lost for f in figures)
    return text + (f", lost {lost}" if lost else "") + (f"; {figures[-1].note}" if figures[-1].note else "")


def table(rows):
    head = ["scenario", "unit", "Salt", "ours", "ratio", "demanded", "met"]
    return "\n".join("| " + " | ".join(line) + " |" for line in [head, ["---"] * len(head), *rows])


def conditions(sides, settings):
    versions = ", ".join(f"{side.name}: {side.run('salt', '--version')[1].strip()}" for side in sides)
    with open("/proc/meminfo", encoding="ascii") as file:
        memory = int(file.readline().split()[1]) / 2**20
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next((line.partition(":")[2].strip() for line in file if line.startswith("model name")), platform.machine())
    return (f"{time.strftime('%Y-%m-%d %H:%M', time.gmtime())} UTC · {len(os.sched_getaffinity(0))} cores ({model}), {memory:.0f} GiB, Linux {platform.release().partition('-')[0]}, "
            f"load {os.getloadavg()[0]:.1f} at the start · {versions} · protocol {settings.protocol}"
            + ("" if settings.scale == 1 else f" · numbers of minions × {settings.scale:g}"))


def main():
    options = parse()
    settings = Settings(os.path.abspath(options.swarm), options.protocol, options.scale)
    chosen = [s for s in ALL if (not options.only or s.name in options.only) and s.name not in options.skip]
    root = tempfile.mkdtemp(prefix="bench")
    sides = [Side(name, folder, os.path.join(root, name), options.protocol) for name, folder in (("Salt", options.salt), ("ours", options.ours)) if folder]
    rows = []
    try:
        said = conditions(sides, settings)
        for side in sides:
            side.start_master()
            side.start_minion()
        for scenario in chosen:
            rows.append(row(scenario, measure(scenario, sides, settings, options.rounds or scenario.rounds)))
    finally:
        for side in sides:
            side.stop()
        if rows:
            text = f"{said}\n\n{table(rows)}\n"
            print(text)
            if options.out:
                with open(options.out, "w", encoding="utf-8") as file:
                    file.write(text)
        if options.keep:
            print(f"logs are in {root}", file=sys.stderr)
        else:
            for side in sides:
                side.remove()
            os.rmdir(root)
    return 0 if all("no**" not in line[-1] for line in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
