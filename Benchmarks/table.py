"""What `run` and `run-broker` share: ours and a limit are measured in turn, and one row shows the median pair.

A machine that is busy is so for both of a pair. Where nothing waits for the disk, which the title says with "CPU", seconds are those of
the processor.
"""
import json
import os
import shutil
import subprocess


def last_json(command):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def options(**values):
    return [word for name, value in values.items() for word in ("--" + name.replace("_", "-"), str(value))]


class Folder:
    """On the disk in question; everything in it is removed again."""

    def __init__(self, root):
        self.path = os.path.join(root, f"edgebroker-bench-{os.getpid()}")

    def fresh(self):
        self.remove()
        os.makedirs(self.path)
        return self.path

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)


class Table:
    def __init__(self, pairs):
        self.pairs = pairs

    def head(self, what):
        print(f"{what:<66} {'ours':>12} {'limit':>12} {'ratio':>6}", flush=True)

    def _row(self, title, measured, digits, extra):
        ratio, ours, theirs, figures = sorted(measured, key=lambda pair: pair[0])[len(measured) // 2]
        print(f"{title:<66} {ours:>12,.{digits}f} {theirs:>12,.{digits}f} {ratio:>6.2f}  {extra(figures)}".rstrip(), flush=True)

    def rate(self, title, ours, limit, extra=lambda one: ""):
        """Both give figures of a number of records: records a second, and more is better."""
        seconds = "cpu_seconds" if "CPU" in title else "seconds"
        measured = []
        for _ in range(self.pairs):
            one, other = ours(), limit()
            rates = [figures["records"] / figures[seconds] for figures in (one, other)]
            measured.append((rates[0] / rates[1], *rates, one))
        self._row(title, measured, 0, extra)

    def time(self, titles, ours, limit, extra=lambda one: ""):
        """Both give figures of a time: for each of `titles` the figure that it names, where less is better."""
        pairs = [(ours(), limit()) for _ in range(self.pairs)]
        for title, figure in titles.items():
            self._row(title, [(other[figure] / one[figure], one[figure], other[figure], one) for one, other in pairs], 0, extra)
            extra = lambda one: ""

    def most(self, title, value, most, digits):
        """What may be at most so much."""
        self._row(title, [(most / max(value, 1e-9), value, most, None)], digits, lambda one: "")
