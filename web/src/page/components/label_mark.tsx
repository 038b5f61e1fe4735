import { LabelKind } from '../../protocol';
import { labelColour } from '../palette';
import { labelKind } from '../state';
import { texts } from '../texts';
import { theme } from '../theme';

const kShapes = { [LabelKind.type]: 'type', [LabelKind.broader]: 'broader', [LabelKind.unknown]: 'unknown' } as const;

// The mark of a label, as on the map: a disc for a type, a ring for a broader term, a dashed ring for unknown.
export function Dot({ label }: { label: number }) {
  const style = { color: labelColour(label, theme.value) };
  return <span class={`dot ${kShapes[labelKind(label)]}`} style={style} aria-hidden="true" />;
}

export function KindTag({ label }: { label: number }) {
  return labelKind(label) === LabelKind.broader ? <span class="tag">{texts.results.broader}</span> : null;
}
