// Labels of many cells as columns: typed arrays that workers fill and the page puts together.

export interface LabelColumns {
  kind: Uint8Array; // [cells], 0 type, 1 broader term, 2 unknown
  term: Int32Array; // [cells], index into the model's broader terms, -1 unless kind is 1
  labelProbability: Float32Array; // [cells], of the types the label covers; of best when unknown
  best: Int32Array; // [cells], class
  second: Int32Array; // [cells], class or -1
  probability: Float32Array; // [cells]
  secondProbability: Float32Array; // [cells]
  unknownScore: Float32Array; // [cells], 0 to 1
  undisplacedScore: Float32Array; // [cells], the same by the types' own places in the reference
  map: Float32Array; // [cells x 2]
}

export function emptyColumns(cells: number): LabelColumns {
  return {
    kind: new Uint8Array(cells),
    term: new Int32Array(cells),
    labelProbability: new Float32Array(cells),
    best: new Int32Array(cells),
    second: new Int32Array(cells),
    probability: new Float32Array(cells),
    secondProbability: new Float32Array(cells),
    unknownScore: new Float32Array(cells),
    undisplacedScore: new Float32Array(cells),
    map: new Float32Array(2 * cells),
  };
}

// Writes the columns of some cells over those of cells [first, ...).
export function setColumns(into: LabelColumns, from: LabelColumns, first: number): void {
  for (const name of Object.keys(into) as (keyof LabelColumns)[]) into[name].set(from[name], name === 'map' ? 2 * first : first);
}
