"""Measure ours beside others: `python -m tests.bench.run_bench`, or `make bench`."""
from __future__ import annotations
import argparse, subprocess, sys
from pathlib import Path
from tests.bench.inputs import write_inputs, write_texts
from tests.bench.measure import Programs, measure
from tests.bench.payloads import ROOT
from tests.bench.peers import jobs
B = ROOT/"build"/"bench"
write_inputs(B/"inputs")
for c in (["cmake","--preset","bench"],["cmake","--build","--preset","bench"]):
    d=subprocess.run(c,cwd=ROOT,capture_output=True,text=True)
    if d.returncode: raise SystemExit(d.stdout+d.stderr)
    print(d.stdout[-1500:])
js=list(jobs())
texts={(j.subject.group,j.subject.name): write_texts(B/"inputs", j.subject) for j in js}
p=Programs(folder=B/"programs",texts=texts)
ok,bad=p.able(js)
print(len(js),len(ok)); print(bad)
f=measure(p,ok,B,5)
for k,v in f.items(): print(k,round(v.instructions,1),round(v.ns,1),round(v.spread,1))
