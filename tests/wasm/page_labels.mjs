// Labels as the page makes them, in the form of the command line's.
import { valueOf } from './core.mjs';

// At the command line's error rate.
export function annotated(query, first, end) {
  const { choices, ...columns } = valueOf(query.annotate(first, end, [0.05]));
  return { ...columns, ...choices[0] };
}

const unpackedNames = ({ bytes, begin }) =>
  Array.from({ length: begin.length - 1 }, (_, k) => new TextDecoder().decode(bytes.subarray(begin[k], begin[k + 1])));

// All cells, in slices of an awkward size, as readLabels gives labels.csv.
export function labelsOfQuery(model, counts, query) {
  const { classes, broader } = model.summary();
  const { cells } = counts.summary();
  const { centre, allowance } = valueOf(query.findPlaces());
  valueOf(query.setPlaces(centre, allowance));
  const labels = [];
  for (let first = 0; first < cells; first += 77) {
    const end = Math.min(first + 77, cells);
    const names = unpackedNames(valueOf(counts.cellNames(first, end)));
    const part = annotated(query, first, end);
    for (let cell = 0; cell < end - first; ++cell) {
      const best = classes[part.best[cell]];
      const label = [best, broader[part.term[cell]], { name: 'unknown', ontologyId: '' }][part.kind[cell]];
      labels.push({
        cell: names[cell],
        label: label.name,
        ontology_id: label.ontologyId,
        kind: ['type', 'broader', 'unknown'][part.kind[cell]],
        probability: part.labelProbability[cell],
        unknown_score: part.unknownScore[cell],
        best_label: best.name,
        best_probability: part.probability[cell],
        second_label: classes[part.second[cell]]?.name ?? '',
        second_probability: part.secondProbability[cell],
      });
    }
  }
  return labels;
}
