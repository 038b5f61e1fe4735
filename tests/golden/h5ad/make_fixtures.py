"""Writes the h5ad files of this folder: the same six cells and five genes in every encoding we read, and broken ones.

Needs Debian 12's python3-anndata (0.8) and python3-h5py; the project itself needs no Python. What anndata 0.8 cannot
write (older and newer encodings) is written with h5py after the on-disk format page of anndata's documentation.
Run it in this folder. The tests hold the expected values themselves (tests/shared/counts/h5ad_test.cpp).
"""

import os

import anndata
import h5py
import numpy as np
import pandas as pd
from scipy import sparse

COUNTS = np.array(
    [[1, 0, 2, 0, 0],
     [0, 0, 0, 0, 3],
     [0, 4, 0, 0, 0],
     [0, 0, 0, 0, 0],
     [5, 6, 7, 8, 9],
     [0, 0, 0, 10, 300]], dtype=np.float32)
CELLS = [f"cell{i}" for i in range(6)]
SYMBOLS = ["CD3D", "NKG7", "MS4A1", "LYZ", "PPBP"]
IDS = ["ENSG00000167286", "ENSG00000105374", "ENSG00000156738", "ENSG00000090382", "ENSG00000163736"]


def obs():
    return all_obs()[["type"]]


def all_obs():
    return pd.DataFrame(
        {
            "type": pd.Categorical(["T cell", "NK cell", None, "T cell", "B cell", "NK cell"],
                                   categories=["T cell", "NK cell", "B cell", "unseen"]),
            "note": np.array(["b", "a", "b", "", "a", "é"], dtype=object),
            "count": np.array([10, 9, 100, 9, -1, 10], dtype=np.int64),
            "score": np.array([0.1, 2.0, np.nan, 0.1, 1e-9, 2.0]),
            "single": np.array([0.1, 2.0, 0.1, 0.1, 3.5, 2.0], dtype=np.float32),
            "flag": np.array([True, False, True, True, False, False]),
            "cluster": pd.Categorical([2, 10, 2, 2, 10, 2]),
        },
        index=CELLS,
    )


def var(index=SYMBOLS, **columns):
    return pd.DataFrame(columns, index=index)


def write(name, X, var_table=None, **more):
    table = more.get("obs", obs())
    data = anndata.AnnData(X=X, obs=table, var=var(gene_ids=IDS) if var_table is None else var_table, dtype=X.dtype)
    for layer, values in more.get("layers", {}).items():
        data.layers[layer] = values
    data.write_h5ad(name, compression=more.get("compression"))


PROTEINS = ["CD3", "CD19_TotalSeqB", "IgG1"]
PROTEIN_COUNTS = np.array([[7, 0, 1], [1, 9, 0], [0, 0, 0], [0, 0, 0], [2, 3, 0], [0, 5, 1]], dtype=np.float32)


def several_modalities():
    """RNA and proteins of the same cells as muon writes them, after the page of its documentation on MuData's file, and as Cell Ranger does."""
    with h5py.File("cite.h5mu", "w") as mu:
        for name, X, table in [("rna", COUNTS, var(gene_ids=IDS)), ("prot", PROTEIN_COUNTS, var(index=PROTEINS))]:
            write("part.h5ad", sparse.csr_matrix(X), table)
            with h5py.File("part.h5ad") as part:
                group = mu.create_group(f"mod/{name}")
                group.attrs.update(part.attrs)
                for member in part:
                    part.copy(member, group)
                if name == "rna":
                    part.copy("obs", mu)
            mu[f"obsmap/{name}"] = np.arange(1, len(CELLS) + 1, dtype=np.uint32)
        mu.attrs.update({"encoding-type": "MuData", "encoding-version": "0.1.0"})
    os.remove("part.h5ad")
    both = sparse.csr_matrix(np.hstack([COUNTS, PROTEIN_COUNTS]))
    texts = {
        "id": IDS + PROTEINS,
        "name": SYMBOLS + PROTEINS,
        "feature_type": ["Gene Expression"] * len(IDS) + ["Antibody Capture"] * len(PROTEINS),
    }
    with h5py.File("cite_tenx.h5", "w") as tenx:
        matrix = tenx.create_group("matrix")
        matrix["data"], matrix["indices"] = both.data.astype(np.int32), both.indices.astype(np.int64)
        matrix["indptr"], matrix["shape"] = both.indptr.astype(np.int64), np.array(both.shape[::-1], dtype=np.int32)
        matrix["barcodes"] = np.array(CELLS, dtype="S")
        for name, values in texts.items():
            matrix[f"features/{name}"] = np.array(values, dtype="S")


def real_files():
    write("csr.h5ad", sparse.csr_matrix(COUNTS), obs=all_obs())
    write("gzip.h5ad", sparse.csr_matrix(COUNTS), compression="gzip")
    write("csc.h5ad", sparse.csc_matrix(COUNTS), var(gene_ids=IDS))
    write("dense.h5ad", COUNTS.astype(np.float64))
    write("ensembl.h5ad", sparse.csr_matrix(COUNTS), var(IDS, feature_name=pd.Categorical(SYMBOLS)))
    log = np.log1p(COUNTS / np.maximum(COUNTS.sum(1, keepdims=True), 1) * 1e4)
    write("layers.h5ad", sparse.csr_matrix(log), var(), obs=pd.DataFrame(index=CELLS),
          layers={"ambient": sparse.csr_matrix(2 * COUNTS), "counts": sparse.csc_matrix(COUNTS)})
    scaled = (COUNTS - COUNTS.mean(0)) / COUNTS.std(0)
    write("scaled.h5ad", scaled)
    data = anndata.AnnData(X=sparse.csr_matrix(COUNTS), obs=obs(), var=var(gene_ids=IDS), dtype=np.float32)
    data.raw = data
    data = data[:, [0, 4]].copy()
    data.X = scaled[:, [0, 4]]
    data.write_h5ad("raw.h5ad")


def write_csr(group, matrix, index_type=np.int32, value_type=np.float32, **options):
    group["data"] = matrix.data.astype(value_type)
    group["indices"] = matrix.indices.astype(index_type)
    group["indptr"] = matrix.indptr.astype(index_type)


def text(group, name, values, length=None):
    if length is None:
        group.create_dataset(name, data=np.array(values, dtype=object), dtype=h5py.string_dtype("utf-8"))
    else:
        group[name] = np.array([value.encode() for value in values], dtype=f"S{length}")


def encoding(item, kind, version):
    item.attrs["encoding-type"] = kind
    item.attrs["encoding-version"] = version


def table_0_7(parent, name, index, columns):
    """A data frame as anndata 0.7 writes it: categories apart, reached by reference."""
    table = parent.create_group(name)
    encoding(table, "dataframe", "0.1.0")
    table.attrs["_index"] = "index"
    table.attrs["column-order"] = np.array(list(columns), dtype=object)
    text(table, "index", index)
    for column, values in columns.items():
        if isinstance(values, pd.Categorical):
            table[column] = values.codes
            text(table.require_group("__categories"), column, list(values.categories))
            table["__categories"][column].attrs["ordered"] = False
            table[column].attrs["categories"] = table["__categories"][column].ref
        elif np.asarray(values).dtype == object:
            text(table, column, values)
        else:
            table[column] = values


def old_files():
    with h5py.File("anndata_0_7.h5ad", "w") as file:
        matrix = file.create_group("X")
        encoding(matrix, "csr_matrix", "0.1.0")
        matrix.attrs["shape"] = np.array(COUNTS.shape)
        write_csr(matrix, sparse.csr_matrix(COUNTS))
        columns = all_obs()
        table_0_7(file, "obs", CELLS,
                  {"type": columns["type"].values, "note": columns["note"].values, "count": columns["count"].values,
                   "flag": columns["flag"].values})
        table_0_7(file, "var", SYMBOLS, {"gene_ids": np.array(IDS, dtype=object)})
    with h5py.File("h5sparse.h5ad", "w") as file:  # no encoding attributes, text of fixed length, whole numbers
        matrix = file.create_group("X")
        matrix.attrs["h5sparse_format"] = "csr"
        matrix.attrs["h5sparse_shape"] = np.array(COUNTS.shape)
        write_csr(matrix, sparse.csr_matrix(COUNTS), value_type=np.int32)
        text(file.create_group("obs"), "index", CELLS, 8)
        text(file.create_group("var"), "index", SYMBOLS, 8)
    with h5py.File("anndata_0_6.h5ad", "w") as file:
        file["X"] = COUNTS
        file["obs"] = np.array([(cell, 1) for cell in CELLS], dtype=[("index", "S5"), ("n", "i4")])
        file["var"] = np.array([(gene,) for gene in SYMBOLS], dtype=[("index", "S5")])


def table_0_2(parent, name, index, order):
    table = parent.create_group(name)
    encoding(table, "dataframe", "0.2.0")
    table.attrs["_index"] = "_index"
    table.attrs["column-order"] = np.array(order, dtype=object) if order else np.array([], dtype=np.float64)
    if index is not None:
        text(table, "_index", index)
        encoding(table["_index"], "string-array", "0.2.0")
    return table


def masked(table, name, kind, values, mask):
    group = table.create_group(name)
    encoding(group, kind, "0.1.0")
    if kind == "nullable-string-array":
        text(group, "values", values)
        group.attrs["na-value"] = "NA"
    else:
        group["values"] = values
    group["mask"] = np.array(mask, dtype=bool)


def new_files():
    none = [False] * 6
    with h5py.File("nullable.h5ad", "w") as file:  # as anndata 0.12 writes pandas' nullable and string columns
        encoding(file, "anndata", "0.1.0")
        matrix = file.create_group("X")
        encoding(matrix, "csr_matrix", "0.1.0")
        matrix.attrs["shape"] = np.array(COUNTS.shape)
        write_csr(matrix, sparse.csr_matrix(COUNTS), np.int64)
        table = table_0_2(file, "obs", None, ["whole", "flag", "text", "type"])
        masked(table, "_index", "nullable-string-array", CELLS, none)
        masked(table, "whole", "nullable-integer", np.array([3, 1, 0, 20, 3, 1]), [0, 0, 1, 0, 0, 0])
        masked(table, "flag", "nullable-boolean", np.array([1, 0, 0, 1, 1, 0], dtype=bool), [0, 0, 1, 0, 0, 0])
        masked(table, "text", "nullable-string-array", ["x", "y", "", "x", "z", "y"], [0, 0, 1, 0, 0, 0])
        column = table.create_group("type")
        encoding(column, "categorical", "0.2.0")
        column.attrs["ordered"] = False
        column["codes"] = np.array([0, 1, -1, 0, 2, 1], dtype=np.int8)
        masked(column, "categories", "nullable-string-array", ["T cell", "NK cell", "B cell"], [False] * 3)
        table = table_0_2(file, "var", None, [])
        masked(table, "_index", "nullable-string-array", SYMBOLS, [False] * 5)
    with h5py.File("unsorted.h5ad", "w") as file:  # genes of a cell in any order, one of them twice, an explicit zero
        encoding(file, "anndata", "0.1.0")
        matrix = file.create_group("X")
        encoding(matrix, "csr_matrix", "0.1.0")
        matrix.attrs["shape"] = np.array(COUNTS.shape)
        matrix["data"] = np.array([2, 1, 3, 4, 0, 9, 8, 7, 6, 5, 100, 10, 200], dtype=np.uint16)
        matrix["indices"] = np.array([2, 0, 4, 1, 3, 4, 3, 2, 1, 0, 4, 3, 4], dtype=np.int64)
        matrix["indptr"] = np.array([0, 2, 3, 5, 5, 10, 13], dtype=np.int64)
        table_0_2(file, "obs", CELLS, [])
        table_0_2(file, "var", SYMBOLS, [])


def lzf_file():
    """400 times the first cell: enough for LZF to find copies, short and long."""
    cells = sparse.csr_matrix(np.repeat(COUNTS[:1], 400, axis=0))
    data = anndata.AnnData(X=cells, obs=pd.DataFrame(index=[f"cell{i}" for i in range(400)]), var=var(), dtype=np.float32)
    data.write_h5ad("lzf.h5ad", compression="lzf")


def broken(name, **change):
    """csr.h5ad's matrix with one thing wrong."""
    with h5py.File(name, "w") as file:
        encoding(file, "anndata", "0.1.0")
        table_0_2(file, "obs", CELLS, [])
        table_0_2(file, "var", SYMBOLS, [])
        if change.get("matrix", True):
            csr = sparse.csr_matrix(COUNTS)
            matrix = file.create_group("X")
            encoding(matrix, "csr_matrix", "0.1.0")
            matrix.attrs["shape"] = np.array(change.get("shape", COUNTS.shape))
            for part in ("data", "indices", "indptr"):
                matrix[part] = change.get(part, getattr(csr, part))


def bad_files():
    csr = sparse.csr_matrix(COUNTS)

    def with_value(values, place, value):
        changed = values.copy()
        changed[place] = value
        return changed

    broken("bad_no_matrix.h5ad", matrix=False)
    broken("bad_shape.h5ad", shape=(6, 4))
    broken("bad_nan.h5ad", data=with_value(csr.data, 3, np.nan))
    broken("bad_negative.h5ad", data=with_value(csr.data, 3, -1))
    broken("bad_index.h5ad", indices=with_value(csr.indices, 3, 5))
    broken("bad_indptr_descends.h5ad", indptr=with_value(csr.indptr, 2, 1))
    broken("bad_indptr_beyond.h5ad", indptr=with_value(csr.indptr, 6, 1000))
    broken("bad_indptr_short.h5ad", indptr=csr.indptr[:-1])
    broken("bad_data_short.h5ad", data=csr.data[:-1])
    broken("bad_filter.h5ad")
    with h5py.File("bad_filter.h5ad", "a") as file:  # a compression that HDF5 knows by number only
        del file["X"]["data"]
        pipeline = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        pipeline.set_chunk((len(csr.data),))
        pipeline.set_filter(32015, h5py.h5z.FLAG_OPTIONAL)
        space = h5py.h5s.create_simple((len(csr.data),))
        data = h5py.h5d.create(file["X"].id, b"data", h5py.h5t.NATIVE_FLOAT, space, dcpl=pipeline)
        data.write_direct_chunk((0,), b"not really zstandard", 0)
    broken("bad_claims_much.h5ad")
    with h5py.File("bad_claims_much.h5ad", "a") as file:  # extents of a million million values, none stored
        for part in ("data", "indices"):
            kind = file["X"][part].dtype
            del file["X"][part]
            file["X"].create_dataset(part, shape=(10**12,), chunks=(1024,), dtype=kind)
        file["X"]["indptr"][6] = 10**9
    with h5py.File("bad_tenx.h5", "w") as file:
        file.create_group("matrix")["data"] = np.array([1])


real_files()
old_files()
new_files()
lzf_file()
bad_files()
several_modalities()
