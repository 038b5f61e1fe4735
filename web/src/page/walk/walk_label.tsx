// A label with its mark, as everywhere on the page: a disc for a type, a ring for a broader term, a dotted ring for unknown.
import { assertNever, LabelKind } from '../../protocol';
import { texts } from '../texts';
import type { WalkLabel } from './label_of';

const words = texts.walk;

export function WalkLabelMark({ label, colourOf }: { label: WalkLabel; colourOf: (label: number) => string }) {
  const isUnknown = label.kind === LabelKind.unknown;
  return (
    <span class="walk-label">
      <span class={`dot ${shapeOf(label.kind)}`} style={{ color: colourOf(label.index) }} aria-hidden="true" />
      <strong>{isUnknown ? words.unknown : label.name}</strong>
      {label.kind === LabelKind.broader && <span class="tag">{words.broader}</span>}
    </span>
  );
}

function shapeOf(kind: WalkLabel['kind']): string {
  switch (kind) {
    case LabelKind.type:
      return 'type';
    case LabelKind.broader:
      return 'broader';
    case LabelKind.unknown:
      return 'unknown';
    default:
      return assertNever(kind);
  }
}
