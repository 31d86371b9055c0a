#!/usr/bin/env python3
"""Applies trees of file.managed with our salt-call and with a genuine one in turn: wall and CPU seconds and memory of the whole command, first and second run.

Usage: states.py OURS THEIRS [COUNT …]; each is a command line that starts a salt-call, as "artifacts/salt/salt-call"."""
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time


def measured(command, folder):
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
    _, status, used = os.wait4(process.pid, 0)
    return time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sides = {"ours": shlex.split(sys.argv[1]), "theirs": shlex.split(sys.argv[2])}
    counts = [int(a) for a in sys.argv[3:]] or [10, 100, 500, 2000]
    folder = tempfile.mkdtemp(prefix="salt-bench-")
    for path in ("etc", "srv", "root/etc/salt/pki/minion"):
        os.makedirs(os.path.join(folder, path))
    with open(os.path.join(folder, "etc/minion"), "w") as file:
        file.write(f"root_dir: {folder}/root\nid: bench\nfile_client: local\nfile_roots: {{base: [{folder}/srv]}}\n")
    try:
        for count in counts:
            with open(os.path.join(folder, "srv/s.sls"), "w") as file:
                for i in range(count):
                    file.write(f'{folder}/out/f{i}:\n  file.managed:\n    - contents: "line {i}"\n    - mode: "0644"\n    - makedirs: True\n')
            seconds = {}
            for side, words in sides.items():
                shutil.rmtree(os.path.join(folder, "out"), ignore_errors=True)
                for turn in ("first", "second"):
                    wall, cpu, memory, code = measured([*words, "-c", "etc", "--local", "state.apply", "s", "--out=quiet"], folder)
                    made = len(os.listdir(os.path.join(folder, "out")))
                    assert code == 0 and made == count, f"{side}: code {code}, {made} files of {count}"
                    seconds[side, turn] = wall
                    print(f"{count:5} states, {side:6} {turn:6}: {wall:6.2f} s wall, {cpu:5.2f} s CPU, {memory:4.0f} MB", flush=True)
            print(f"{count:5} states: 1/{seconds['theirs', 'first'] / seconds['ours', 'first']:.0f} first, 1/{seconds['theirs', 'second'] / seconds['ours', 'second']:.0f} second", flush=True)
    finally:
        shutil.rmtree(folder)


main()
