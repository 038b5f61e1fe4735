// Every word the page shows, so that another language is another file like this one.
import type { PromiseSetting, QuerySummary, Verification } from '../protocol';
import { counted, percent, seconds, tiny, whole } from './format';

export const texts = {
  product: 'plkd',
  headline: 'Name the cell types in your data',
  intro: 'Choose a single-cell matrix and a model: every cell gets a label, a confidence and a place on a map.',
  privacy: 'Your files are read by this page, on this computer. Nothing is uploaded.',
  kept: 'It also opens without a network from now on.',

  theme: { toDark: 'Use dark colours', toLight: 'Use light colours' },

  drop: 'Drop your files anywhere on this page',

  cells: {
    title: 'Cells',
    what: 'An .h5ad, .h5 or .loom file, a .csv or .tsv table, or the 10x files (matrix.mtx, barcodes, features), also in a .zip or .tar.gz.',
    choose: 'Choose cells',
    replace: 'Replace cells',
    reading: (name: string) => `Reading ${name}`,
    incomplete: (found: string[], missing: string[]) => `Found ${found.join(', ')}. Now add ${missing.join(' and ')}.`,
    genes: 'genes',
    cells: 'cells',
    medianLibrary: 'median counts per cell',
    medianGenes: 'median genes per cell',
    organism: 'Organism',
    values: 'Values',
    format: 'Format',
    slot: 'Matrix',
    foundSlot: (slot: string) => (slot ? `${slot} (found by itself)` : 'All together'),
    findSlot: 'Find by itself',
  },

  model: {
    title: 'Model',
    what: 'A trained model: one .onnx file made by plkd train.',
    choose: 'Choose a model',
    replace: 'Replace model',
    reading: (name: string) => `Opening ${name}`,
    types: 'cell types',
    genes: 'genes',
    accuracy: 'held-out accuracy',
    macroF1: 'held-out macro F1',
    allTypes: (count: number) => `The ${counted(count, 'type', 'types')} it knows`,
    trainedOn: (count: number) => counted(count, 'reference cell', 'reference cells'),
    madeFor: 'Made for',
    sources: 'Trained on',
    licence: 'Licence',
  },

  match: {
    title: 'Genes in common',
    summary: (matched: number, genes: number) =>
      `${whole(matched)} of the model’s ${whole(genes)} genes are in your data (${percent(matched / genes)})`,
    how: ({ matchedById, matchedBySymbol, matchedByAlias, matchedByOrthologue, merged, geneNames }: QuerySummary) =>
      [
        `${whole(matchedById)} found by Ensembl id, ${whole(matchedBySymbol)} by symbol` +
          `${matchedByAlias > 0 ? `, ${whole(matchedByAlias)} by another name` : ''}` +
          `${matchedByOrthologue > 0 ? `, ${whole(matchedByOrthologue)} by their names in the other organism` : ''}.`,
        geneNames ? `Names are those of the column ${geneNames}, which fits the model better.` : '',
        merged > 0 ? `${counted(merged, 'gene', 'genes')} of your data with a repeated name were added up.` : '',
      ].join(' '),
    mapped: 'Genes of another organism stand for the model’s: labels are an approximation, and nothing is promised for them.',
    refused: 'This model does not fit these cells',
    mapOrthologues: (from: string, to: string) => `Map ${from} genes to ${to}`,
    anyway: 'Annotate anyway',
    forced: 'You chose to annotate all the same; labels may be noise.',
    matching: 'Comparing genes and looking at the values',
    missing: (count: number) => `${counted(count, 'gene', 'genes')} of the model not in your data`,
    more: (count: number) => `and ${whole(count)} more`,
  },

  run: {
    annotate: 'Annotate',
    annotateCells: (cells: number) => `Annotate ${counted(cells, 'cell', 'cells')}`,
    again: 'Annotate again',
    cancel: 'Cancel',
    cancelled: 'Stopped. Nothing was kept; press Annotate to start again.',
    needBoth: 'Choose cells and a model to begin.',
    needCells: 'Choose cells to begin.',
    needModel: 'Now choose a model.',
    needRemedy: 'These cells do not fit the model: see the ways out above.',
    needType: 'Leave at least one type possible.',
    needMatch: 'This model does not fit these cells. Replace one of them.',
    engine: 'Engine',
    engines: { auto: 'Automatic', wasm: 'WebAssembly', webgpu: 'WebGPU' },
    adapting: 'Adapting to this file',
    starting: 'Starting',
    progress: 'Annotation progress',
    done: (done: number, total: number) => `${whole(done)} of ${counted(total, 'cell', 'cells')}`,
    rate: (cellsPerSecond: number) => `${whole(cellsPerSecond)} cells/s`,
    left: (left: number) => `${seconds(left)} left`,
    finished: (cells: number) => `Finished: ${counted(cells, 'cell', 'cells')} annotated.`,
  },

  settings: {
    title: 'Settings',
    errorRate: 'Accepted error rate',
    errorRateOption: (target: number) => `${Number((100 * target).toPrecision(2))} %`,
    errorRateHelp: ({ coverage, broader, error }: PromiseSetting) =>
      `On held-out cells of the reference ${percent(coverage)} got a label` +
      `${broader > 0 ? ` (${percent(broader)} a broader term)` : ''}, of which ${percent(error)} were wrong. ` +
      'A lower rate gives fewer and broader labels.',
    noPromise: 'Accepted error rate: this model promises none, because it was trained with too few held-out cells to measure one.',
    adapt: 'Adapt to this file',
    adaptHelp:
      'Scales each gene to the model’s reference, for cells of another chemistry; not for a file that mixes technologies, ' +
      'unless a column tells them apart.',
    cannotAdapt: 'This model keeps no class means, so it cannot adapt: use one trained with a present version of plkd.',
    types: (possible: number, all: number) =>
      possible === all ? `Types that can occur here: all ${whole(all)}` : `Types that can occur here: ${whole(possible)} of ${whole(all)}`,
    typesHelp: 'Untick what cannot be in your tissue: those types are not given, and the others share their probability.',
    allTypes: 'All',
    noTypes: 'None',
    batches: {
      label: 'Batches',
      finding: 'Looking for columns that tell batches apart',
      none: 'This file has no column that tells batches apart, so all its cells are taken for one.',
      noColumn: 'All cells are one batch',
      option: (name: string, batches: number) => `${name} (${counted(batches, 'batch', 'batches')})`,
    },
  },

  promise: {
    title: 'What is promised',
    forced: 'Every cell has the label of its best type, sure or not: nothing is promised.',
  },

  engine: {
    wasm: (workers: number) => `C++ in WebAssembly, ${counted(workers, 'worker', 'workers')}`,
    webgpu: (adapter: string) => `onnxruntime on WebGPU${adapter ? ` (${adapter})` : ''}`,
    mixed: (first: string, second: string) => `${first}, and ${second}`,
    chosen: 'The engine is the one you chose.',
    noAdapter: 'WebGPU not used: this browser offers no graphics adapter.',
    software: 'WebGPU not used: the only graphics adapter is emulated on the processor.',
    soonDone: 'WebGPU not used: this finished before it would have loaded.',
    measured: (gpu: number, wasm: number) =>
      `On your first cells WebGPU reached ${whole(gpu)} cells/s and WebAssembly ${whole(wasm)}.`,
    failed: (message: string) => `WebGPU could not be used (${message}); WebAssembly took over.`,
    timeout: 'the graphics card did not answer in time',
  },

  results: {
    title: 'Results',
    summary: (cells: number, time: number) => `${counted(cells, 'cell', 'cells')} in ${seconds(time)}`,
    how: (cellsPerSecond: number, engine: string) => `${whole(cellsPerSecond)} cells/s with ${engine}.`,
    download: { csv: 'Download CSV', h5ad: 'Annotated h5ad', receipt: 'Receipt' },
    downloadHint: {
      csv: 'One line a cell, for any spreadsheet or program.',
      h5ad: 'Your own file with the labels as columns of obs; all else stays as it was. Of another format, a new h5ad.',
      receipt: 'What the labels followed from. plkd verify --receipt makes them again and compares.',
    },
    writing: (share: number) => (share < 1 ? `Reading the cells once more (${percent(share)})` : 'Writing'),
    stopWriting: 'Stop',
    written: (file: string) => `${file} is written.`,
    tooLarge: (file: string) => `${file}: too large to be turned into an h5ad in a browser`,
    tooLargeHint: 'download the CSV, or use plkd annotate --out mine.h5ad',
    labelAll: 'Label every cell',
    labelAllHint: 'Off: an unsure cell gets a broader term, and a cell unlike all types of the model is called unknown.',
    outdated: 'These results were made with other settings. Press Annotate to use the new ones.',
    adapted: (column: string) => (column ? `Adapted to this file, each ${column} by itself.` : 'Adapted to this file.'),
    broader: 'broader term',
    unknown: 'unknown',
    stale: 'These results are from before you changed the files.',
  },

  counts: {
    title: 'Cells per label',
    showAll: 'Show all',
    pick: (label: string) => `Show only ${label}`,
    kinds: (types: number, broader: number, unknown: number) =>
      [
        `${counted(types, 'cell', 'cells')} with a type`,
        ...(broader > 0 ? [`${whole(broader)} with a broader term, their type unsure`] : []),
        ...(unknown > 0 ? [`${whole(unknown)} unknown`] : []),
      ].join('; '),
  },

  map: {
    title: 'Map',
    description: (cells: number) =>
      `Map of ${counted(cells, 'cell', 'cells')}, coloured by label. The table lists the same cells.`,
    hint: 'Cells that look alike to the model lie close together. Point at a cell to see what it is; click or touch it to see why.',
  },

  table: {
    title: 'Cells',
    cell: 'Cell',
    label: 'Label',
    ontology: 'Ontology id',
    confidence: 'Confidence',
    second: 'Second label',
    hint: 'Arrow keys choose a cell; why it has its label is shown beside the table.',
    broaderOption: (label: string) => `${label} (broader term)`,
    search: 'Search a cell or a label',
    filter: 'Label',
    allLabels: 'All labels',
    shown: (shown: number, all: number) =>
      shown === all ? counted(all, 'cell', 'cells') : `${whole(shown)} of ${whole(all)} cells`,
    empty: 'No cell fits this search.',
    nearest: (label: string) => `nearest: ${label}`,
  },

  why: {
    title: 'Why this label',
    hint: 'Choose a cell in the table or on the map, or a label, to see the patterns behind it.',
    ofCell:
      'A score says how active the pattern is in this cell and how much the model looks at it, in standard deviations of the ' +
      'reference: positive is expressed, negative is absent.',
    ofLabel: (cells: number) =>
      `Patterns that mark this label among ${counted(cells, 'cell', 'cells')}: the bar is the difference of its mean score from ` +
      'all other cells, in standard deviations of the reference.',
    none: 'This model has no patterns, so it cannot say why. Train it with patterns and a Teacher to see them here.',
    noMarkers: 'No pattern marks this label clearly: too few of its cells are in the file, or they are like the others.',
    reading: 'Comparing patterns',
    said: (patterns: string[]) => (patterns.length > 0 ? `Strongest patterns: ${patterns.slice(0, 3).join('; ')}.` : ''),
    covers: (types: string[]) => `Its type is unsure: ${types.join(', ')}.`,
    close: 'Close',
    genes: 'Top genes',
    auc: (value: number) => `AUC ${value.toFixed(2)}`,
  },

  vote: {
    title: 'Your own clusters',
    explain: 'Each cluster of a column in your file gets the label that more than half of its cells have, or a broader term that they share.',
    look: 'Look for columns',
    columns: {
      label: 'Clusters',
      finding: 'Looking for columns with clusters',
      none: 'This file has no column that tells clusters apart.',
      noColumn: 'None',
      option: (name: string, groups: number) => `${name} (${counted(groups, 'cluster', 'clusters')})`,
    },
    cluster: 'Cluster',
    cells: 'Cells',
    label: 'Label by majority',
    agree: 'Agree',
    noMajority: 'no majority',
    written: 'The files you download from now on have these labels beside those of the cells.',
  },

  command: {
    title: 'The same on the command line',
    copy: 'Copy',
    copied: 'The command is copied.',
  },

  verify: {
    title: 'Do two engines agree?',
    explain: 'Verify runs the same cells through this page’s own C++ and through onnxruntime, and compares every number.',
    button: 'Verify',
    running: 'Comparing',
    result: ({ cells, sameLabels }: Verification) =>
      sameLabels === cells
        ? `The same label for all ${counted(cells, 'cell', 'cells')}.`
        : `The same label for ${whole(sameLabels)} of ${counted(cells, 'cell', 'cells')}.`,
    probability: (value: number) => `Largest difference of a probability ${tiny(value)}`,
    logit: (value: number) => `of a logit ${tiny(value)}`,
    device: ({ device, deviceName }: Verification) =>
      device === 'webgpu'
        ? `onnxruntime on WebGPU${deviceName ? ` (${deviceName})` : ''}`
        : 'onnxruntime on the processor (this browser offers no WebGPU)',
  },

  example: {
    button: (title: string) => `Try the example: ${title}`,
    loading: 'Loading the example',
    missing: (file: string) => `${file}: the example's file could not be loaded`,
    missingHint: 'reload the page, or use your own files',
  },

  problem: {
    title: 'That did not work',
    remedy: 'What to do:',
    dismiss: 'Dismiss',
    workerStopped: 'the annotation engine stopped unexpectedly',
    workerStoppedHint: 'try again; if it happens again, the file may need more memory than this browser gives',
    tooManyModels: (names: string[]) => `${names.join(', ')}: more than one model was given`,
    tooManyModelsHint: 'drop one .onnx file at a time',
    tooManyCells: (names: string[]) => `${names.join(', ')}: more than one matrix was given`,
    tooManyCellsHint: 'drop one file, or one set of 10x files',
    bug: 'this should not happen; please report it',
  },
};
