"""How well established classifiers do on the pairs of pairs.json, trained on the reference only.

  peers.py [--pairs NAME,...]   trains the peers, adds them to build/bench/accuracy/peers.json, prints the table
  peers.py --folds              only writes the copies of files that have folds
  peers.py --check REPORT.json  recomputes a report of `plkd evaluate --json` with scikit-learn from its confusion matrix

Needs Debian 12's python3-sklearn (1.2), python3-scipy and python3-h5py. All peers see log(1 + 10,000 x count / library) of the 3,000
most highly variable genes of the reference among those that the query has too, which is more than our own program is told. They are scored on
the query's cells whose type the reference has, macro F1 over the types that occur among those, as in
shared/annotate/scores.h. Settings are the same for every pair; random ones run with seeds 1 to 3.
"""

import argparse
import hashlib
import json
import sys
import warnings
from pathlib import Path

import numpy as np
from scipy.stats import rankdata
from sklearn.decomposition import PCA
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.svm import LinearSVC

from cells import WORK, parts_of, read_cells

GENES = 3000
SEEDS = (1, 2, 3)
MLP_STEPS, MLP_BATCH = 300, 128
HERE = Path(__file__).resolve().parent


def highly_variable(reference, query):
    """Genes whose variance exceeds what their mean explains: dispersion standardised in 20 bins of mean expression (Seurat, scanpy).
    A gene seen in fewer than 5 cells is never chosen."""
    shared = sorted(set(reference.genes) & set(query.genes))
    expression = np.expm1(reference.log_expression(shared))
    mean = expression.mean(axis=0, dtype=np.float64)
    candidates = np.flatnonzero((expression > 0).sum(axis=0) >= 5)
    dispersion = np.log(np.maximum(expression.var(axis=0, dtype=np.float64) / np.maximum(mean, 1e-12), 1e-12))
    height = np.log1p(mean)
    edges = np.linspace(height[candidates].min(), height[candidates].max(), 21)[1:-1]
    standardised = np.full(len(shared), -np.inf)
    for number in range(20):
        in_bin = candidates[np.digitize(height[candidates], edges) == number]
        deviation = dispersion[in_bin].std(ddof=1) if len(in_bin) > 1 else 0
        standardised[in_bin] = (dispersion[in_bin] - dispersion[in_bin].mean()) / deviation if deviation > 0 else 1
    chosen = np.argsort(-standardised, kind="stable")[: min(GENES, len(candidates))]
    return [shared[i] for i in np.sort(chosen)]


def logistic_regression(train, labels, test, strength):
    return LogisticRegression(C=strength, max_iter=300).fit(train, labels).predict(test)


def linear_svm(train, labels, test, strength):
    return LinearSVC(C=strength, max_iter=1000, random_state=0).fit(train, labels).predict(test)


def nearest_cells(train, labels, test):
    """15 nearest reference cells by cosine distance."""
    return KNeighborsClassifier(15, metric="cosine", algorithm="brute").fit(train, labels).predict(test)


def in_components(train, test):
    """Both in the reference's first 50 principal components."""
    components = PCA(min(50, len(train) - 1), random_state=0).fit(train)
    return components.transform(train), components.transform(test)


def rank_centroid(train, labels, test):
    """The type whose mean expression has the largest Spearman correlation with the cell."""
    types = np.unique(labels)
    centroids = np.stack([train[labels == name].mean(axis=0) for name in types])

    def unit_ranks(values):
        ranks = rankdata(values, axis=1)
        ranks -= ranks.mean(axis=1, keepdims=True)
        return ranks / np.linalg.norm(ranks, axis=1, keepdims=True)

    return types[(unit_ranks(test) @ unit_ranks(centroids).T).argmax(axis=1)]


def plain_mlp(train, labels, test, seed):
    epochs = max(1, round(MLP_STEPS * MLP_BATCH / len(train)))
    batch = min(MLP_BATCH, len(train))
    peer = MLPClassifier((256, 128), learning_rate_init=2e-3, batch_size=batch, max_iter=epochs, random_state=seed)
    return peer.fit(train, labels).predict(test)


def z_scored(train, test):
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    deviation[deviation == 0] = 1
    return [np.clip((values - mean) / deviation, -10, 10) for values in (train, test)]


def scores_of(truth, given):
    occurring = np.unique(truth)
    return {
        "accuracy": accuracy_score(truth, given),
        "macro_f1": f1_score(truth, given, labels=occurring, average="macro", zero_division=0),
    }


def run_part(reference, query):
    known = np.isin(query.labels, np.unique(reference.labels))
    genes = highly_variable(reference, query)
    train, test = reference.log_expression(genes), query.log_expression(genes)[known]
    scaled_train, scaled_test = z_scored(train, test)
    pcs_train, pcs_test = in_components(train, test)
    labels, truth = reference.labels.astype(str), query.labels[known].astype(str)
    given = {
        "LR, z-scored": [logistic_regression(scaled_train, labels, scaled_test, 0.01)],
        "LR": [logistic_regression(train, labels, test, 1.0)],
        "SVM, z-scored": [linear_svm(scaled_train, labels, scaled_test, 0.001)],
        "SVM": [linear_svm(train, labels, test, 0.1)],
        "kNN, 50 PCs": [nearest_cells(pcs_train, labels, pcs_test)],
        "kNN": [nearest_cells(train, labels, test)],
        "rank centroid": [rank_centroid(train, labels, test)],
        "MLP": [plain_mlp(train, labels, test, seed) for seed in SEEDS],
    }
    return {"cells_known": int(known.sum()), "peers": {name: [scores_of(truth, g) for g in runs] for name, runs in given.items()}}


def mean_of(parts, name, key):
    """Over the parts of a pair, then over seeds."""
    return float(np.mean([np.mean([run[key] for run in part["peers"][name]]) for part in parts]))


def summary_of(parts):
    names = parts[0]["peers"]
    return {
        "cells_known": sum(part["cells_known"] for part in parts),
        "peers": {name: {key: mean_of(parts, name, key) for key in ("accuracy", "macro_f1")} for name in names},
        "parts": parts,
    }


def read_cache(path, digest):
    if path.exists():
        cache = json.loads(path.read_text())
        if cache["made_by"] == digest:
            return cache
    return {"made_by": digest, "pairs": {}}


def print_table(pairs, results):
    names = list(next(iter(results.values()))["peers"])
    print("| pair | cells | " + " | ".join(names) + " |")
    print("|---|---|" + "---|" * len(names))
    for pair in pairs:
        result = results[pair["name"]]
        best = max(names, key=lambda name: result["peers"][name]["macro_f1"])
        shown = []
        for name in names:
            figures = " / ".join(f"{100 * value:.1f}" for value in result["peers"][name].values())
            shown.append(f"**{figures}**" if name == best else figures)
        print(f"| {pair['title']} | {result['cells_known']:,} | " + " | ".join(shown) + " |")


def check(report):
    """True when accuracy and macro F1 of a report follow from its confusion matrix."""
    scores = json.loads(Path(report).read_text())
    truth, given = [], []
    for true_name, row in scores["confusion"].items():
        for given_name, cells in row.items():
            truth += [true_name] * cells
            given += [given_name] * cells
    ours = scores_of(np.array(truth), np.array(given))
    agree = all(abs(ours[key] - scores[key]) < 1e-9 for key in ours) and len(truth) == scores["cells_known"]
    print(f"{report}: {'agrees with' if agree else 'DIFFERS from'} scikit-learn: {ours}")
    return agree


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pairs", help="names of pairs.json, separated by commas (default: all)")
    options.add_argument("--folds", action="store_true")
    options.add_argument("--check", metavar="REPORT.json", nargs="+")
    chosen = options.parse_args()
    if chosen.check:
        sys.exit(0 if all([check(report) for report in chosen.check]) else 1)
    pairs = json.loads((HERE / "pairs.json").read_text())
    if chosen.pairs:
        pairs = [pair for pair in pairs if pair["name"] in chosen.pairs.split(",")]
    if chosen.folds:
        for pair in pairs:
            parts_of(pair)
        return
    warnings.filterwarnings("ignore", category=ConvergenceWarning)
    digest = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in ("peers.py", "cells.py"))).hexdigest()[:16]
    path = WORK / "peers.json"
    cache = read_cache(path, digest)
    WORK.mkdir(parents=True, exist_ok=True)
    for pair in pairs:
        if pair["name"] in cache["pairs"]:
            continue
        print(f"peers: {pair['title']}", file=sys.stderr)
        sides = [[read_cells(side, pair["labels"]) for side in part] for part in parts_of(pair)]
        summary = summary_of([run_part(reference, query) for reference, query in sides])
        cache = read_cache(path, digest)  # another run may have added to it
        cache["pairs"][pair["name"]] = summary
        path.write_text(json.dumps(cache, indent=1) + "\n")
    print_table(pairs, cache["pairs"])


if __name__ == "__main__":
    main()
