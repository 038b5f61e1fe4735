"""What several modalities are worth: trains on RNA, on proteins and on both, labels the held-out cells of stratified folds, and prints
macro F1 beside logistic regression, nearest neighbours and a linear support vector machine on the same cells. Needs ../shared/data.

  run.py [--only teaseq,marrow,across,panels,eccite,multiome] [--seeds 1,2,3] [--train="OPTION..."] [--json FILE]

teaseq   TEA-seq, RNA + 46 proteins: both, RNA alone, proteins alone, and the model of both asked about cells that lack one
marrow   bm_citeseq, 25 proteins and no RNA, 27 types
across   models of TEA-seq with and without proteins, on PBMC 3k, Kang's and Zheng's cells, which have RNA alone
panels   proteins alone by another laboratory's panel: models of TEA-seq on bone marrow, of bone marrow on TEA-seq, which share 18 antibodies
eccite   the model of TEA-seq on ECCITE-seq, which has no labels: do those it gives agree with the gates of its proteins?
multiome simulated RNA + chromatin of eight known types, see multiome.py; then sci-CAR, which says no more than that it runs

A seed deals the folds anew and is the training's. Each cell is labelled once a seed, by the model of the folds it is not in, and scores
are of all cells together: rare types are in no fold often enough to be scored by themselves. Peers see log(1 + 10,000 x count / library)
of the 2,000 genes that vary most in the training cells, and log(1 + count / geometric mean) of the proteins without isotype controls,
each z-scored on the training cells and divided by the root of their number, so that both modalities weigh the same.
"""

import argparse
import csv
import json
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import h5py
import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.mixture import GaussianMixture
from sklearn.model_selection import StratifiedKFold
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import LinearSVC

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "accuracy"))
from cells import DATA, ROOT, column  # noqa: E402
from multiome import simulate_multiome  # noqa: E402

WORK = ROOT / "build/bench/modalities"
PLKD = ROOT / "build/release/bin/plkd"
FOLDS = 5
GENES = 2000
LABELS = "cell_type"


def plkd(*words):
    subprocess.run([PLKD, *map(str, words)], check=True)


def read_matrix(matrix):
    return sparse.csr_matrix((matrix["data"][:], matrix["indices"][:], matrix["indptr"][:]), tuple(matrix.attrs["shape"]))


class Study:
    """Labels, expression of the genes (None without) and of the proteins, [cells x features]."""

    def __init__(self, file):
        self.file = file
        with h5py.File(DATA / f"{file}.h5ad") as h5:
            self.labels = column(h5["obs"], LABELS).astype(str) if LABELS in h5["obs"] else None
            counts = read_matrix(h5["X"])
            if "protein_counts" in h5["obsm"]:
                self.proteins = h5["uns/protein_names"].asstr()[:]
                of_proteins = h5["obsm/protein_counts"][:].astype(float)
            else:
                self.proteins, of_proteins = h5["var"][h5["var"].attrs["_index"]].asstr()[:], counts.toarray().astype(float)
                counts = None
        kept = [i for i, name in enumerate(self.proteins) if "sotype" not in name]
        self.proteins, of_proteins = self.proteins[kept], of_proteins[:, kept]
        self.adt = np.log1p(of_proteins / np.exp(np.log1p(of_proteins).mean(axis=1, keepdims=True)))
        self.rna = None
        if counts is not None:
            library = np.asarray(counts.sum(axis=1)).ravel()
            self.rna = sparse.diags(1e4 / library).dot(counts).log1p()

    def folds(self, seed):
        return StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(self.labels, self.labels)

    def with_folds(self, seed):
        """A copy of the file with a column `fold`."""
        path = WORK / f"{self.file}_seed{seed}.h5ad"
        fold = np.empty(len(self.labels), dtype=object)
        for number, (_, held_out) in enumerate(self.folds(seed)):
            fold[held_out] = str(number)
        path.write_bytes((DATA / f"{self.file}.h5ad").read_bytes())
        with h5py.File(path, "r+") as h5:
            h5["obs"].create_dataset("fold", data=fold, dtype=h5py.string_dtype())
            h5["obs/fold"].attrs.update({"encoding-type": "string-array", "encoding-version": "0.2.0"})
            h5["obs"].attrs["column-order"] = np.array([*h5["obs"].attrs["column-order"], "fold"], dtype=h5py.string_dtype())
        return path

    def inputs(self, modalities, train, test):
        """Both parts of the cells as the peers see them."""
        parts = []
        for name in modalities:
            values = self.rna if name == "rna" else self.adt
            a, b = values[train], values[test]
            if name == "rna":
                variance = np.asarray(a.power(2).mean(axis=0) - np.square(a.mean(axis=0))).ravel()
                chosen = np.argsort(-variance, kind="stable")[:GENES]
                a, b = a[:, chosen].toarray(), b[:, chosen].toarray()
            mean, scale = a.mean(axis=0), (a.std(axis=0) + 1e-6) * np.sqrt(a.shape[1]) / 10
            parts.append(((a - mean) / scale, (b - mean) / scale))
        return [np.hstack(part) for part in zip(*parts)]


# Each with the settings that are tried; the best of them is shown, chosen on the very cells it is scored on.
PEERS = {
    "LR": [lambda c=c: LogisticRegression(C=c, max_iter=300) for c in (0.01, 0.1, 1)],
    "kNN": [lambda k=k: KNeighborsClassifier(k) for k in (5, 15, 30)],
    "SVM": [lambda c=c: LinearSVC(C=c, random_state=0, dual=False) for c in (0.001, 0.01, 0.1)],
}


def scores(truth, given):
    types = np.unique(truth)
    return {"accuracy": accuracy_score(truth, given), "macro_f1": f1_score(truth, given, labels=types, average="macro", zero_division=0)}


def peers(study, modalities, seeds):
    """Of each peer the runs of its best setting, one a seed."""
    given = {(name, setting, seed): np.empty_like(study.labels) for name in PEERS for setting in range(3) for seed in seeds}
    for seed in seeds:
        for train, test in study.folds(seed):
            a, b = study.inputs(modalities, train, test)
            for name, settings in PEERS.items():
                for number, setting in enumerate(settings):
                    given[name, number, seed][test] = setting().fit(a, study.labels[train]).predict(b)
    runs = {name: [[scores(study.labels, given[name, number, seed]) for seed in seeds] for number in range(3)] for name in PEERS}
    return {name: max(each, key=lambda runs: np.mean([run["macro_f1"] for run in runs])) for name, each in runs.items()}


def trained(cells, name, seed, options, labels=LABELS):
    """A model, which is kept as long as it is newer than the program that made it, so that an interrupted run goes on."""
    model = WORK / "models" / f"{nameable(name)}.onnx"
    model.parent.mkdir(parents=True, exist_ok=True)
    if not model.exists() or model.stat().st_mtime < PLKD.with_name("plkd-train").stat().st_mtime:
        plkd("train", "--quiet", "--cells", cells, "--labels", labels, "--seed", seed, "--out", model, *options)
    return model


def nameable(text):
    return "".join(letter if letter.isalnum() else "_" for letter in text)


def evaluated(model, cells, options, labels=LABELS):
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        plkd("evaluate", "--quiet", "--model", model, "--cells", cells, "--labels", labels, "--json", report, *options)
        return json.loads(report.read_text())


def confusion(model, cells, options):
    return evaluated(model, cells, options)["confusion"]


def pooled(confusions):
    truth, given = [], []
    for each in confusions:
        for true_name, row in each.items():
            for given_name, cells in row.items():
                truth += [true_name] * cells
                given += [given_name] * cells
    return scores(np.array(truth), np.array(given))


def cross_validated(study, name, seed, training, views):
    """Scores of each view of the held-out cells, by models of all folds but their own."""
    cells = study.with_folds(seed)
    found = {view: [] for view in views}
    for fold in range(FOLDS):
        model = trained(cells, f"{study.file}_{name}_seed{seed}_fold{fold}", seed, ["--drop", f"fold={fold}", *training])
        for view, options in views.items():
            found[view].append(confusion(model, cells, ["--where", f"fold={fold}", *options]))
    return {view: pooled(each) for view, each in found.items()}


class Table:
    def __init__(self, title):
        self.title, self.rows = title, {}
        print(f"\n{title}", flush=True)

    def add(self, row, runs):
        self.rows[row] = runs
        figures = {key: [run[key] for run in runs] for key in runs[0]}
        shown = "  ".join(f"{key} {np.mean(v):.3f} ± {np.std(v, ddof=1) if len(v) > 1 else 0:.3f}" for key, v in figures.items())
        print(f"  {row:44s} {shown}", flush=True)


def teaseq(seeds, training):
    study = Study("pbmc_teaseq_rna_adt")
    table = Table("TEA-seq, 5 folds")
    both = {"both": [], "of both, RNA alone": ["--without", "adt"], "of both, proteins alone": ["--without", "rna"]}
    kinds = {
        "both": (["--modality", "adt"], both),
        "rna": ([], {"RNA": []}),
        "adt": (["--modality", "adt", "--without-genes"], {"proteins": []}),
    }
    for kind, (options, views) in kinds.items():
        runs = [cross_validated(study, kind, seed, [*options, *training], views) for seed in seeds]
        for view in views:
            table.add(view, [run[view] for run in runs])
    for modalities in (["rna", "adt"], ["rna"], ["adt"]):
        for name, runs in peers(study, modalities, seeds).items():
            table.add(f"{name}, {' + '.join(modalities)}", runs)
    return table


def marrow(seeds, training):
    study = Study("bm_citeseq_adt_only")
    table = Table("Bone marrow, proteins alone, 5 folds")
    runs = [cross_validated(study, "adt", seed, training, {"proteins": []}) for seed in seeds]
    table.add("proteins", [run["proteins"] for run in runs])
    for name, runs in peers(study, ["adt"], seeds).items():
        table.add(f"{name}, adt", runs)
    return table


def whole_study(study, kind, seed, labels, options, training):
    return trained(DATA / f"{study.file}.h5ad", f"{study.file}_{kind}_{labels}_seed{seed}", seed, [*options, *training], labels)


def across(seeds, training):
    table = Table("TEA-seq -> studies that have RNA alone")
    labels, tea = "cell_type_harmonized", Study("pbmc_teaseq_rna_adt")
    for query in ("pbmc_3k_10x", "pbmc_kang_ctrl_8donors", "pbmc_zheng_sorted"):
        for kind, options in {"both": ["--modality", "adt"], "rna": []}.items():
            runs = []
            for seed in seeds:
                found = evaluated(whole_study(tea, kind, seed, labels, options, training), DATA / f"{query}.h5ad", [], labels)
                runs.append({key: found[key] for key in ("accuracy", "macro_f1")})
            table.add(f"{query}, model of {kind}", runs)
    return table


# What bone marrow calls the types that both studies have, as a prefix or the whole name, and TEA-seq's harmonised name.
SHARED_TYPES = {
    "CD14 Mono": "CD14 monocyte",
    "CD16 Mono": "CD16 monocyte",
    "cDC2": "Dendritic cell",
    "CD4 ": "CD4 T cell",
    "Treg": "CD4 T cell",
    "CD8 ": "CD8 T cell",
    "NK": "NK cell",
    "CD56 bright NK": "NK cell",
    "Naive B": "B cell",
    "Memory B": "B cell",
}


def shared_type(name):
    return next((shared for prefix, shared in SHARED_TYPES.items() if name.startswith(prefix)), "other")


def labelled(model, cells, options=()):
    """The best type of each cell, and the share that was given a label."""
    out = WORK / "labels.csv"
    plkd("annotate", "--quiet", "--model", model, "--cells", cells, "--out", out, *options)
    with out.open() as lines:
        rows = list(csv.DictReader(lines))
    return [row["best_label"] for row in rows], np.mean([row["kind"] != "unknown" for row in rows])


def panels(seeds, training):
    table = Table("Proteins alone, another laboratory's panel; cells of types that both have")
    bone, tea = Study("bm_citeseq_adt_only"), Study("pbmc_teaseq_rna_adt")
    with h5py.File(DATA / f"{tea.file}.h5ad") as h5:
        of_tea = column(h5["obs"], "cell_type_harmonized").astype(str)
    of_marrow = np.array([shared_type(name) for name in bone.labels])
    tea_alone = ["--modality", "adt", "--without-genes"]
    kinds = {
        "TEA-seq, both -> bone marrow": (tea, "both", "cell_type_harmonized", ["--modality", "adt"], bone, of_marrow),
        "TEA-seq, proteins -> bone marrow": (tea, "adt", "cell_type_harmonized", tea_alone, bone, of_marrow),
        "bone marrow -> TEA-seq": (bone, "adt", LABELS, [], tea, of_tea),
    }
    for row, (reference, kind, labels, options, query, truth) in kinds.items():
        is_shared = np.isin(truth, list(SHARED_TYPES.values()))
        runs = []
        for seed in seeds:
            model = whole_study(reference, kind, seed, labels, options, training)
            given, share = labelled(model, DATA / f"{query.file}.h5ad")
            if reference is bone:
                given = [shared_type(name) for name in given]
            runs.append({**scores(truth[is_shared], np.array(given)[is_shared]), "labelled": share})
        table.add(row, runs)
    return table


# Of each lineage: the protein that its cells have and no other lineage's.
GATES = {"T": "CD3", "B": "CD19", "monocyte": "CD14", "NK": "CD56"}


# What the lineages are called in TEA-seq's labels ("T.CD4.Memory", "Mono.CD14"); its dendritic cells and platelets have no gate.
LINEAGES = {"T": "T", "B": "B", "Mono": "monocyte", "NK": "NK"}


def gated(study):
    """The lineage that a cell's proteins say, None where the gates say none or several. CD56+ T cells are T."""
    is_in = {}
    for name, marker in GATES.items():
        place = next(i for i, protein in enumerate(study.proteins) if protein.split("-")[0].split(".")[0].upper() == marker)
        values = study.adt[:, [place]]
        mixture = GaussianMixture(2, random_state=0).fit(values)
        is_in[name] = mixture.predict(values) == mixture.means_.argmax()
    is_in["NK"] &= ~is_in["T"]
    stacked = np.stack([is_in[name] for name in GATES])
    return [list(GATES)[row.argmax()] if row.sum() == 1 else None for row in stacked.T]


def eccite(seeds, training):
    study, tea = Study("pbmc_eccite_rna_adt_unlabelled"), Study("pbmc_teaseq_rna_adt")
    gates = gated(study)
    cells = DATA / "pbmc_eccite_rna_adt_unlabelled.h5ad"
    table = Table(f"TEA-seq -> ECCITE-seq: labels that agree with the gates of {', '.join(GATES.values())}")
    for view, options in {"both": [], "RNA alone": ["--without", "adt"], "proteins alone": ["--without", "rna"]}.items():
        runs = []
        for seed in seeds:
            model = whole_study(tea, "both", seed, LABELS, ["--modality", "adt"], training)
            best, _ = labelled(model, cells, options)
            judged = [(gate, LINEAGES.get(label.split(".")[0])) for gate, label in zip(gates, best) if gate]
            agree = np.array([gate == label for gate, label in judged])
            run = {"cells": len(judged), "all": agree.mean()}
            run.update({name: np.mean([a for a, (gate, _) in zip(agree, judged) if gate == name]) for name in GATES})
            runs.append(run)
        table.add(view, runs)
    return table


def multiome(seeds, training):
    table = Table("Simulated RNA + chromatin, peaks of the query called anew")
    views = {"both": [], "of both, RNA alone": ["--without", "atac"], "of both, chromatin alone": ["--without", "rna"]}
    kinds = {
        "both": (["--modality", "atac"], views),
        "both, genes' windows": (["--modality", "atac", "--gene-places", None], views),
        "rna": ([], {"RNA": []}),
        "atac": (["--modality", "atac", "--without-genes"], {"chromatin": []}),
        "atac, genes' windows": (["--modality", "atac", "--without-genes", "--gene-places", None], {"chromatin": []}),
    }
    runs = {}
    for seed in seeds:
        reference, query, places = simulate_multiome(WORK, seed)
        for kind, (words, of_kind) in kinds.items():
            model = trained(reference, f"multiome_{kind}_seed{seed}", seed, [places if word is None else word for word in words] + training)
            for view, without in of_kind.items():
                row = f"{view}{kind.partition(',')[1]}{kind.partition(',')[2]}"
                runs.setdefault(row, []).append(pooled([confusion(model, query, without)]))
    for row, of_row in runs.items():
        table.add(row, of_row)
    kidney = DATA / "mouse_kidney_scicar_multiome_mini.h5ad"
    model = trained(kidney, "scicar", 1, ["--modality", "atac", "--genes", "500", *training])
    table.add("sci-CAR on itself: it runs", [pooled([confusion(model, kidney, [])])])
    return table


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", default="teaseq,marrow,across,panels,eccite,multiome")
    options.add_argument("--seeds", default="1,2,3")
    options.add_argument("--train", default="")
    options.add_argument("--json")
    chosen = options.parse_args()
    if not DATA.exists():
        print("skipped: ../shared/data is not there")
        return
    warnings.filterwarnings("ignore")
    WORK.mkdir(parents=True, exist_ok=True)
    studies = {"teaseq": teaseq, "marrow": marrow, "across": across, "panels": panels, "eccite": eccite, "multiome": multiome}
    seeds = [int(seed) for seed in chosen.seeds.split(",")]
    tables = [studies[name](seeds, chosen.train.split()) for name in chosen.only.split(",")]
    if chosen.json:
        Path(chosen.json).write_text(json.dumps({table.title: table.rows for table in tables}, indent=1) + "\n")


if __name__ == "__main__":
    main()
