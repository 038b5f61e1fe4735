# The cells of an h5ad as Cell Ranger stores them, for scale.mjs: `scale_formats.py CELLS.h5ad OUT` writes OUT.h5 and, in the folder OUT,
# matrix.mtx.gz, features.tsv.gz and barcodes.tsv.gz. Needs python3-h5py.
import gzip
import os
import sys

import h5py
import numpy

CHUNK = 80_000  # Cell Ranger's
LINES = 1 << 20


def texts(values):
    return numpy.array(values, f'S{max(map(len, values))}')


def write_h5(path, counts, gene, row_begin, genes, cells):
    packed = dict(compression='gzip', compression_opts=4, shuffle=True)
    with h5py.File(path, 'w') as file:
        matrix = file.create_group('matrix')
        matrix.create_dataset('data', data=counts, chunks=(CHUNK,), **packed)
        matrix.create_dataset('indices', data=gene, chunks=(CHUNK,), **packed)
        matrix.create_dataset('indptr', data=row_begin, **packed)
        matrix.create_dataset('shape', data=numpy.array([len(genes), len(cells)], 'i4'))
        matrix.create_dataset('barcodes', data=texts(cells), **packed)
        features = matrix.create_group('features')
        for name in ('id', 'name'):
            features.create_dataset(name, data=texts(genes), compression='gzip')
        features.create_dataset('feature_type', data=texts([b'Gene Expression'] * len(genes)), compression='gzip')
        features.create_dataset('genome', data=texts([b'GRCh38'] * len(genes)), compression='gzip')


def write_mtx(folder, counts, gene, row_begin, genes, cells):
    os.makedirs(folder, exist_ok=True)
    with gzip.open(f'{folder}/matrix.mtx.gz', 'wt', 4) as out:
        out.write('%%MatrixMarket matrix coordinate integer general\n')
        out.write(f'{len(genes)} {len(cells)} {len(counts)}\n')
        cell = numpy.repeat(numpy.arange(len(cells)), numpy.diff(row_begin))
        for first in range(0, len(counts), LINES):
            part = slice(first, first + LINES)
            lines = zip((gene[part] + 1).tolist(), (cell[part] + 1).tolist(), counts[part].tolist())
            out.write('\n'.join('%d %d %d' % line for line in lines) + '\n')
    with gzip.open(f'{folder}/features.tsv.gz', 'wb') as out:
        out.write(b''.join(b'%s\t%s\tGene Expression\n' % (name, name) for name in genes))
    with gzip.open(f'{folder}/barcodes.tsv.gz', 'wb') as out:
        out.write(b''.join(name + b'\n' for name in cells))


source, out = sys.argv[1:]
with h5py.File(source) as h5ad:
    matrix = h5ad['X']
    lists = matrix['data'][:].astype('i4'), matrix['indices'][:].astype('i8'), matrix['indptr'][:]
    names = list(h5ad['var/_index'][:]), list(h5ad['obs/_index'][:])
write_h5(f'{out}.h5', *lists, *names)
write_mtx(out, *lists, *names)
