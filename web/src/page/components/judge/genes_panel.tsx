import { useEffect } from 'preact/hooks';
import { colourByGene, fileProteins, geneValues } from '../../actions/colour';
import { askedGenes, dotPlot, findGeneNames, geneNames, labelProfile, plotGenes, profileLabels } from '../../actions/judge';
import { DotPlot } from '../../charts/dot_plot';
import { Violin } from '../../charts/violin';
import { choices } from '../../choices';
import { fileStem, isHidden, isSelected, shown } from '../../state';
import { texts } from '../../texts';
import { GenePicker } from '../gene_picker';
import { Spinner } from '../spinner';
import { chartLabels } from './chart_labels';

const words = texts.judge;

// Which genes mark which label, and how the values of one are spread.
export function GenesPanel() {
  const [now, plot] = [labelProfile.value, dotPlot.value];
  useEffect(() => void profileLabels(), [shown.value]);
  useEffect(() => void findGeneNames(), []);
  if (now === null || now === 'reading' || !plot) {
    return (
      <section class="card">
        <Spinner label={words.reading} />
      </section>
    );
  }
  const asked = askedGenes.value;
  const showValues = (column: number) => {
    const { gene, name } = plot.genes[column]!;
    void colourByGene(gene, name);
  };
  return (
    <>
      <section class="card">
        <DotPlot
          labels={chartLabels(now.labels)}
          genes={plot.genes.map(({ name, of }) => ({ name, label: of }))}
          means={plot.means}
          fileName={`${fileStem()}.marker_genes`}
          onGene={showValues}
        />
        <GenePicker id="dot-gene" button={words.add} names={geneNames.value} onChoose={(gene) => void plotGenes([...asked, gene])} />
        {asked.length > 0 && (
          <p class="asked">
            {asked.map((gene) => (
              <button key={gene} type="button" class="button" onClick={() => void plotGenes(asked.filter((one) => one !== gene))}>
                {words.remove(geneNames.value[gene] ?? '')}
              </button>
            ))}
          </p>
        )}
      </section>
      <GeneViolin labels={now.labels} />
    </>
  );
}

function GeneViolin({ labels }: { labels: readonly number[] }) {
  const found = geneValues.value;
  if (!found) return <p class="card quiet">{words.violinPick}</p>;
  // Cells that were picked out; of one label alone there would be nothing to compare.
  const selected = choices.value.selection?.kind === 'cells' ? isSelected.value : null;
  const hidden = isHidden.value;
  const groupOf = new Map(labels.map((label, group) => [label, group]));
  const group = shown.value.map((label, cell) => (hidden?.[cell] || (selected && !selected[cell]) ? -1 : (groupOf.get(label) ?? -1)));
  const axis = found.isProtein ? (fileProteins.value?.areCounts === false ? words.asInFile : words.centredLogRatio) : texts.charts.violin.axis;
  return (
    <section class="card">
      <Violin gene={found.name} axis={axis} values={found.values} group={group} labels={chartLabels(labels)} fileName={`${fileStem()}.${found.name}`} />
    </section>
  );
}
