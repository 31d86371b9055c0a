#!/usr/bin/env python3
"""Renders a 500-line SLS with our engine, and with Python's Jinja2 and PyYAML (over libyaml) in turn; prints a line of figures.

Needs: dotnet build bench/Rendering -c Release; python3 with jinja2 and yaml."""
import json
import os
import subprocess
import sys
import tempfile
import time

import jinja2.sandbox
import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
BLOCK = """{{%- set name{0} = 'app{0}' %}}
{{{{ name{0} }}}}_pkg:
  pkg.installed:
    - name: {{{{ name{0} }}}}
    {{%- if grains['os_family'] == 'Debian' %}}
    - refresh: true
    {{%- else %}}
    - refresh: false
    {{%- endif %}}

{{{{ name{0} }}}}_conf:
  file.managed:
    - name: /etc/{{{{ name{0} }}}}/main.conf
    - mode: '0644'
    - context:
        workers: {{{{ grains['num_cpus'] * {0} + 1 }}}}
        roles: {{{{ grains['roles'] | join(',') | upper }}}}
    - require:
      - pkg: {{{{ name{0} }}}}_pkg
{{%- for user, u in pillar['users'].items() if u.uid % 5 == {1} %}}
{{{{ name{0} }}}}_{{{{ user }}}}:
  user.present:
    - name: {{{{ user }}}}
    - uid: {{{{ u.uid }}}}
    - shell: {{{{ u.get('shell', '/bin/sh') }}}}
    - groups: {{{{ u.groups | join(', ') }}}}
{{%- endfor %}}
"""


def template():
    lines = []
    number = 0
    while len(lines) < 500:
        lines += BLOCK.format(number, number % 5).splitlines()
        number += 1
    return "\n".join(lines) + "\n"


def variables():
    return {
        "grains": {"os_family": "Debian", "num_cpus": 4, "roles": ["web", "db"]},
        "pillar": {"users": {f"user{i}": {"uid": 1000 + i, "shell": "/bin/bash", "groups": ["adm", "sudo"]} for i in range(20)}},
    }


def environment():
    return jinja2.sandbox.SandboxedEnvironment(undefined=jinja2.StrictUndefined, extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])


def measure(render, seconds):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        render()
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        render()
        count += 1
    return (time.perf_counter() - start) * 1000 / count


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 3
    text, given = template(), variables()
    kept = environment().from_string(text)
    load = lambda rendered: yaml.load(rendered, Loader=yaml.CSafeLoader)
    with tempfile.NamedTemporaryFile("w", suffix=".sls") as file:
        file.write(text)
        file.flush()
        ours = json.loads(subprocess.run([os.path.join(HERE, "Rendering", "bin", "Release", "net10.0", "rendering"), file.name, str(seconds)], check=True, capture_output=True, text=True).stdout)
    cold = measure(lambda: load(environment().from_string(text).render(given)), seconds)
    warm = measure(lambda: load(kept.render(given)), seconds)
    states = len(load(kept.render(given)))
    assert states == ours["states"], f"{states} states there, {ours['states']} here"
    print("| | lines | states | Python | ours | ratio |\n|---|---|---|---|---|---|")
    print(f"| cold | {text.count(chr(10))} | {states} | {cold:.2f} ms | {ours['cold']:.2f} ms | 1/{cold / ours['cold']:.1f} |")
    print(f"| warm | {text.count(chr(10))} | {states} | {warm:.2f} ms | {ours['warm']:.2f} ms | 1/{warm / ours['warm']:.1f} |")


main()
