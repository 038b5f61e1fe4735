"""Labelled cells as the peers and the folds need them, read with h5py from ../shared/data."""

import shutil
from pathlib import Path

import h5py
import numpy as np
from scipy import sparse
from sklearn.model_selection import StratifiedKFold

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "../shared/data"
WORK = ROOT / "build/bench/accuracy"
FOLD = "fold"


def column(obs, name):
    """One column of the cells' table as text."""
    values = obs[name]
    if isinstance(values, h5py.Group):
        return values["categories"].asstr()[:][values["codes"][:]]
    return values.asstr()[:]


class Cells:
    """counts [cells x genes], CSR; genes; labels; library size over all genes of the file."""

    def __init__(self, counts, genes, labels, library):
        self.counts, self.genes, self.labels, self.library = counts, genes, labels, library

    def log_expression(self, genes):
        """log(1 + 10,000 x count / library) [cells x genes], dense."""
        place = {gene: i for i, gene in enumerate(self.genes)}
        counts = self.counts[:, [place[gene] for gene in genes]].toarray()
        return np.log1p(1e4 * counts / self.library[:, None]).astype(np.float32)


def folded(file, labels, folds):
    """A copy of a file with a column that deals each type's cells to `folds` folds, the same every time."""
    path = WORK / f"{file}_folds.h5ad"
    if path.exists():
        return path
    WORK.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    shutil.copyfile(DATA / f"{file}.h5ad", unfinished)
    with h5py.File(unfinished, "r+") as h5:
        truth = column(h5["obs"], labels)
        fold = np.empty(len(truth), dtype=object)
        for number, (_, held_out) in enumerate(StratifiedKFold(folds, shuffle=True, random_state=0).split(truth, truth)):
            fold[held_out] = str(number)
        h5["obs"].create_dataset(FOLD, data=fold, dtype=h5py.string_dtype())
        h5["obs"][FOLD].attrs.update({"encoding-type": "string-array", "encoding-version": "0.2.0"})
        order = list(h5["obs"].attrs["column-order"])
        h5["obs"].attrs["column-order"] = np.array(order + [FOLD], dtype=h5py.string_dtype())
    unfinished.rename(path)
    return path


def file_of(side):
    copy = WORK / f"{side['file']}_folds.h5ad"
    return copy if copy.exists() else DATA / f"{side['file']}.h5ad"


def read_cells(side, labels):
    """The cells one side of a pair names: several values of a column mean "or", as in `plkd --where`."""
    with h5py.File(file_of(side)) as h5:
        obs, matrix = h5["obs"], h5["X"]
        counts = sparse.csr_matrix((matrix["data"][:], matrix["indices"][:], matrix["indptr"][:]), tuple(matrix.attrs["shape"]))
        genes = h5["var"][h5["var"].attrs["_index"]].asstr()[:]
        chosen = np.ones(counts.shape[0], dtype=bool)
        allowed = {}
        for condition in side.get("where", []):
            name, value = condition.split("=", 1)
            allowed.setdefault(name, []).append(value)
        for name, values in allowed.items():
            chosen &= np.isin(column(obs, name), values)
        for condition in side.get("drop", []):
            name, value = condition.split("=", 1)
            chosen &= column(obs, name) != value
        truth = column(obs, labels)
    library = np.asarray(counts.sum(1), dtype=np.float64).ravel()
    return Cells(counts[chosen], genes, truth[chosen], library[chosen])


def parts_of(pair):
    """The references and queries of a pair: one, or one for each value left out; `drop` goes from both."""
    if "leave_out" not in pair:
        return [(pair["reference"], pair["query"])]
    left = pair["leave_out"]
    if left["column"] == FOLD:
        folded(left["file"], pair["labels"], len(left["values"]))
    file, drop = left["file"], left.get("drop", [])
    conditions = [f"{left['column']}={value}" for value in left["values"]]
    return [({"file": file, "drop": [c, *drop]}, {"file": file, "where": [c], "drop": drop}) for c in conditions]
