"""Writes cells.json, cells with their types, batches and latents, and the integration scores expected of them.

Needs Debian 12's python3-sklearn (1.2) and python3-scipy; the project itself needs no Python. Silhouettes, NMI, ARI and k-means
are scikit-learn's, connected parts are scipy's; LISI and the neighbour graph are written out here in plain numpy, LISI after
Korsunsky et al. 2019 with the published search for the kernel's width. Latents are multiples of 1/8, so that squared distances
are exact and ties are true ties. Run it in this folder; read by tests/shared/integration.
"""

import json

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from sklearn import cluster, metrics

rng = np.random.default_rng(3)
WIDTH = 6


def made_cells():
    """Four types in three batches; one type in a single batch, one of two cells in two batches, one of a single cell.

    They lie so that six groups have one best k-means: one type has two islands and the single cell joins its neighbours.
    """
    latent, types, batches = [], [], []

    def add(name, centre, cells_by_batch, spread):
        for batch, cells in cells_by_batch.items():
            shift = {"a": 0.0, "b": 0.6, "c": -0.9}[batch]
            for _ in range(cells):
                latent.append(centre + shift * np.eye(WIDTH)[5] + rng.normal(0, spread, WIDTH))
                types.append(name)
                batches.append(batch)

    add("B cell", np.array([4.0, 0, 0, 0, 0, 0]), {"a": 50, "b": 30, "c": 20}, 0.8)
    add("CD4 T cell", np.array([0, 3.0, 0, 0, 0, 0]), {"a": 60, "b": 25, "c": 40}, 0.9)
    add("CD8 T cell", np.array([0, 3.0, 3.5, 0, 0, 0]), {"a": 30, "b": 30}, 0.9)
    add("monocyte", np.array([0, 0, 0, 5.0, 0, 0]), {"a": 45}, 0.7)
    add("monocyte", np.array([0, 0, 0, 5.0, 9, 0]), {"a": 20}, 0.5)  # a second island of the same type
    add("platelet", np.array([-12.0, 0, 0, 0, 3, 0]), {"a": 1, "c": 1}, 0.5)
    add("plasma cell", np.array([5.0, 0, 3, 0, 0, 0]), {"b": 1}, 0.5)
    latent = np.round(np.array(latent) * 8) / 8
    latent[10:20] = latent[0:10]  # equal cells, one batch
    latent[60:65] = latent[0:5]   # equal cells, two batches
    order = rng.permutation(len(types))
    return latent[order], np.array(types)[order], np.array(batches)[order]


def neighbours_of(latent, k):
    """The k nearest others, equally near ones by place in the file."""
    squared = ((latent[:, None, :] - latent[None, :, :]) ** 2).sum(2)
    np.fill_diagonal(squared, np.inf)
    nearest = np.argsort(squared, axis=1, kind="stable")[:, :k]
    return nearest, np.sqrt(np.take_along_axis(squared, nearest, axis=1))


def batch_silhouette(latent, types, batches):
    means = []
    for name in np.unique(types):
        of_type = types == name
        count = len(np.unique(batches[of_type]))
        if count == 1 or count == of_type.sum():
            continue
        means.append(np.mean(1 - np.abs(metrics.silhouette_samples(latent[of_type], batches[of_type]))))
    return np.mean(means)


def graph_connectivity(nearest, types):
    cells, k = nearest.shape
    graph = sparse.csr_matrix((np.ones(cells * k), (np.repeat(np.arange(cells), k), nearest.ravel())), (cells, cells))
    shares = []
    for name in np.unique(types):
        of_type = np.flatnonzero(types == name)
        _, part = connected_components(graph[of_type][:, of_type], directed=False)
        shares.append(np.bincount(part).max() / len(of_type))
    return np.mean(shares)


def entropy_and_weights(distance, beta):
    weight = np.exp(-distance * beta)
    total = weight.sum()
    return np.log(total) + beta * (distance * weight).sum() / total, weight / total


def lisi(nearest, distance, names, perplexity=30.0):
    values = []
    for cell in range(len(names)):
        beta, low, high = 1.0, -np.inf, np.inf
        entropy, weight = entropy_and_weights(distance[cell], beta)
        for _ in range(50):
            if abs(entropy - np.log(perplexity)) < 1e-5:
                break
            if entropy > np.log(perplexity):
                low = beta
                beta = beta * 2 if high == np.inf else (beta + high) / 2
            else:
                high = beta
                beta = beta / 2 if low == -np.inf else (beta + low) / 2
            entropy, weight = entropy_and_weights(distance[cell], beta)
        shares = [weight[names[nearest[cell]] == name].sum() for name in np.unique(names)]
        values.append(1 / np.sum(np.square(shares)))
    return np.array(values)


latent, types, batches = made_cells()
given = np.where(rng.random(len(types)) < 0.85, types, rng.permutation(types))
types_count, batch_count = len(np.unique(types)), len(np.unique(batches))
clusters = cluster.KMeans(types_count, n_init=200, random_state=0).fit(latent)
nearest, distance = neighbours_of(latent, 89)
type_lisi, batch_lisi = lisi(nearest, distance, types), lisi(nearest, distance, batches)
expected = {
    "asw_label": (metrics.silhouette_score(latent, types) + 1) / 2,
    "asw_batch": batch_silhouette(latent, types, batches),
    "graph_connectivity": graph_connectivity(nearest[:, :15], types),
    "nmi_given": metrics.normalized_mutual_info_score(types, given),
    "ari_given": metrics.adjusted_rand_score(types, given),
    "nmi_clusters": metrics.normalized_mutual_info_score(types, clusters.labels_),
    "ari_clusters": metrics.adjusted_rand_score(types, clusters.labels_),
    "ilisi_median": np.median(batch_lisi),
    "ilisi": (np.median(batch_lisi) - 1) / (batch_count - 1),
    "clisi_median": np.median(type_lisi),
    "clisi": (types_count - np.median(type_lisi)) / (types_count - 1),
    "inertia": clusters.inertia_,
}
document = {
    "type": types.tolist(),
    "batch": batches.tolist(),
    "given": given.tolist(),
    "latent": latent.tolist(),
    "silhouette": metrics.silhouette_samples(latent, types).tolist(),
    "nearest": nearest[:, :15].ravel().tolist(),
    "type_lisi": type_lisi.tolist(),
    "batch_lisi": batch_lisi.tolist(),
    "expected": expected,
}
with open("cells.json", "w", encoding="utf-8") as file:
    json.dump(document, file, separators=(",", ":"))
    file.write("\n")
print(expected)
