import { LabelKind } from '../../protocol';
import { cssColour, type Ink, outline } from '../map/ink';
import '../map/mark.css';
import { labelInk } from '../palette';
import { labelKind, type ShownKind } from '../state';
import { texts } from '../texts';
import { theme } from '../theme';

const kKinds: Record<ShownKind, string> = {
  [LabelKind.type]: 'type',
  [LabelKind.broader]: 'broader',
  [LabelKind.unknown]: 'unknown',
  own: 'own',
};

// The mark of a label, of the shape and colour that its cells have on the map.
export function Dot({ label }: { label: number }) {
  const kind = labelKind(label);
  return <InkMark ink={labelInk(label, theme.value, { isBroader: kind === LabelKind.broader })} kind={kKinds[kind]} />;
}

export function InkMark({ ink: { colour, shape }, kind = '' }: { ink: Ink; kind?: string }) {
  return (
    <svg class={`dot ${kind}`} viewBox="-1.6 -1.6 3.2 3.2" aria-hidden="true">
      <path d={outline(shape, 0, 0, 1)} fill={cssColour(colour)} fill-rule="evenodd" />
    </svg>
  );
}

export function KindTag({ label }: { label: number }) {
  return labelKind(label) === LabelKind.broader ? <span class="tag">{texts.results.broader}</span> : null;
}
