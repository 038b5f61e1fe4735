import { useEffect } from 'preact/hooks';
import { type LabelProfile, labelProfile, profileLabels } from '../../actions/judge';
import { pickLabel } from '../../actions/look';
import { HeatMap } from '../../charts/heat_map';
import { explains, fileStem, shown } from '../../state';
import { texts } from '../../texts';
import { Spinner } from '../spinner';
import { chartLabels } from './chart_labels';

const words = texts.judge;
const kPatternsPerLabel = 3;

// Which patterns the model looks at in the cells of which label.
export function PatternsPanel() {
  const now = labelProfile.value;
  useEffect(() => void (explains.value && profileLabels()), [shown.value]);
  if (!explains.value) return <p class="card quiet">{words.noPatterns}</p>;
  if (now === null || now === 'reading') {
    return (
      <section class="card">
        <Spinner label={words.reading} />
      </section>
    );
  }
  const columns = tellingPatterns(now);
  const { patternMean } = now.profile;
  const values = now.labels.flatMap((_, row) => columns.map((pattern) => patternMean[row * now.patterns.length + pattern]!));
  return (
    <section class="card">
      <HeatMap
        rows={chartLabels(now.labels)}
        columns={columns.map((pattern) => now.patterns[pattern]!.name)}
        values={values}
        fileName={`${fileStem()}.patterns`}
        onCell={(row) => pickLabel(now.labels[row]!)}
      />
    </section>
  );
}

// Those in which a label stands out most from the mean of all labels, in the order of the labels.
function tellingPatterns({ labels, profile: { patternMean }, patterns }: LabelProfile): number[] {
  const all = [...patterns.keys()];
  const mean = all.map((pattern) => labels.reduce((sum, _, row) => sum + patternMean[row * all.length + pattern]!, 0) / labels.length);
  const chosen = new Set<number>();
  labels.forEach((_, row) => {
    const above = (pattern: number) => patternMean[row * all.length + pattern]! - mean[pattern]!;
    for (const pattern of [...all].sort((a, b) => above(b) - above(a)).slice(0, kPatternsPerLabel)) chosen.add(pattern);
  });
  return [...chosen];
}
