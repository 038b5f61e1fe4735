"""Cells whose RNA and open chromatin were measured together, simulated so that neither tells all types apart.

A type is a state of RNA (four, of 40 genes each that are three times as active) and a state of chromatin (two, of 200 distal peaks each
that are four times as open). Two peaks lie in each gene and are open as the gene is active, half as much; so chromatin knows the states
of RNA a little, and RNA nothing of those of chromatin. The query's peaks are other ones: the same places, moved by up to 150 bases and
every fifth one not called.
"""

import h5py
import numpy as np
from scipy import sparse

GENES, DISTAL, CELLS = 1200, 1600, 1600
RNA_DEPTH, PEAK_DEPTH = 900, 700


def rates(rng):
    """Of each type: shares of the RNA [types x genes] and of the open peaks [types x peaks]."""
    gene = np.exp(rng.normal(0, 1.2, GENES))
    peak = np.exp(rng.normal(0, 0.8, 2 * GENES + DISTAL))
    of_types = []
    for state in range(4):
        active = np.ones(GENES)
        active[40 * state : 40 * state + 40] = 3
        for chromatin in range(2):
            openness = np.concatenate([np.repeat(1 + (active - 1) / 2, 2), np.ones(DISTAL)])
            begin = 2 * GENES + 200 * chromatin
            openness[begin : begin + 200] = 4
            of_types.append((gene * active, peak * openness))
    return [np.stack([each / each.sum() for each in side]) for side in zip(*of_types)]


def draw(rng, shares, types, depth):
    of_cell = depth * np.exp(rng.normal(0, 0.3, len(types)))
    return sparse.csr_matrix(rng.poisson(shares[types] * of_cell[:, None]).astype(np.float32))


def write_texts(group, name, texts):
    group.create_dataset(name, data=np.array(texts, dtype=object), dtype=h5py.string_dtype())
    group[name].attrs.update({"encoding-type": "string-array", "encoding-version": "0.2.0"})


def write_table(h5, name, index, columns):
    group = h5.create_group(name)
    group.attrs.update({"encoding-type": "dataframe", "encoding-version": "0.2.0", "_index": "_index"})
    group.attrs["column-order"] = np.array(list(columns), dtype=h5py.string_dtype())
    write_texts(group, "_index", index)
    for column, texts in columns.items():
        write_texts(group, column, texts)


def write_csr(parent, name, matrix):
    group = parent.create_group(name)
    group.attrs.update({"encoding-type": "csr_matrix", "encoding-version": "0.1.0", "shape": matrix.shape})
    for part in ("data", "indices", "indptr"):
        group.create_dataset(part, data=getattr(matrix, part))


def write(path, rna, atac, peaks, types):
    with h5py.File(path, "w") as h5:
        write_csr(h5, "X", rna)
        names = [f"type {t // 2}{'ab'[t % 2]}" for t in types]
        write_table(h5, "obs", [f"cell{i}" for i in range(len(types))], {"cell_type": names})
        write_table(h5, "var", [f"GENE{i}" for i in range(GENES)], {})
        write_csr(h5.create_group("obsm"), "atac", atac)
        write_texts(h5.create_group("uns"), "atac_peaks", peaks)
    return path


def simulate_multiome(folder, seed):
    """Paths of a reference, a query and a BED table of where the genes are."""
    rng = np.random.default_rng(seed)
    gene_begin = 100_000 + 50_000 * np.arange(GENES)
    of_genes = np.stack([gene_begin - 500, gene_begin + 3_000], axis=1).ravel()
    begin = np.concatenate([of_genes, gene_begin[0] + 20_000 + 50_000 * np.arange(DISTAL) % (50_000 * GENES) + 6_000 * (np.arange(DISTAL) // GENES)])
    rna_shares, peak_shares = rates(rng)
    paths = []
    for name, moved in (("reference", 0), ("query", 150)):
        types = rng.permutation(np.arange(CELLS) % 8)
        places = begin + rng.integers(-moved, moved + 1, len(begin))
        called = np.arange(len(begin)) % 5 != 4 if moved else np.ones(len(begin), dtype=bool)
        peaks = [f"chr1:{place}-{place + 500}" for place in places[called]]
        atac = draw(rng, peak_shares, types, PEAK_DEPTH)[:, called]
        paths.append(write(folder / f"multiome_{name}_seed{seed}.h5ad", draw(rng, rna_shares, types, RNA_DEPTH), atac, peaks, types))
    bed = folder / "multiome_genes.bed"
    bed.write_text("".join(f"chr1\t{place}\t{place + 8_000}\tGENE{i}\t0\t+\n" for i, place in enumerate(gene_begin)))
    return [*paths, bed]
