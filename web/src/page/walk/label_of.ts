// What a cell on its way is called in the end.
import { type BroaderTerm, type CellType, LabelKind, type Walk } from '../../protocol';

export interface WalkLabel {
  index: number; // of the types, then the broader terms; -1: unknown
  kind: (typeof LabelKind)[keyof typeof LabelKind];
  name: string; // of the best type where it is unknown
  probability: number; // of all types the label covers; of the best where it is unknown
}

export function labelOf({ label }: Walk, classes: readonly CellType[], broader: readonly BroaderTerm[]): WalkLabel {
  const [best, term, probability] = [label.best[0]!, label.term[0]!, label.labelProbability[0]!];
  switch (label.kind[0]) {
    case LabelKind.type:
      return { index: best, kind: LabelKind.type, name: classes[best]?.name ?? '', probability };
    case LabelKind.broader:
      return { index: classes.length + term, kind: LabelKind.broader, name: broader[term]?.name ?? '', probability };
    default:
      return { index: -1, kind: LabelKind.unknown, name: classes[best]?.name ?? '', probability };
  }
}

// Places of the largest values, falling.
export function largest(values: ArrayLike<number>, count: number): number[] {
  return Array.from({ length: values.length }, (_, k) => k)
    .sort((a, b) => values[b]! - values[a]! || a - b)
    .slice(0, count);
}
