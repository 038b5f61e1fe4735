// Labels of many cells as columns: typed arrays that workers fill and the page puts together.

// What cells are called when a given share of wrong labels is accepted.
export interface LabelChoice {
  kind: Uint8Array; // [cells], 0 type, 1 broader term, 2 unknown
  term: Int32Array; // [cells], index into the model's broader terms, -1 unless kind is 1
  labelProbability: Float32Array; // [cells], of the types the label covers; of best when unknown
}

// What does not depend on the error rate.
export interface CellColumns {
  best: Int32Array; // [cells], class
  second: Int32Array; // [cells], class or -1
  probability: Float32Array; // [cells]
  secondProbability: Float32Array; // [cells]
  unknownScore: Float32Array; // [cells], 0 to 1
  undisplacedScore: Float32Array; // [cells], the same by the types' own places in the reference
  map: Float32Array; // [cells x 2]
}

export type LabelColumns = LabelChoice & CellColumns;

export function emptyChoice(cells: number): LabelChoice {
  return { kind: new Uint8Array(cells), term: new Int32Array(cells), labelProbability: new Float32Array(cells) };
}

export function emptyColumns(cells: number): CellColumns {
  return {
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
export function setColumns<Columns extends LabelChoice | CellColumns>(into: Columns, from: Columns, first: number): void {
  for (const name of Object.keys(into) as (keyof Columns)[]) {
    (into[name] as Float32Array).set(from[name] as Float32Array, name === 'map' ? 2 * first : first);
  }
}
