// Every word the page shows, so that another language is another file like this one. To add one: copy this file, translate,
// list it in ../texts.ts.
import type { ModalityMatch, OrtReady, OtherModality, Promised, QuerySummary, Verification } from '../../protocol';
import type { Change } from '../choices';
import { counted, decimals, percent, seconds, tiny, whole } from '../format';
import { language } from '../language';

function englishModality(name: string): string {
  return { rna: 'RNA', adt: 'proteins', atac: 'chromatin' }[name] ?? name;
}

export const english = {
  product: 'plkd',
  headline: 'Name the cell types in your data',
  intro: 'Choose a single-cell matrix and a model: every cell gets a label, a confidence and a place on a map.',
  privacy: 'Your files are read by this page, on this computer. Nothing is uploaded.',
  kept: 'It also opens without a network from now on.',

  language: 'Language',

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
    alsoMeasured: 'Also measured',
    modality: ({ name, features, where, isotypes, hashtags, unfit }: OtherModality) =>
      [
        `${whole(features)} ${name === 'adt' ? 'proteins' : 'stretches of chromatin'} (${where})`,
        isotypes.length > 0 && `without ${counted(isotypes.length, 'isotype control', 'isotype controls')}`,
        hashtags.length > 0 && `without ${counted(hashtags.length, 'hashtag', 'hashtags')}`,
        unfit && 'normalised already, so no model takes them',
      ]
        .filter(Boolean)
        .join(', '),
    slot: 'Matrix',
    foundSlot: (slot: string) => (slot ? `${slot} (found by itself)` : 'All together'),
    findSlot: 'Find by itself',
  },

  model: {
    title: 'Model',
    what: 'A trained model: one .onnx file made by plkd train. Choose your cells first, and the model beside this page that fits them best is taken.',
    choose: 'Choose a model',
    replace: 'Replace model',
    reading: (name: string) => `Opening ${name}`,
    types: 'cell types',
    inputs: (name: string) => ({ rna: 'genes', adt: 'proteins', atac: 'stretches of chromatin' })[name] ?? name,
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

  modalities: {
    title: 'What the model takes',
    list: (names: readonly string[]) => names.map(englishModality).join(' + '),
    used: (used: readonly ModalityMatch[]) =>
      `Used: ${used.map(({ name, matched, features }) => `${englishModality(name)} (${whole(matched)} of ${whole(features)}${name === 'rna' ? ' genes' : ''})`).join(', ')}`,
    setAside: (modalities: readonly ModalityMatch[]) => `Set aside: ${modalities.map(({ name }) => englishModality(name)).join(', ')}`,
    missing: (modalities: readonly ModalityMatch[]) =>
      `Missing: ${modalities
        .map(({ name, where, matched, features, unfit }) =>
          `${englishModality(name)}${where && !unfit ? ` (only ${whole(matched)} of ${whole(features)} in ${where})` : ''}`)
        .join(', ')}`,
    use: (name: string) => `Use ${englishModality(name)}`,
    where: (where: string) => `In ${where}.`,
    passedOver: (places: readonly string[]) => `It has more of what the model takes than ${places.join(', ')}, or has counts.`,
    controls: (names: readonly string[]) => `Left out, because they are no proteins of the cell: ${names.join(', ')}.`,
    featuresMissing: (name: string, count: number) =>
      `${name === 'adt' ? counted(count, 'protein', 'proteins') : counted(count, 'stretch', 'stretches')} of the model not in your data`,
    completed: 'They are taken to be as in a typical cell of the reference.',
    notMeasured: 'The model was not tried on cells with just these, so nothing is promised for their labels.',
    scores: (rate: string) => `Held-out cells of the reference, by what was measured, at an accepted error rate of ${rate}`,
    measured: 'Measured',
    right: 'Best type right',
    labelled: 'Labelled',
    wrong: 'of these wrong',
    usedHere: '(used here)',
    by: (used: readonly ModalityMatch[]) =>
      `Labelled by ${used.map(({ name }) => englishModality(name)).join(' and ')}.`,
    sure: (accuracy: string, coverage: string) =>
      [accuracy && `the best type is right for ${accuracy}`, coverage && `${coverage} get a label`].filter(Boolean).join(' and '),
    calibrated: (sure: string) => `Calibrated on held-out cells with just that${sure ? `: ${sure}` : ''}.`,
    ofAll: (sure: string) => (sure ? `With all that the model takes ${sure}.` : ''),
    changed: (changed: string, cells: string, before: readonly string[]) =>
      `${changed} of ${cells} cells have another label than ${before.length === 0 ? 'with all modalities' : `without ${before.map(englishModality).join(' and ')}`}.`,
    annotateWithout: (name: string) => `Annotate without ${englishModality(name)}`,
    annotateWith: (name: string) => `Annotate with ${englishModality(name)}`,
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
    cautious: 'cautious',
    bold: 'bold',
    errorRateHelp: (labelled: string, broader: string, wrong: string) =>
      `On held-out cells of the reference ${labelled} got a label${broader ? ` (${broader} a broader term)` : ''}, of which ${wrong} were ` +
      'wrong. More cautious gives fewer and broader labels.',
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
    statement: ({ statement }: Promised) => `${statement}.`,
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
    growing: 'Labels so far',
    tabs: {
      label: 'Results in detail',
      cells: 'Cells',
      labels: 'Labels',
      genes: 'Genes',
      patterns: 'Patterns',
      own: 'Your labels',
      unknown: 'Unknown',
      decisions: 'Decisions',
      how: 'How it works',
      again: 'Reproduce',
    },
    stale: 'These results are from before you changed the files.',
  },

  counts: {
    title: 'Cells per label',
    showAll: 'Show all',
    pick: (label: string) => `Select ${label}`,
    search: 'Find a label',
    nothing: 'No label has this name.',
    selected: (selected: number, all: number) => `${whole(selected)} of ${whole(all)}`,
    hide: (label: string) => `Hide ${label} on the map and in the table`,
    unhide: (label: string) => `Show ${label} again`,
    unhideAll: 'Show hidden ones',
    kinds: (types: number, broader: number, unknown: number) =>
      [
        `${counted(types, 'cell', 'cells')} with a type`,
        ...(broader > 0 ? [`${whole(broader)} with a broader term, their type unsure`] : []),
        ...(unknown > 0 ? [`${whole(unknown)} unknown`] : []),
      ].join('; '),
  },

  map: {
    tools: 'Tools of the map',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    whole: 'Whole map',
    lasso: 'Select cells by drawing around them',
    savePng: 'Save this view as a PNG picture',
    saveSvg: 'Save this view as an SVG drawing',
    lassoHint: 'Draw around the cells you want.',
    wheelHint: (key: string) => `To zoom, click the map first or hold ${key}.`,
    keys:
      'Arrow keys move a zoomed map, plus and minus zoom, 0 shows the whole map, Enter picks the cell nearest to the middle. ' +
      'L starts a selection: draw around cells, or press Enter to select all cells in sight; Escape ends it.',
    exportRefused: 'This browser could not make the picture. Make the window smaller and save again.',
  },

  table: {
    title: 'One by one',
    cell: 'Cell',
    label: 'Label',
    ontology: 'Ontology id',
    confidence: 'Confidence',
    second: 'Second label',
    hint: 'Arrow keys choose a cell; why it has its label is shown beside the table.',
    broaderOption: (label: string) => `${label} (broader term)`,
    search: 'Search a cell or a label',
    filter: 'Label',
    sort: (column: string) => `Sort by ${column.toLowerCase()}`,
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
    selection: (cells: number, what: string) => `${counted(cells, 'cell', 'cells')}: ${what}`,
    ofGroup: (cells: number) =>
      `Patterns that mark these cells among ${counted(cells, 'cell', 'cells')}: the bar is the difference of its mean score from ` +
      'all other cells, in standard deviations of the reference.',
    none: 'This model has no patterns, so it cannot say why. Train it with patterns and a Teacher to see them here.',
    noMarkers: 'No pattern marks these cells clearly: they are too few, or like the others.',
    reading: 'Comparing patterns',
    said: (patterns: string[]) => (patterns.length > 0 ? `Strongest patterns: ${patterns.slice(0, 3).join('; ')}.` : ''),
    covers: (types: string[]) => `Its type is unsure: ${types.join(', ')}.`,
    close: 'Close',
    genes: 'Top genes',
    auc: (value: number) => `AUC ${decimals(value, 2)}`,
  },

  look: {
    title: 'Map',
    colour: 'Colour by',
    label: 'Label',
    confidence: 'Confidence',
    unknown: 'How unlike the reference',
    genes: 'Genes',
    gene: 'A gene …',
    proteins: 'Proteins',
    proteinsAsTheyAre: 'Proteins, values as in your file',
    ofProtein: (name: string) => `${name} protein`,
    columns: 'Columns of your file',
    geneName: 'Gene',
    geneHint: 'a name as in your file',
    noGene: (name: string) => `Your file has no gene called ${name}.`,
    showGene: 'Show',
    reading: (share: number) => `Reading values (${percent(share)})`,
    layout: 'Layout',
    model: 'Model’s map',
    umap: 'UMAP',
    umapWorking: (share: number) => `UMAP (${percent(share)})`,
    umapHint: 'The model’s map is the same for every file, so files can be compared. A UMAP spreads these cells out by their neighbours; distances between far groups mean little.',
    lasso: 'outlined on the map',
    description: (cells: number, by: string) =>
      `Map of ${counted(cells, 'cell', 'cells')}, coloured by ${by}. The table lists the same cells; the list of labels says how many each has.`,
    hint: 'Cells that look alike to the model lie close together. Point at a cell to see what it is; click or touch it to see why.',
    missing: 'no value',
    more: (count: number) => `and ${whole(count)} more, in grey`,
  },

  selection: {
    title: 'Selected cells',
    count: (cells: number, what: string) => `${counted(cells, 'cell', 'cells')} selected${what ? ` (${what})` : ''}`,
    said: (cells: number) => (cells > 0 ? `${counted(cells, 'cell', 'cells')} selected.` : 'Nothing selected.'),
    name: 'Call them',
    apply: 'Name',
    clear: 'Select nothing',
    confusion: (own: string, label: string) => `${own}, labelled ${label}`,
    group: (number: number) => `unknown group ${whole(number)}`,
  },

  judge: {
    centredLogRatio: 'centred log-ratio of the counts',
    asInFile: 'values as in your file',
    reading: 'Looking at the genes of every label',
    // the labels of a file, one by one
    reviewTitle: 'Review the labels',
    reviewHint: 'The most doubtful label comes first. Accept what is right; rename what you call otherwise. Nothing here changes the model’s own labels: your names go beside them.',
    accept: 'Accept',
    accepted: 'Accepted',
    acceptNamed: (label: string) => `Accept ${label}`,
    rename: 'Your name for it',
    renameHint: 'Enter keeps it; empty takes it back.',
    cells: 'cells',
    mean: 'mean confidence',
    nearest: 'Nearest other label',
    nearestOf: (label: string, share: string) => `${label}, second choice for ${share} of its cells`,
    noNearest: 'None: the model knows no other type.',
    confidence: (label: string) => `How sure: ${label}`,
    confidenceHelp: 'How many of its cells have which confidence. A hill at the right is a clear label; a flat line is a mixed one.',
    topGenes: 'Genes that mark it',
    topGenesHelp: 'More expressed than in all other cells (Welch’s t-test on log-normalised counts).',
    noGenes: 'No gene marks it clearly: too few of its cells are in the file, or they are like the others.',
    shares: (inside: string, outside: string) => `in ${inside} of its cells, ${outside} of the others`,
    topPatterns: 'Patterns that mark it',
    gene: (name: string, inside: string, outside: string) => `${name}: in ${inside} of its cells, ${outside} of the others`,
    // genes
    add: 'Add',
    remove: (gene: string) => `Remove ${gene}`,
    violinPick: 'Choose a gene above, or click one in the plot of marker genes, to see how its values are spread.',
    // patterns
    noPatterns: 'This model has no patterns. Train it with patterns and a Teacher to see them here.',
    // own labels
    compareTitle: 'Compare with a column of yours',
    compareHelp: 'Rows are the values of a column in your file, columns our labels. Click a square to select its cells.',
    compareColumn: {
      label: 'Column',
      finding: 'Looking for columns with labels',
      none: 'This file has no column that tells groups of cells apart.',
      noColumn: 'Choose one',
      option: (name: string, groups: number) => `${name} (${counted(groups, 'value', 'values')})`,
    },
    lookForColumns: 'Look for columns',
    missingValue: 'no value',
    // unknown cells
    unknownTitle: 'Cells that were called unknown',
    unknownHelp: 'They are unlike every type of the model, or no label is sure enough. Grouped by likeness to each other, they may be a type that the model lacks, doublets, or debris.',
    noUnknown: 'No cell is unknown at this setting.',
    unknownReading: 'Grouping the unknown cells',
    group: (number: number) => `Group ${whole(number)}`,
    groupCells: (cells: number) => counted(cells, 'cell', 'cells'),
    groupNearest: 'nearest',
    groupCounts: (counts: string, genes: string) => `median ${counts} counts and ${genes} genes a cell`,
    groupPoor: 'few counts: perhaps debris',
    groupRich: 'many counts: perhaps doublets',
    groupGenes: 'marked by',
    selectGroup: 'Select',
  },

  decisions: {
    title: 'What you decided',
    explain: 'Kept in this browser for this file and this model. The session file holds the same, to go on elsewhere: no counts and no names of cells.',
    none: 'Nothing yet: every label is the model’s.',
    save: 'Save session',
    load: 'Open a session',
    undo: (what: string) => `Undo: ${what}`,
    redo: (what: string) => `Redo: ${what}`,
    nothingToUndo: 'Nothing to undo',
    nothingToRedo: 'Nothing to redo',
    undone: (what: string) => `Undone: ${what}`,
    redone: (what: string) => `Redone: ${what}`,
    what: (change: Change): string => {
      switch (change.kind) {
        case 'errorRate':
          return `accept ${percent(change.rate)} wrong labels`;
        case 'labelAll':
          return change.isOn ? 'label every cell' : 'allow unsure cells to be unknown';
        case 'possible':
          return `${change.isPossible ? 'allow' : 'exclude'} ${change.types.join(', ')}`;
        case 'modality':
          return `${change.isUsed ? 'use' : 'set aside'} ${englishModality(change.name)}`;
        case 'adapt':
          return change.isOn ? 'adapt to this file' : 'do not adapt';
        case 'batches':
          return change.column ? `batches by ${change.column}` : 'all cells are one batch';
        case 'clusters':
          return change.column ? `vote within ${change.column}` : 'no vote';
        case 'rename':
          return change.name === change.label ? `${change.label} keeps its name` : `call ${change.label} ${change.name}`;
        case 'accept':
          return change.isOn ? `accept ${change.label}` : `take back the acceptance of ${change.label}`;
        case 'assign':
          return `call ${counted(change.cells, 'cell', 'cells')} ${change.name}`;
        case 'select':
          return change.what ? `select ${change.what}` : 'select nothing';
        case 'hide':
          return `${change.isHidden ? 'hide' : 'show'} ${change.labels.join(', ')}`;
        case 'colour':
          return `colour by ${change.by}`;
      }
    },
  },

  session: {
    restored: (saved: Date) => `Your decisions of ${saved.toLocaleDateString(language.value)} about this file were taken up again.`,
    needs: (cells: string, model: string) => `This session is about ${cells} and the model ${model}: open both, and it is taken up.`,
    startAfresh: 'Start afresh',
    unreadable: (file: string) => `${file}: not a session of this page`,
    unreadableHint: 'open a file that Save session wrote',
  },

  gallery: {
    title: (count: number) => `${counted(count, 'model', 'models')} beside this page`,
    others: 'Other models',
    made: (organism: string, tissue: string) => [organism, tissue].filter(Boolean).join(', '),
    types: (count: number) => counted(count, 'type', 'types'),
    score: (macroF1: string) => `held-out F1 ${macroF1}`,
    stored: 'stored',
    which: 'What it knows',
    learnt: (cells: string, genes: string, licence: string) => `Learnt from ${cells} cells and ${genes} genes; licence ${licence}.`,
    use: 'Use',
    useNamed: (name: string) => `Use the model ${name}`,
    inUse: 'In use',
    loading: 'Loading',
    trying: (name: string) => `Trying ${name} on some of your cells`,
    best: (name: string, genes: string, likeness: string) =>
      `${name} fits best: your cells have ${genes} of its genes, and their likeness to its reference is ${likeness} (100 %: as its own). You can choose another.`,
    noneFits: 'None of the models here fits these cells well: choose one of your own, or look at why each does not.',
    fit: (genes: string, likeness: string) => `${genes} of its genes, likeness ${likeness}`,
    misfit: (genes: string) => `does not fit (${genes} of its genes)`,
    suggested: (name: string) => `${name} was chosen, because it fits these cells best.`,
    copyLink: 'Copy a link to this page with it',
    linkCopied: 'The link is copied.',
    missing: (file: string) => `${file}: the model could not be loaded`,
    missingHint: 'look at the address, or drop the model file on the page',
    elsewhere: (link: string) => `${link}: lies on another host, and this page connects to none`,
    elsewhereHint: 'download the model there and drop it on the page',
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

  teacher: {
    ready: (file: string) => `With its Teacher (${file}): choose a cell or cells, and ask it which patterns it looks at.`,
    waiting: (file: string) => `${file} is a Teacher; it waits for the model that it belongs to.`,
    ask: 'Ask the Teacher',
    explain: 'The scores above are the Student’s guess. The Teacher itself says how much it looks at each pattern; that takes longer.',
    starting: 'Calling the Teacher',
    reading: (done: number, cells: number) => `The Teacher has read ${whole(done)} of ${counted(cells, 'cell', 'cells')}`,
    cancel: 'Cancel',
    title: 'What the Teacher looks at',
    answer: (cells: number, of: number) =>
      `Share of its attention, ${cells === 1 ? 'in this cell' : `mean of ${counted(cells, 'cell', 'cells')}`}` +
      `${cells < of ? ` out of ${whole(of)}` : ''}. A score is the Student’s for the same cells.`,
    student: (score: string) => `score ${score}`,
    engine: ({ device, name }: OrtReady) =>
      device === 'webgpu' ? `onnxruntime on WebGPU${name ? ` (${name})` : ''}` : 'onnxruntime on the processor',
    failed: (message: string) => `WebGPU could not be used (${message}).`,
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

  charts: {
    asTable: 'As a table',
    tableOf: (title: string) => `${title}: the numbers`,
    svg: 'SVG',
    png: 'PNG',
    saveSvg: (title: string) => `Save as SVG: ${title}`,
    savePng: (title: string) => `Save as PNG: ${title}`,
    empty: 'There is nothing to show here yet.',
    histogram: {
      cell: 'cell',
      cells: 'cells',
      cellsHead: 'Cells',
      share: 'Share',
      range: (low: string, high: string) => `${low} to ${high}`,
      summary: (title: string, cells: number, peak: string, share: number) =>
        `${title}: histogram of ${counted(cells, 'cell', 'cells')}; most are at ${peak} (${percent(share)}).`,
    },
    dotPlot: {
      title: 'Marker genes',
      explanation:
        'The larger a dot, the more cells of the label have the gene at all; the stronger its colour, the more of it they have on average. ' +
        'Each gene’s colours go from the label with least to the label with most.',
      choose: 'Choose a gene to see it in every cell.',
      label: 'Label',
      tip: (gene: string, label: string) => `${gene} in ${label}`,
      mean: (value: number) => `mean expression ${decimals(value, 2)}`,
      share: (value: number) => `in ${percent(value)} of its cells`,
      sizes: 'Cells that have the gene',
      colours: 'Mean expression, by gene',
      least: 'least',
      most: 'most',
      summary: (labels: number, genes: number) =>
        `Dot plot of ${counted(genes, 'gene', 'genes')} in ${counted(labels, 'label', 'labels')}; its numbers are in the table below.`,
    },
    heatMap: {
      title: 'Patterns by label',
      explanation:
        'Warm: the genes of this pattern are more active in the label’s cells than on average; cold: less. ' +
        'The scale is in standard deviations: beyond 2 is rare.',
      choose: 'Choose a square to select the label’s cells.',
      label: 'Label',
      legend: 'Standard deviations from the average',
      average: '0',
      atMost: (limit: number) => `≤ −${decimals(-limit, 1)}`,
      atLeast: (limit: number) => `≥ +${decimals(limit, 1)}`,
      value: (value: number) => `${value < 0 ? '−' : '+'}${decimals(Math.abs(value), 2)} standard deviations`,
      notKnown: 'not known',
      cell: (pattern: string, label: string, value: string) => `${pattern} in ${label}: ${value}`,
      summary: (labels: number, patterns: number) =>
        `Heat map of ${counted(patterns, 'pattern', 'patterns')} in ${counted(labels, 'label', 'labels')}; its numbers are in the table below.`,
    },
    violin: {
      title: (gene: string) => `${gene} by label`,
      explanation:
        'The shape shows how much the cells have that have any: it is thick where many cells are. ' +
        'The circle is their median, the line holds their middle half. At the left: the share of cells without a single count.',
      zeros: 'No counts',
      axis: 'log-normalised expression',
      shortAxis: 'expression',
      noCells: 'no cells',
      label: 'Label',
      cells: 'Cells',
      lower: 'Lower quartile',
      middle: 'Median',
      upper: 'Upper quartile',
      without: (share: string, cells: number) => `${share} of ${counted(cells, 'cell', 'cells')} have no counts`,
      median: (value: number) => `median of the others ${decimals(value, 2)}`,
      quartiles: (lower: number, upper: number) => `middle half ${decimals(lower, 2)} to ${decimals(upper, 2)}`,
      summary: (gene: string, labels: number, highest: string) =>
        `Expression of ${gene} in ${counted(labels, 'label', 'labels')}; highest in ${highest}.`,
    },
    confusion: {
      title: 'Your labels and ours',
      explanation:
        'A row is a label of your file, a column one of ours, a number the cells that have both; the colour is its share of the row. ' +
        'Outlined: our label of the same meaning, or else the one most cells of the row have. The agreement is its share.',
      choose: 'Choose a number to see those cells.',
      own: 'Your label',
      cells: 'Cells',
      agreement: 'Agree',
      cellUnit: 'cell',
      cellsUnit: 'cells',
      legend: 'Share of the row',
      cell: (own: string, ours: string, count: number, share: number) =>
        `${own} → ${ours}: ${counted(count, 'cell', 'cells')}, ${percent(share)} of the row`,
    },
    line: {
      summary: (title: string, first: string, from: string, last: string, to: string) => `${title}: ${first} at ${from}, ${last} at ${to}.`,
    },
  },

  walk: {
    title: 'How it works',
    explanation: 'From the counts of one cell to its name, in the five steps the model takes.',
    cell: (name: string) => `Cell ${name}`,
    another: 'Another cell',
    waiting: 'Following the cell',
    steps: { counts: 'Counts', normalised: 'Normalised', patterns: 'Patterns', hidden: 'Hidden layer', probabilities: 'Probabilities' },
    next: 'Next',
    back: 'Back',
    again: 'From the start',
    place: (step: number, steps: number) => `Step ${whole(step)} of ${whole(steps)}`,
    unknown: 'Unknown',
    broader: 'broader term',
    counts: {
      first: 'The sequencer read the RNA of this cell. Every molecule that was recognised counts once for its gene.',
      second: 'These are its strongest genes. Most genes have no count at all: they are silent, or were missed.',
      library: 'counts in all, the library size',
      detected: (all: number, share: number) => `genes seen, of ${whole(all)} (${percent(share)})`,
      none: 'None of the genes that the model knows is left in this cell.',
    },
    normalised: {
      first: (target: number | null) =>
        'Two equal cells can give very different numbers of counts, by chance. So each gene is divided by the library size' +
        (target === null ? '.' : ` and multiplied by ${whole(target)}, as if every cell had given ${whole(target)} counts.`),
      second: 'Then the logarithm of 1 + x is taken, so that a few very strong genes do not drown all others. Zero stays zero.',
      example: (gene: string, count: number, library: number, scaled: number, target: number, value: number) =>
        `${gene}: ${whole(count)} of ${whole(library)} counts are ${whole(scaled)} of ${whole(target)}, and log(1 + ${whole(scaled)}) is ${decimals(value, 2)}.`,
      gene: 'Gene',
      count: 'Counts',
      of: (target: number) => `of ${whole(target)}`,
      log: 'log(1 + x)',
    },
    patterns: {
      first: (patterns: number) =>
        `A pattern is a set of genes that work together, such as those of one response or one cell part. The model knows ${whole(patterns)}.`,
      second:
        'A score says how active a pattern is in this cell and how much the model looks at it. 0 is the average of the reference cells: ' +
        'warm bars are above it, cold bars below. The genes that weigh most stand under each.',
      none: 'This model has no patterns: it goes from the genes straight to the next step.',
      unnamed: (number: number) => `Pattern ${whole(number)}`,
    },
    hidden: {
      first: (numbers: number) =>
        `The model has summed up the cell in ${whole(numbers)} numbers. None has a name: the model found by itself which sums of genes tell types apart.`,
      second: 'Each stripe is one of them. Read it as a barcode: cells of one type have nearly the same.',
      clean: 'Without noise',
      noisy: 'With noise',
      likeness: (value: number) => `Likeness of the two (correlation): ${decimals(value, 2)}. 1 is the same.`,
      summary: (numbers: number) => `Barcode of ${whole(numbers)} stripes: the cell as the model sees it`,
      number: (place: number, value: number) => `Number ${whole(place)}: ${decimals(value, 2)}`,
    },
    probabilities: {
      first:
        'From these numbers follows how probable each type is; together they make 1. They are calibrated on cells the model had never seen: ' +
        'of 100 labels given with 0.9, about 90 are right.',
      type: (name: string, sure: string) => `The label is ${name}: it has ${sure}, and that is sure enough for the error rate you accept.`,
      broader: (name: string, sure: string, best: string, probability: string) =>
        `No single type is sure enough: ${best} has ${probability}. But the marked types are all kinds of ${name}, and together they have ${sure}: so that is the label.`,
      unknown: (best: string, probability: string, second: string, other: string) =>
        `The label is unknown. The nearest type is ${best} with ${probability}${second ? `, then ${second} with ${other}` : ''}; ` +
        'either that is not sure enough, or the cell is unlike all that the model has learned from.',
      covered: (term: string) => `(a kind of ${term})`,
      rest: (types: number) => `all ${whole(types)} others`,
    },
    noise: {
      title: 'Noise',
      explanation: 'Would the label be the same in a poorer experiment? Throw counts away and see.',
      depth: 'Depth',
      depthValue: (depth: number) => `${whole(100 * depth)} % of the counts`,
      dropout: 'Dropout',
      dropoutValue: (dropout: number) => (dropout === 0 ? 'no genes lost' : `${whole(100 * dropout)} % of the genes lost`),
      again: 'Draw again',
      reset: 'Reset',
      clean: 'Without noise',
      noisy: 'With noise',
      waiting: 'waiting',
      still: 'Move a slider to begin.',
      same: 'The label stays the same.',
      changed: 'The label has changed.',
      sample: (cells: number) => `The same for ${counted(cells, 'cell', 'cells')} of your file`,
      kept: 'same label',
      broader: 'broader term',
      unknown: 'unknown',
      another: 'another label',
      robustness: 'How much is needed?',
      robustnessExplanation: 'Cells that keep their label with fewer and fewer counts.',
      countsLeft: 'Counts left',
      keep: 'Same label',
    },
  },
};
