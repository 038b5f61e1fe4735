import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { cellValues, colourByColumn, colourByGene, colourByProtein, fileProteins, findProteins } from '../actions/colour';
import { layOut, layout } from '../actions/layout';
import { colourBy, pickCell, selectCells } from '../actions/look';
import { findGeneNames, geneNames } from '../actions/judge';
import { canHelpersRead } from '../actions/open_files';
import { choices, type Colouring } from '../choices';
import { decimals, probability } from '../format';
import { CellMap } from '../map/cell_map';
import { coloured, type MapLegend, mapView, showsUmap, wantsUmap } from '../map_view';
import { cssColour } from '../map/ink';
import type { Results } from '../results';
import { cells, confidenceOf, fileStem, isFresh, labelName, pickedCell, run, shown } from '../state';
import { texts } from '../texts';
import { GenePicker } from './gene_picker';
import { Dot, InkMark, KindTag } from './label_mark';

const words = texts.look;

const asksGene = signal(false);

export function MapCard({ results }: { results: Results }) {
  const { legend } = coloured.value;
  const names = legend.kind === 'names' ? legend.names : [];
  // A second layout follows by itself, and waits until somebody wants to see it.
  useEffect(() => {
    if (isFresh.value && (wantsUmap.value || isSoonReadAgain())) void layOut();
  }, [results, isFresh.value]);
  return (
    <section class="card map" aria-labelledby="map-title">
      {asksGene.value && <AskGene />}
      <CellMap
        view={mapView.value}
        picked={pickedCell.value}
        tip={(cell) => <Tip results={results} cell={cell} />}
        onPick={pickCell}
        onSelect={(cells) => selectCells(cells, words.lasso)}
        description={words.description(results.cells, legend.name.toLowerCase())}
        fileName={`${fileStem()}.map`}
        legend={names}
        scale={legend.kind === 'scale' ? { ...legend, low: decimals(legend.low, 1), high: decimals(legend.high, 1) } : null}
      >
        <h3 id="map-title">{words.title}</h3>
        {isFresh.value && <LayoutSelect />}
        {isFresh.value && <ColourSelect />}
      </CellMap>
      {choices.value.colouring.by !== 'label' && <Legend legend={legend} />}
      <p class="quiet">{showsUmap.value ? words.umapHint : words.hint}</p>
    </section>
  );
}

function Tip({ results, cell }: { results: Results; cell: number }) {
  const label = shown.value[cell]!;
  return (
    <>
      <strong>
        <Dot label={label} />
        {labelName(label)} <KindTag label={label} />
      </strong>
      <span>{results.nameOf(cell)}</span>
      <span class="quiet">
        {texts.table.confidence} {probability(confidenceOf(cell))}
      </span>
      <Value cell={cell} />
    </>
  );
}

// Of what the map is coloured by.
function Value({ cell }: { cell: number }) {
  const now = cellValues.value;
  if (now.status !== 'ready' || now.colouring !== choices.value.colouring) return null;
  const { values } = now;
  const text = values.kind === 'numbers' ? decimals(values.values[cell]!, 2) : (values.names[values.code[cell]!] ?? words.missing);
  return (
    <span class="quiet">
      {values.name} {text}
    </span>
  );
}

// The layout has a worker of its own, which may have to read the whole file once more.
const kSoonReadBytes = 50e6;

function isSoonReadAgain(): boolean {
  return canHelpersRead() || (cells.value.status === 'ready' && cells.value.bytes <= kSoonReadBytes);
}

function LayoutSelect() {
  const now = layout.value;
  const onChange = (event: Event) => {
    wantsUmap.value = (event.currentTarget as HTMLSelectElement).value === 'umap';
    if (wantsUmap.value) void layOut();
  };
  return (
    <label class="field">
      <span class="for-screen-readers">{words.layout}</span>
      <select
        id="layout"
        value={wantsUmap.value ? 'umap' : 'model'}
        data-status={now.status}
        onChange={onChange}
      >
        <option value="model">{words.model}</option>
        <option value="umap">{now.status === 'working' ? words.umapWorking(now.share) : words.umap}</option>
      </select>
    </label>
  );
}

// Of the select's options.
function valueOf(colouring: Colouring): string {
  switch (colouring.by) {
    case 'column':
      return `column:${colouring.column}`;
    case 'gene':
      return 'this-gene';
    case 'protein':
      return `protein:${colouring.protein}`;
    default:
      return colouring.by;
  }
}

function ColourSelect() {
  const { colouring } = choices.value;
  const value = valueOf(colouring);
  const proteins = fileProteins.value;
  useEffect(() => void findProteins(), [run.value]);
  const columns = cells.value.status === 'ready' ? cells.value.summary.columns : [];
  const onChange = (event: Event) => {
    const { value: chosen } = event.currentTarget as HTMLSelectElement;
    asksGene.value = chosen === 'gene';
    if (chosen === 'label') colourBy({ by: 'label' }, words.label);
    else if (chosen === 'confidence') colourBy({ by: 'confidence' }, words.confidence);
    else if (chosen === 'unknown') colourBy({ by: 'unknown' }, words.unknown);
    else if (chosen.startsWith('protein:')) void colourByProtein(Number(chosen.slice('protein:'.length)));
    else if (chosen.startsWith('column:')) void colourByColumn(chosen.slice('column:'.length));
  };
  return (
    <label class="field">
      <span>{words.colour}</span>
      <select id="colour-by" value={asksGene.value ? 'gene' : value} onChange={onChange}>
        <option value="label">{words.label}</option>
        <option value="confidence">{words.confidence}</option>
        <option value="unknown">{words.unknown}</option>
        <optgroup label={words.genes}>
          {colouring.by === 'gene' && <option value="this-gene">{colouring.name}</option>}
          <option value="gene">{words.gene}</option>
        </optgroup>
        {proteins && proteins.names.length > 0 && (
          <optgroup label={proteins.areCounts ? words.proteins : words.proteinsAsTheyAre}>
            {proteins.names.map((name, protein) => (
              <option key={name} value={`protein:${protein}`}>
                {name}
              </option>
            ))}
          </optgroup>
        )}
        {columns.length > 0 && (
          <optgroup label={words.columns}>
            {columns.map((name) => (
              <option key={name} value={`column:${name}`}>
                {name}
              </option>
            ))}
          </optgroup>
        )}
      </select>
    </label>
  );
}

function AskGene() {
  useEffect(() => void findGeneNames(), []);
  return (
    <GenePicker
      id="colour-gene"
      button={words.showGene}
      names={geneNames.value}
      onChoose={(gene, name) => {
        asksGene.value = false;
        void colourByGene(gene, name);
      }}
    />
  );
}

function Legend({ legend }: { legend: MapLegend }) {
  const now = cellValues.value;
  if (now.status === 'reading') return <p class="quiet" role="status">{words.reading(now.share)}</p>;
  if (legend.kind === 'scale') {
    const stops = legend.inks.filter((_, k) => k % 32 === 0 || k === legend.inks.length - 1).map(({ colour }) => cssColour(colour));
    return (
      <p class="map-scale" id="map-legend">
        <span>{legend.name}</span>
        <span class="quiet">{decimals(legend.low, 1)}</span>
        <span class="gradient" aria-hidden="true" style={{ background: `linear-gradient(90deg, ${stops.join(', ')})` }} />
        <span class="quiet">{decimals(legend.high, 1)}</span>
      </p>
    );
  }
  return (
    <ul class="map-names" id="map-legend" aria-label={legend.name}>
      {legend.names.map(({ name, ink }) => (
        <li key={name}>
          <InkMark ink={ink} />
          {name}
        </li>
      ))}
      {legend.more > 0 && <li class="quiet">{words.more(legend.more)}</li>}
    </ul>
  );
}
