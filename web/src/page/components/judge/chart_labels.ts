// Labels as charts want them.
import type { ChartLabel } from '../../charts/plot';
import { labelColour } from '../../palette';
import { labelName } from '../../state';
import { theme } from '../../theme';

export function chartLabels(labels: readonly number[]): ChartLabel[] {
  return labels.map((label) => ({ name: labelName(label), colour: labelColour(label, theme.value) }));
}
