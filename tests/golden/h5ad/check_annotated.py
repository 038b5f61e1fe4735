#!/usr/bin/python3
"""check_annotated.py PLKD MODEL FILE.h5ad...: does anndata read what `plkd annotate --out mine.h5ad` writes, all else unchanged?

Annotates each file, whether it fits the model or not, reads both with anndata and compares X, raw.X, obs and var; every dataset of the original, so layers, obsm and uns,
too, is compared by h5py. Files that the model cannot annotate are listed. Prints a line a file; exits 1 when something differs. Needs
python3-anndata.
"""
import os
import subprocess
import sys
import tempfile
import warnings

import anndata
import h5py
import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")


def same(a, b):
    if hasattr(a, "toarray"):
        return type(a) is type(b) and all(np.array_equal(getattr(a, k), getattr(b, k)) for k in ("data", "indices", "indptr"))
    return np.array_equal(np.asarray(a), np.asarray(b), equal_nan=np.asarray(a).dtype.kind == "f")


def datasets(path):
    found = {}
    with h5py.File(path, "r") as file:
        def visit(name, node):
            if isinstance(node, h5py.Dataset):
                # References to old categories are addresses; anndata's comparison covers them.
                found[name] = (str(node.dtype), node.shape, node[()])
        file.visititems(visit)
    return found


def differences(source, out):
    before, after = datasets(source), datasets(out)
    ours = lambda name: name.startswith(("obs/plkd_", "uns/plkd/")) or name == "obsm/X_plkd"
    bad = [n for n in before if not ours(n) and (n not in after or before[n][:2] != after[n][:2] or not same(before[n][2], after[n][2]))]
    bad += ["extra " + n for n in after if n not in before and not ours(n)]
    a, b = anndata.read_h5ad(source), anndata.read_h5ad(out)
    if not same(a.X, b.X):
        bad.append("X in anndata")
    if a.raw is not None and not same(a.raw.X, b.raw.X):
        bad.append("raw.X in anndata")
    old = [c for c in b.obs.columns if not c.startswith("plkd_")]
    if not a.obs.equals(b.obs[old]):
        bad.append("obs in anndata")
    if not a.var.equals(b.var):
        bad.append("var in anndata")
    if not isinstance(b.obs["plkd_label"].dtype, pd.CategoricalDtype) or b.obs["plkd_probability"].dtype != np.float32:
        bad.append("types of our columns")
    if b.obsm["X_plkd"].shape != (b.n_obs, 2) or not isinstance(b.uns["plkd"]["receipt"], str):
        bad.append("map or receipt")
    return bad, b


def main(plkd, model, files):
    failed = 0
    for source in files:
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "out.h5ad")
            run = subprocess.run([plkd, "annotate", "--force", "--quiet", "--model", model, "--cells", source, "--out", out],
                                 capture_output=True, text=True, check=False)
            name = os.path.basename(source)
            if run.returncode:
                print(f"{name}: not annotated: {run.stderr.strip()[:110]}")
                continue
            bad, result = differences(source, out)
            failed += bool(bad)
            grown = os.path.getsize(out) - os.path.getsize(source)
            print(f"{name}: {result.n_obs} cells, {result.obs['plkd_label'].nunique()} labels, {grown} bytes more, "
                  + ("DIFFERS: " + ", ".join(bad) if bad else "all else identical"))
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
