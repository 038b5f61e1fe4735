// The page's words in German; the keys and their order are those of english.ts.
import type { ModalityMatch, OrtReady, OtherModality, Promised, QuerySummary, Verification } from '../../protocol';
import type { Change } from '../choices';
import { counted, decimals, percent, seconds, tiny, whole } from '../format';
import { language } from '../language';
import type { Texts } from '../texts';

function germanModality(name: string): string {
  return { rna: 'RNA', adt: 'Proteine', atac: 'Chromatin' }[name] ?? name;
}

export const german: Texts = {
  product: 'plkd',
  headline: 'Zelltypen in Ihren Daten benennen',
  intro: 'Wählen Sie eine Einzelzell-Matrix und ein Modell: Jede Zelle bekommt einen Namen, eine Sicherheit und einen Platz auf einer Karte.',
  privacy: 'Ihre Dateien liest diese Seite selbst, auf diesem Rechner. Nichts wird hochgeladen.',
  kept: 'Von nun an öffnet sie sich auch ohne Netz.',

  language: 'Sprache',

  theme: { toDark: 'Dunkle Farben', toLight: 'Helle Farben' },

  drop: 'Lassen Sie Ihre Dateien irgendwo auf dieser Seite los',

  cells: {
    title: 'Zellen',
    what: 'Eine Datei .h5ad, .h5 oder .loom, eine Tabelle .csv oder .tsv oder die 10x-Dateien (matrix.mtx, barcodes, features), auch in .zip oder .tar.gz.',
    choose: 'Zellen wählen',
    replace: 'Andere Zellen',
    reading: (name: string) => `${name} wird gelesen`,
    incomplete: (found: string[], missing: string[]) => `Gefunden: ${found.join(', ')}. Es fehlen noch ${missing.join(' und ')}.`,
    genes: 'Gene',
    cells: 'Zellen',
    medianLibrary: 'Counts je Zelle (Median)',
    medianGenes: 'Gene je Zelle (Median)',
    organism: 'Organismus',
    values: 'Werte',
    format: 'Format',
    alsoMeasured: 'Auch gemessen',
    modality: ({ name, features, where, isotypes, hashtags, unfit }: OtherModality) =>
      [
        `${whole(features)} ${name === 'adt' ? 'Proteine' : 'Chromatin-Abschnitte'} (${where})`,
        isotypes.length > 0 && `ohne ${counted(isotypes.length, 'Isotypkontrolle', 'Isotypkontrollen')}`,
        hashtags.length > 0 && `ohne ${counted(hashtags.length, 'Hashtag', 'Hashtags')}`,
        unfit && 'schon normalisiert, daher für kein Modell',
      ]
        .filter(Boolean)
        .join(', '),
    slot: 'Matrix',
    foundSlot: (slot: string) => (slot ? `${slot} (selbst gefunden)` : 'Alle zusammen'),
    findSlot: 'Selbst finden',
  },

  model: {
    title: 'Modell',
    what: 'Ein trainiertes Modell: eine .onnx-Datei von plkd train. Wählen Sie zuerst Ihre Zellen, dann wird das Modell bei dieser Seite genommen, das am besten passt.',
    choose: 'Modell wählen',
    replace: 'Anderes Modell',
    reading: (name: string) => `${name} wird geöffnet`,
    types: 'Zelltypen',
    inputs: (name: string) => ({ rna: 'Gene', adt: 'Proteine', atac: 'Chromatin-Abschnitte' })[name] ?? name,
    accuracy: 'Genauigkeit (zurückgehaltene Zellen)',
    macroF1: 'Makro-F1 (zurückgehaltene Zellen)',
    allTypes: (count: number) => (count === 1 ? 'Der eine Typ, den es kennt' : `Die ${whole(count)} Typen, die es kennt`),
    trainedOn: (count: number) => counted(count, 'Referenzzelle', 'Referenzzellen'),
    madeFor: 'Gemacht für',
    sources: 'Gelernt aus',
    licence: 'Lizenz',
  },

  match: {
    title: 'Gemeinsame Gene',
    summary: (matched: number, genes: number) =>
      `${whole(matched)} der ${whole(genes)} Gene des Modells sind in Ihren Daten (${percent(matched / genes)})`,
    how: ({ matchedById, matchedBySymbol, matchedByAlias, matchedByOrthologue, merged, geneNames }: QuerySummary) =>
      [
        `${whole(matchedById)} nach Ensembl-Id gefunden, ${whole(matchedBySymbol)} nach Symbol` +
          `${matchedByAlias > 0 ? `, ${whole(matchedByAlias)} unter anderem Namen` : ''}` +
          `${matchedByOrthologue > 0 ? `, ${whole(matchedByOrthologue)} nach ihrem Namen im anderen Organismus` : ''}.`,
        geneNames ? `Die Namen sind die der Spalte ${geneNames}; sie passen besser zum Modell.` : '',
        merged > 0 ? `${counted(merged, 'Gen', 'Gene')} Ihrer Daten mit mehrfachem Namen wurden zusammengezählt.` : '',
      ].join(' '),
    mapped: 'Gene eines anderen Organismus stehen für die des Modells: Die Namen sind eine Näherung, und nichts wird für sie versprochen.',
    refused: 'Dieses Modell passt nicht zu diesen Zellen',
    mapOrthologues: (from: string, to: string) => `Gene übersetzen: ${from} zu ${to}`,
    anyway: 'Trotzdem benennen',
    forced: 'Sie wollten trotzdem benennen; die Namen können Zufall sein.',
    matching: 'Gene werden verglichen und Werte angesehen',
    missing: (count: number) => `${counted(count, 'Gen', 'Gene')} des Modells nicht in Ihren Daten`,
    more: (count: number) => `und ${whole(count)} weitere`,
  },

  modalities: {
    title: 'Was das Modell braucht',
    list: (names: readonly string[]) => names.map(germanModality).join(' + '),
    used: (used: readonly ModalityMatch[]) =>
      `Verwendet: ${used.map(({ name, matched, features }) => `${germanModality(name)} (${whole(matched)} von ${whole(features)}${name === 'rna' ? ' Genen' : ''})`).join(', ')}`,
    setAside: (modalities: readonly ModalityMatch[]) => `Weggelassen: ${modalities.map(({ name }) => germanModality(name)).join(', ')}`,
    missing: (modalities: readonly ModalityMatch[]) =>
      `Fehlt: ${modalities
        .map(({ name, where, matched, features, unfit }) =>
          `${germanModality(name)}${where && !unfit ? ` (nur ${whole(matched)} von ${whole(features)} in ${where})` : ''}`)
        .join(', ')}`,
    use: (name: string) => `${germanModality(name)} verwenden`,
    where: (where: string) => `In ${where}.`,
    passedOver: (places: readonly string[]) => `Dort ist mehr von dem, was das Modell braucht, als in ${places.join(', ')}, oder es sind Counts.`,
    controls: (names: readonly string[]) => `Ausgelassen, denn es sind keine Proteine der Zelle: ${names.join(', ')}.`,
    featuresMissing: (name: string, count: number) =>
      `${name === 'adt' ? counted(count, 'Protein', 'Proteine') : counted(count, 'Abschnitt', 'Abschnitte')} des Modells nicht in Ihren Daten`,
    completed: 'Sie gelten als so, wie sie in einer typischen Zelle der Referenz sind.',
    notMeasured: 'Das Modell wurde an Zellen, die nur dies haben, nicht erprobt; für ihre Namen wird nichts versprochen.',
    scores: (rate: string) => `Zurückgehaltene Zellen der Referenz, je nachdem, was gemessen wurde, bei ${rate} zugelassenen falschen Namen`,
    measured: 'Gemessen',
    right: 'Bester Typ richtig',
    labelled: 'Benannt',
    wrong: 'davon falsch',
    usedHere: '(hier verwendet)',
    by: (used: readonly ModalityMatch[]) =>
      `Benannt durch ${used.map(({ name }) => germanModality(name)).join(' und ')}.`,
    sure: (accuracy: string, coverage: string) =>
      [accuracy && `der beste Typ stimmt bei ${accuracy}`, coverage && `${coverage} bekommen einen Namen`].filter(Boolean).join(', und '),
    calibrated: (sure: string) => `Kalibriert an zurückgehaltenen Zellen mit genau dem${sure ? `: ${sure}` : ''}.`,
    ofAll: (sure: string) => (sure ? `Zum Vergleich mit allem, was das Modell nimmt: ${sure}.` : ''),
    changed: (changed: string, cells: string, before: readonly string[]) =>
      `${changed} von ${cells} Zellen heißen anders als ${before.length === 0 ? 'mit allem, was gemessen wurde' : `ohne ${before.map(germanModality).join(' und ')}`}.`,
    annotateWithout: (name: string) => `Ohne ${germanModality(name)} benennen`,
    annotateWith: (name: string) => (name === 'adt' ? 'Mit Proteinen benennen' : `Mit ${germanModality(name)} benennen`),
  },

  run: {
    annotate: 'Benennen',
    annotateCells: (cells: number) => `${counted(cells, 'Zelle', 'Zellen')} benennen`,
    again: 'Noch einmal benennen',
    cancel: 'Abbrechen',
    cancelled: 'Angehalten. Nichts wurde behalten; „Benennen“ beginnt von vorn.',
    needBoth: 'Wählen Sie Zellen und ein Modell.',
    needCells: 'Wählen Sie nun Zellen.',
    needModel: 'Wählen Sie nun ein Modell.',
    needRemedy: 'Diese Zellen passen nicht zum Modell: Die Auswege stehen oben.',
    needType: 'Lassen Sie mindestens einen Typ zu.',
    needMatch: 'Dieses Modell passt nicht zu diesen Zellen. Ersetzen Sie eines von beiden.',
    engine: 'Rechenwerk',
    engines: { auto: 'Automatisch', wasm: 'WebAssembly', webgpu: 'WebGPU' },
    adapting: 'Anpassung an diese Datei',
    starting: 'Beginnt',
    progress: 'Fortschritt',
    done: (done: number, total: number) => `${whole(done)} von ${counted(total, 'Zelle', 'Zellen')}`,
    rate: (cellsPerSecond: number) => `${whole(cellsPerSecond)} Zellen/s`,
    left: (left: number) => `noch ${seconds(left)}`,
    finished: (cells: number) => `Fertig: ${counted(cells, 'Zelle', 'Zellen')} benannt.`,
  },

  settings: {
    title: 'Einstellungen',
    errorRate: 'Zugelassene falsche Namen',
    errorRateOption: (target: number) => `${Number((100 * target).toPrecision(2)).toLocaleString('de-DE')} %`,
    cautious: 'vorsichtig',
    bold: 'kühn',
    errorRateHelp: (labelled: string, broader: string, wrong: string) =>
      `Von zurückgehaltenen Zellen der Referenz bekamen ${labelled} einen Namen${broader ? ` (${broader} einen weiteren Begriff)` : ''}; davon ` +
      `waren ${wrong} falsch. Vorsichtiger heißt: weniger und weitere Namen.`,
    noPromise: 'Zugelassene falsche Namen: Dieses Modell verspricht nichts; es hatte zu wenige zurückgehaltene Zellen, um es zu messen.',
    adapt: 'An diese Datei anpassen',
    adaptHelp:
      'Gleicht jedes Gen an die Referenz des Modells an, für Zellen einer anderen Chemie; nicht für eine Datei, die Techniken mischt, ' +
      'außer wenn eine Spalte sie trennt.',
    cannotAdapt: 'Dieses Modell hat keine Mittelwerte der Typen und kann sich nicht anpassen: Nehmen Sie eines einer heutigen Version von plkd.',
    types: (possible: number, all: number) =>
      possible === all ? `Typen, die vorkommen können: alle ${whole(all)}` : `Typen, die vorkommen können: ${whole(possible)} von ${whole(all)}`,
    typesHelp: 'Nehmen Sie das Häkchen weg, wo etwas in Ihrem Gewebe nicht sein kann: Diese Typen werden nicht vergeben, die anderen teilen sich ihre Wahrscheinlichkeit.',
    allTypes: 'Alle',
    noTypes: 'Keine',
    batches: {
      label: 'Chargen',
      finding: 'Spalten werden gesucht, die Chargen trennen',
      none: 'Keine Spalte dieser Datei trennt Chargen; alle Zellen gelten als eine.',
      noColumn: 'Alle Zellen sind eine Charge',
      option: (name: string, batches: number) => `${name} (${counted(batches, 'Charge', 'Chargen')})`,
    },
  },

  promise: {
    title: 'Was versprochen wird',
    statement: ({ isPromised, isShifted, likeReference, error }: Promised) => {
      if (!isPromised || error === null) return 'Für diese Zellen wird nichts versprochen: Sie gleichen der Referenz zu wenig oder passen nicht zum Modell.';
      const like = `Etwa ${percent(likeReference)} der vergebenen Namen sind falsch bei Zellen wie denen der Referenz`;
      return isShifted ? `${like}; diese Zellen sind verschoben: Rechnen Sie mit mindestens ${percent(error)}.` : `${like}.`;
    },
    forced: 'Jede Zelle trägt den Namen ihres besten Typs, sicher oder nicht: Nichts wird versprochen.',
  },

  engine: {
    wasm: (workers: number) => `C++ in WebAssembly, ${counted(workers, 'Worker', 'Worker')}`,
    webgpu: (adapter: string) => `onnxruntime auf WebGPU${adapter ? ` (${adapter})` : ''}`,
    mixed: (first: string, second: string) => `${first} und ${second}`,
    chosen: 'Das Rechenwerk ist das von Ihnen gewählte.',
    noAdapter: 'WebGPU nicht benutzt: Dieser Browser bietet keine Grafikkarte an.',
    software: 'WebGPU nicht benutzt: Die einzige Grafikkarte wird vom Prozessor nachgeahmt.',
    soonDone: 'WebGPU nicht benutzt: Es war fertig, bevor WebGPU geladen wäre.',
    measured: (gpu: number, wasm: number) =>
      `Mit Ihren ersten Zellen schaffte WebGPU ${whole(gpu)} Zellen/s und WebAssembly ${whole(wasm)}.`,
    failed: (message: string) => `WebGPU ging nicht (${message}); WebAssembly hat übernommen.`,
    timeout: 'die Grafikkarte hat nicht rechtzeitig geantwortet',
  },

  results: {
    summary: (cells: number, time: number) => `${counted(cells, 'Zelle', 'Zellen')} in ${seconds(time)}`,
    how: (cellsPerSecond: number, engine: string) => `${whole(cellsPerSecond)} Zellen/s mit ${engine}.`,
    download: { csv: 'CSV speichern', h5ad: 'h5ad mit Namen', receipt: 'Beleg' },
    downloadHint: {
      csv: 'Eine Zeile je Zelle, für jede Tabellenkalkulation.',
      h5ad: 'Ihre eigene Datei mit den Namen als Spalten von obs; alles andere bleibt, wie es war. Aus anderen Formaten eine neue h5ad.',
      receipt: 'Woraus die Namen folgen. plkd verify --receipt macht sie noch einmal und vergleicht.',
    },
    writing: (share: number) => (share < 1 ? `Die Zellen werden noch einmal gelesen (${percent(share)})` : 'Wird geschrieben'),
    stopWriting: 'Anhalten',
    written: (file: string) => `${file} ist geschrieben.`,
    tooLarge: (file: string) => `${file}: zu groß, um in einem Browser zu einer h5ad zu werden`,
    tooLargeHint: 'speichern Sie die CSV, oder nehmen Sie plkd annotate --out mine.h5ad',
    labelAll: 'Jede Zelle benennen',
    labelAllHint: 'Aus: Eine unsichere Zelle bekommt einen weiteren Begriff, und eine, die keinem Typ des Modells gleicht, heißt unbekannt.',
    outdated: 'Dieses Ergebnis entstand mit anderen Einstellungen. „Benennen“ nimmt die neuen.',
    adapted: (column: string) => (column ? `An diese Datei angepasst, je ${column} für sich.` : 'An diese Datei angepasst.'),
    broader: 'weiterer Begriff',
    unknown: 'unbekannt',
    growing: 'Namen bis jetzt',
    tabs: {
      label: 'Das Ergebnis im Einzelnen',
      cells: 'Zellen',
      labels: 'Namen',
      genes: 'Gene',
      patterns: 'Muster',
      own: 'Ihre Namen',
      unknown: 'Unbekannt',
      decisions: 'Entscheidungen',
      how: 'Wie es geht',
      again: 'Nachmachen',
    },
    stale: 'Dieses Ergebnis ist von vor dem Wechsel der Dateien.',
  },

  counts: {
    title: 'Zellen je Name',
    showAll: 'Alle zeigen',
    pick: (label: string) => `${label} auswählen`,
    search: 'Namen suchen',
    nothing: 'So heißt nichts.',
    selected: (selected: number, all: number) => `${whole(selected)} von ${whole(all)}`,
    hide: (label: string) => `${label} auf Karte und in Tabelle verbergen`,
    unhide: (label: string) => `${label} wieder zeigen`,
    unhideAll: 'Verborgene zeigen',
    kinds: (types: number, broader: number, unknown: number) =>
      [
        `${counted(types, 'Zelle', 'Zellen')} mit einem Typ`,
        ...(broader > 0 ? [`${whole(broader)} mit einem weiteren Begriff, der Typ ist unsicher`] : []),
        ...(unknown > 0 ? [`${whole(unknown)} unbekannt`] : []),
      ].join('; '),
  },

  map: {
    tools: 'Werkzeuge der Karte',
    zoomIn: 'Vergrößern',
    zoomOut: 'Verkleinern',
    whole: 'Ganze Karte',
    lasso: 'Zellen durch Umranden auswählen',
    savePng: 'Diese Ansicht als PNG-Bild speichern',
    saveSvg: 'Diese Ansicht als SVG-Zeichnung speichern',
    lassoHint: 'Umranden Sie die Zellen, die Sie wollen.',
    wheelHint: (key: string) => `Zum Vergrößern erst auf die Karte klicken oder ${key} halten.`,
    keys:
      'Die Pfeiltasten verschieben eine vergrößerte Karte, Plus und Minus vergrößern und verkleinern, 0 zeigt die ganze Karte, die ' +
      'Eingabetaste wählt die Zelle nächst der Mitte. L beginnt eine Auswahl: Zellen umranden, oder die Eingabetaste nimmt alle ' +
      'sichtbaren; Escape beendet sie.',
    exportRefused: 'Dieser Browser konnte das Bild nicht machen. Verkleinern Sie das Fenster und speichern Sie noch einmal.',
  },

  table: {
    title: 'Eine nach der anderen',
    cell: 'Zelle',
    label: 'Name',
    ontology: 'Ontologie-Id',
    confidence: 'Sicherheit',
    second: 'Zweitbester Name',
    hint: 'Die Pfeiltasten wählen eine Zelle; warum sie so heißt, steht neben der Tabelle.',
    broaderOption: (label: string) => `${label} (weiterer Begriff)`,
    search: 'Zelle oder Namen suchen',
    filter: 'Name',
    sort: (column: string) => `Nach ${column} ordnen`,
    allLabels: 'Alle Namen',
    shown: (shown: number, all: number) =>
      shown === all ? counted(all, 'Zelle', 'Zellen') : `${whole(shown)} von ${whole(all)} Zellen`,
    empty: 'Keine Zelle passt dazu.',
    nearest: (label: string) => `am nächsten: ${label}`,
  },

  why: {
    title: 'Warum dieser Name',
    hint: 'Wählen Sie eine Zelle in der Tabelle oder auf der Karte oder einen Namen, um die Muster dahinter zu sehen.',
    ofCell:
      'Der Wert sagt, wie aktiv das Muster in dieser Zelle ist und wie sehr das Modell darauf achtet, in Standardabweichungen der ' +
      'Referenz: positiv heißt vorhanden, negativ heißt abwesend.',
    selection: (cells: number, what: string) => `${counted(cells, 'Zelle', 'Zellen')}: ${what}`,
    ofGroup: (cells: number) =>
      `Muster, die diese Zellen unter ${counted(cells, 'Zelle', 'Zellen')} auszeichnen: Der Balken ist der Unterschied des mittleren ` +
      'Werts zu allen anderen Zellen, in Standardabweichungen der Referenz.',
    none: 'Dieses Modell hat keine Muster und kann nicht sagen, warum. Mit Mustern und einem Teacher trainiert, stehen sie hier.',
    noMarkers: 'Kein Muster zeichnet diese Zellen klar aus: Es sind zu wenige, oder sie gleichen den anderen.',
    reading: 'Muster werden verglichen',
    said: (patterns: string[]) => (patterns.length > 0 ? `Stärkste Muster: ${patterns.slice(0, 3).join('; ')}.` : ''),
    covers: (types: string[]) => `Der Typ ist unsicher: ${types.join(', ')}.`,
    close: 'Schließen',
    genes: 'Wichtigste Gene',
    auc: (value: number) => `AUC ${decimals(value, 2)}`,
  },

  look: {
    title: 'Karte',
    colour: 'Farbe nach',
    label: 'Name',
    confidence: 'Sicherheit',
    unknown: 'Unähnlichkeit zur Referenz',
    genes: 'Gene',
    gene: 'Ein Gen …',
    proteins: 'Proteine',
    proteinsAsTheyAre: 'Proteine, Werte wie in Ihrer Datei',
    ofProtein: (name: string) => `${name} (Protein)`,
    columns: 'Spalten Ihrer Datei',
    geneName: 'Gen',
    geneHint: 'ein Name wie in Ihrer Datei',
    noGene: (name: string) => `Ihre Datei hat kein Gen namens ${name}.`,
    showGene: 'Zeigen',
    reading: (share: number) => `Werte werden gelesen (${percent(share)})`,
    layout: 'Anordnung',
    model: 'Modellkarte',
    umap: 'UMAP',
    umapWorking: (share: number) => `UMAP (${percent(share)})`,
    umapHint: 'Die Karte des Modells ist für alle Dateien dieselbe, man kann Dateien vergleichen. Eine UMAP breitet diese Zellen nach ihren Nachbarn aus; Abstände zwischen fernen Gruppen sagen wenig.',
    lasso: 'auf der Karte umrandet',
    description: (cells: number, by: string) =>
      `Karte von ${counted(cells, 'Zelle', 'Zellen')}, gefärbt nach ${by}. Die Tabelle führt dieselben Zellen auf; die Liste der Namen sagt, wie viele jeder hat.`,
    hint: 'Was für das Modell ähnlich aussieht, liegt beieinander. Zeigen Sie auf eine Zelle, um sie zu sehen; ein Klick oder Antippen sagt, warum.',
    missing: 'ohne Wert',
    more: (count: number) => `und ${whole(count)} weitere, in Grau`,
  },

  charts: {
    asTable: 'Als Tabelle',
    tableOf: (title: string) => `${title}: die Zahlen`,
    svg: 'SVG',
    png: 'PNG',
    saveSvg: (title: string) => `Als SVG speichern: ${title}`,
    savePng: (title: string) => `Als PNG speichern: ${title}`,
    empty: 'Hier gibt es noch nichts zu sehen.',
    histogram: {
      cell: 'Zelle',
      cells: 'Zellen',
      cellsHead: 'Zellen',
      share: 'Anteil',
      range: (low: string, high: string) => `${low} bis ${high}`,
      summary: (title: string, cells: number, peak: string, share: number) =>
        `${title}: Histogramm von ${counted(cells, 'Zelle', 'Zellen')}; die meisten liegen bei ${peak} (${percent(share)}).`,
    },
    dotPlot: {
      title: 'Markergene',
      explanation:
        'Je größer ein Punkt, desto mehr Zellen des Namens haben das Gen überhaupt; je kräftiger seine Farbe, desto mehr haben sie im Mittel davon. ' +
        'Die Farben jedes Gens reichen vom Namen mit am wenigsten bis zu dem mit am meisten.',
      choose: 'Wählen Sie ein Gen, um es in jeder Zelle zu sehen.',
      label: 'Name',
      tip: (gene: string, label: string) => `${gene} in ${label}`,
      mean: (value: number) => `im Mittel ${decimals(value, 2)}`,
      share: (value: number) => `in ${percent(value)} der Zellen`,
      sizes: 'Zellen, die das Gen haben',
      colours: 'Mittlere Expression, je Gen',
      least: 'am wenigsten',
      most: 'am meisten',
      summary: (labels: number, genes: number) =>
        `Punktbild von ${counted(genes, 'Gen', 'Genen')} in ${counted(labels, 'Namen', 'Namen')}; die Zahlen stehen in der Tabelle darunter.`,
    },
    heatMap: {
      title: 'Muster je Name',
      explanation:
        'Warm: Die Gene dieses Musters sind in den Zellen des Namens aktiver als im Mittel; kalt: weniger. ' +
        'Die Skala zählt Standardabweichungen: Mehr als 2 ist selten.',
      choose: 'Ein Klick auf ein Feld wählt die Zellen des Namens aus.',
      label: 'Name',
      legend: 'Standardabweichungen vom Mittel',
      average: '0',
      atMost: (limit: number) => `≤ −${decimals(-limit, 1)}`,
      atLeast: (limit: number) => `≥ +${decimals(limit, 1)}`,
      value: (value: number) => `${value < 0 ? '−' : '+'}${decimals(Math.abs(value), 2)} Standardabweichungen`,
      notKnown: 'nicht bekannt',
      cell: (pattern: string, label: string, value: string) => `${pattern} in ${label}: ${value}`,
      summary: (labels: number, patterns: number) =>
        `Farbfelder von ${counted(patterns, 'Muster', 'Mustern')} in ${counted(labels, 'Namen', 'Namen')}; die Zahlen stehen in der Tabelle darunter.`,
    },
    violin: {
      title: (gene: string) => `${gene} je Name`,
      explanation:
        'Die Form zeigt, wie viel die Zellen haben, die etwas davon haben: Sie ist dick, wo viele Zellen sind. ' +
        'Der Kreis ist ihr Median, die Linie umfasst ihre mittlere Hälfte. Links: der Anteil der Zellen ohne einen einzigen Count.',
      zeros: 'Ohne Counts',
      axis: 'log-normalisierte Expression',
      shortAxis: 'Expression',
      noCells: 'keine Zellen',
      label: 'Name',
      cells: 'Zellen',
      lower: 'Unteres Quartil',
      middle: 'Median',
      upper: 'Oberes Quartil',
      without: (share: string, cells: number) => `${share} von ${counted(cells, 'Zelle', 'Zellen')} haben keine Counts`,
      median: (value: number) => `Median der übrigen ${decimals(value, 2)}`,
      quartiles: (lower: number, upper: number) => `mittlere Hälfte ${decimals(lower, 2)} bis ${decimals(upper, 2)}`,
      summary: (gene: string, labels: number, highest: string) =>
        `Expression von ${gene} in ${counted(labels, 'Namen', 'Namen')}; am höchsten in ${highest}.`,
    },
    confusion: {
      title: 'Ihre Namen und unsere',
      explanation:
        'Eine Zeile ist ein Name Ihrer Datei, eine Spalte einer von uns, eine Zahl die Zellen, die beide haben; die Farbe ist ihr Anteil an der Zeile. ' +
        'Umrandet: unser Name gleicher Bedeutung, sonst der häufigste der Zeile. Die Übereinstimmung ist sein Anteil.',
      choose: 'Ein Klick auf eine Zahl wählt diese Zellen aus.',
      own: 'Ihr Name',
      cells: 'Zellen',
      agreement: 'Einig',
      cellUnit: 'Zelle',
      cellsUnit: 'Zellen',
      legend: 'Anteil an der Zeile',
      cell: (own: string, ours: string, count: number, share: number) =>
        `${own} → ${ours}: ${counted(count, 'Zelle', 'Zellen')}, ${percent(share)} der Zeile`,
    },
    line: {
      summary: (title: string, first: string, from: string, last: string, to: string) => `${title}: ${first} bei ${from}, ${last} bei ${to}.`,
    },
  },

  walk: {
    title: 'Wie es geht',
    explanation: 'Von den Counts einer Zelle zu ihrem Namen, in den fünf Schritten des Modells.',
    cell: (name: string) => `Zelle ${name}`,
    another: 'Eine andere Zelle',
    waiting: 'Die Zelle wird verfolgt',
    steps: { counts: 'Counts', normalised: 'Normalisiert', patterns: 'Muster', hidden: 'Verborgene Schicht', probabilities: 'Wahrscheinlichkeiten' },
    next: 'Weiter',
    back: 'Zurück',
    again: 'Von vorn',
    place: (step: number, steps: number) => `Schritt ${whole(step)} von ${whole(steps)}`,
    unknown: 'Unbekannt',
    broader: 'weiterer Begriff',
    counts: {
      first: 'Der Sequenzierer hat die RNA dieser Zelle gelesen. Jedes erkannte Molekül zählt einmal für sein Gen.',
      second: 'Dies sind ihre stärksten Gene. Die meisten haben gar keinen Count: Sie schweigen oder wurden übersehen.',
      library: 'Counts zusammen, die Größe der Bibliothek',
      detected: (all: number, share: number) => `Gene gesehen, von ${whole(all)} (${percent(share)})`,
      none: 'Keines der Gene, die das Modell kennt, ist in dieser Zelle übrig.',
    },
    normalised: {
      first: (target: number | null) =>
        'Zwei gleiche Zellen können durch Zufall sehr verschieden viele Counts geben. Darum wird jedes Gen durch die Größe der Bibliothek geteilt' +
        (target === null ? '.' : ` und mit ${whole(target)} malgenommen, als hätte jede Zelle ${whole(target)} Counts gegeben.`),
      second: 'Dann wird der Logarithmus von 1 + x genommen, damit wenige sehr starke Gene nicht alle anderen übertönen. Null bleibt Null.',
      example: (gene: string, count: number, library: number, scaled: number, target: number, value: number) =>
        `${gene}: ${whole(count)} von ${whole(library)} Counts sind ${whole(scaled)} von ${whole(target)}, und log(1 + ${whole(scaled)}) ist ${decimals(value, 2)}.`,
      gene: 'Gen',
      count: 'Counts',
      of: (target: number) => `von ${whole(target)}`,
      log: 'log(1 + x)',
    },
    patterns: {
      first: (patterns: number) =>
        `Ein Muster ist eine Menge von Genen, die zusammenarbeiten, etwa die einer Antwort oder eines Zellteils. Das Modell kennt ${whole(patterns)}.`,
      second:
        'Ein Wert sagt, wie aktiv ein Muster in dieser Zelle ist und wie sehr das Modell darauf achtet. 0 ist das Mittel der Referenzzellen: ' +
        'Warme Balken liegen darüber, kalte darunter. Unter jedem stehen die Gene mit dem größten Gewicht.',
      none: 'Dieses Modell hat keine Muster: Es geht von den Genen gleich zum nächsten Schritt.',
      unnamed: (number: number) => `Muster ${whole(number)}`,
    },
    hidden: {
      first: (numbers: number) =>
        `Das Modell hat die Zelle in ${whole(numbers)} Zahlen zusammengefasst. Keine hat einen Namen: Es hat selbst gefunden, welche Summen von Genen die Typen trennen.`,
      second: 'Jeder Streifen ist eine davon. Lesen Sie es als Strichcode: Zellen eines Typs haben fast denselben.',
      clean: 'Ohne Rauschen',
      noisy: 'Mit Rauschen',
      likeness: (value: number) => `Ähnlichkeit der beiden (Korrelation): ${decimals(value, 2)}. 1 heißt gleich.`,
      summary: (numbers: number) => `Strichcode aus ${whole(numbers)} Streifen: die Zelle, wie das Modell sie sieht`,
      number: (place: number, value: number) => `Zahl ${whole(place)}: ${decimals(value, 2)}`,
    },
    probabilities: {
      first:
        'Aus diesen Zahlen folgt, wie wahrscheinlich jeder Typ ist; zusammen ergeben sie 1. Sie sind an Zellen geeicht, die das Modell nie gesehen hatte: ' +
        'Von 100 Namen mit 0,9 sind etwa 90 richtig.',
      type: (name: string, sure: string) => `Der Name ist ${name}: Er hat ${sure}, und das ist sicher genug für die Fehler, die Sie zulassen.`,
      broader: (name: string, sure: string, best: string, probability: string) =>
        `Kein einzelner Typ ist sicher genug: ${best} hat ${probability}. Aber die gekennzeichneten Typen gehören alle zu ${name}, und zusammen haben sie ${sure}: Das ist der Name.`,
      unknown: (best: string, probability: string, second: string, other: string) =>
        `Die Zelle heißt unbekannt. Am nächsten ist ${best} mit ${probability}${second ? `, dann ${second} mit ${other}` : ''}; ` +
        'entweder ist das nicht sicher genug, oder die Zelle gleicht nichts, woraus das Modell gelernt hat.',
      covered: (term: string) => `(gehört zu ${term})`,
      rest: (types: number) => `alle ${whole(types)} anderen`,
    },
    noise: {
      title: 'Rauschen',
      explanation: 'Hieße die Zelle in einem schlechteren Experiment noch so? Werfen Sie Counts weg und sehen Sie es.',
      depth: 'Tiefe',
      depthValue: (depth: number) => `${whole(100 * depth)} % der Counts`,
      dropout: 'Ausfall',
      dropoutValue: (dropout: number) => (dropout === 0 ? 'kein Gen fällt aus' : `${whole(100 * dropout)} % der Gene fallen aus`),
      again: 'Neu würfeln',
      reset: 'Zurücksetzen',
      clean: 'Ohne Rauschen',
      noisy: 'Mit Rauschen',
      waiting: 'wartet',
      still: 'Bewegen Sie einen Regler.',
      same: 'Der Name bleibt derselbe.',
      changed: 'Der Name hat sich geändert.',
      sample: (cells: number) => `Dasselbe für ${counted(cells, 'Zelle', 'Zellen')} Ihrer Datei`,
      kept: 'gleicher Name',
      broader: 'weiterer Begriff',
      unknown: 'unbekannt',
      another: 'anderer Name',
      robustness: 'Wie viel ist nötig?',
      robustnessExplanation: 'Zellen, die mit immer weniger Counts ihren Namen behalten.',
      countsLeft: 'Übrige Counts',
      keep: 'Gleicher Name',
    },
  },

  selection: {
    title: 'Ausgewählte Zellen',
    count: (cells: number, what: string) => `${counted(cells, 'Zelle', 'Zellen')} ausgewählt${what ? ` (${what})` : ''}`,
    said: (cells: number) => (cells > 0 ? `${counted(cells, 'Zelle', 'Zellen')} ausgewählt.` : 'Nichts ausgewählt.'),
    name: 'Nenne sie',
    apply: 'Benennen',
    clear: 'Nichts auswählen',
    confusion: (own: string, label: string) => `${own}, benannt als ${label}`,
    group: (number: number) => `unbekannte Gruppe ${whole(number)}`,
  },

  judge: {
    centredLogRatio: 'zentriertes Log-Verhältnis der Counts',
    asInFile: 'Werte wie in Ihrer Datei',
    reading: 'Die Gene jedes Namens werden angesehen',
    reviewTitle: 'Die Namen prüfen',
    reviewHint: 'Der zweifelhafteste Name kommt zuerst. Bestätigen Sie, was stimmt; benennen Sie um, was bei Ihnen anders heißt. Die Namen des Modells bleiben; Ihre stehen daneben.',
    accept: 'Bestätigen',
    accepted: 'Bestätigt',
    acceptNamed: (label: string) => `${label} bestätigen`,
    rename: 'Ihr Name dafür',
    renameHint: 'Die Eingabetaste behält ihn; leer nimmt ihn zurück.',
    cells: 'Zellen',
    mean: 'mittlere Sicherheit',
    nearest: 'Nächster anderer Name',
    nearestOf: (label: string, share: string) => `${label}, zweitbester Name für ${share} der Zellen`,
    noNearest: 'Keiner: Das Modell kennt keinen anderen Typ.',
    confidence: (label: string) => `Wie sicher: ${label}`,
    confidenceHelp: 'Wie viele Zellen welche Sicherheit haben. Ein Berg rechts ist ein klarer Name, eine flache Linie ein gemischter.',
    topGenes: 'Gene, die ihn auszeichnen',
    topGenesHelp: 'Stärker abgelesen als in allen anderen Zellen (Welchs t-Test auf log-normalisierten Counts).',
    noGenes: 'Kein Gen zeichnet ihn klar aus: Es sind zu wenige Zellen, oder sie gleichen den anderen.',
    shares: (inside: string, outside: string) => `in ${inside} seiner Zellen, ${outside} der anderen`,
    topPatterns: 'Muster, die ihn auszeichnen',
    gene: (name: string, inside: string, outside: string) => `${name}: in ${inside} seiner Zellen, ${outside} der anderen`,
    add: 'Dazu',
    remove: (gene: string) => `${gene} weglassen`,
    violinPick: 'Wählen Sie oben ein Gen, oder klicken Sie eines im Bild der Markergene an, um die Verteilung seiner Werte zu sehen.',
    noPatterns: 'Dieses Modell hat keine Muster. Mit Mustern und einem Teacher trainiert, stehen sie hier.',
    compareTitle: 'Mit einer Ihrer Spalten vergleichen',
    compareHelp: 'Zeilen sind die Werte einer Spalte Ihrer Datei, Spalten unsere Namen. Ein Klick auf ein Feld wählt seine Zellen aus.',
    compareColumn: {
      label: 'Spalte',
      finding: 'Spalten mit Namen werden gesucht',
      none: 'Keine Spalte dieser Datei trennt Gruppen von Zellen.',
      noColumn: 'Bitte wählen',
      option: (name: string, groups: number) => `${name} (${counted(groups, 'Wert', 'Werte')})`,
    },
    lookForColumns: 'Spalten suchen',
    missingValue: 'ohne Wert',
    unknownTitle: 'Zellen, die unbekannt heißen',
    unknownHelp: 'Sie gleichen keinem Typ des Modells, oder kein Name ist sicher genug. Nach Ähnlichkeit gruppiert: vielleicht ein Typ, der dem Modell fehlt, Dubletten oder Trümmer.',
    noUnknown: 'Bei dieser Einstellung ist keine Zelle unbekannt.',
    unknownReading: 'Die unbekannten Zellen werden gruppiert',
    group: (number: number) => `Gruppe ${whole(number)}`,
    groupCells: (cells: number) => counted(cells, 'Zelle', 'Zellen'),
    groupNearest: 'am nächsten',
    groupCounts: (counts: string, genes: string) => `im Median ${counts} Counts und ${genes} Gene je Zelle`,
    groupPoor: 'wenige Counts: vielleicht Trümmer',
    groupRich: 'viele Counts: vielleicht Dubletten',
    groupGenes: 'ausgezeichnet durch',
    selectGroup: 'Auswählen',
  },

  decisions: {
    title: 'Was Sie entschieden haben',
    explain: 'In diesem Browser aufbewahrt, für diese Datei und dieses Modell. Die Sitzungsdatei enthält dasselbe, um anderswo fortzufahren: keine Counts, keine Namen von Zellen.',
    none: 'Noch nichts: Jeder Name ist der des Modells.',
    save: 'Sitzung speichern',
    load: 'Sitzung öffnen',
    undo: (what: string) => `Rückgängig: ${what}`,
    redo: (what: string) => `Wiederholen: ${what}`,
    nothingToUndo: 'Nichts rückgängig zu machen',
    nothingToRedo: 'Nichts zu wiederholen',
    undone: (what: string) => `Rückgängig gemacht: ${what}`,
    redone: (what: string) => `Wiederholt: ${what}`,
    what: (change: Change): string => {
      switch (change.kind) {
        case 'errorRate':
          return `${percent(change.rate)} falsche Namen zulassen`;
        case 'labelAll':
          return change.isOn ? 'jede Zelle benennen' : 'unsichere Zellen dürfen unbekannt sein';
        case 'possible':
          return `${change.types.join(', ')} ${change.isPossible ? 'zulassen' : 'ausschließen'}`;
        case 'modality':
          return `${germanModality(change.name)} ${change.isUsed ? 'verwenden' : 'weglassen'}`;
        case 'adapt':
          return change.isOn ? 'an die Datei anpassen' : 'nicht anpassen';
        case 'batches':
          return change.column ? `Chargen nach ${change.column}` : 'alle Zellen sind eine Charge';
        case 'clusters':
          return change.column ? `abstimmen in ${change.column}` : 'nicht abstimmen';
        case 'rename':
          return change.name === change.label ? `${change.label} behält seinen Namen` : `${change.label} heißt ${change.name}`;
        case 'accept':
          return change.isOn ? `${change.label} bestätigt` : `Bestätigung von ${change.label} zurückgenommen`;
        case 'assign':
          return `${counted(change.cells, 'Zelle heißt', 'Zellen heißen')} ${change.name}`;
        case 'select':
          return change.what ? `${change.what} auswählen` : 'nichts auswählen';
        case 'hide':
          return `${change.labels.join(', ')} ${change.isHidden ? 'verbergen' : 'zeigen'}`;
        case 'colour':
          return `Farbe nach ${change.by}`;
      }
    },
  },

  session: {
    restored: (saved: Date) => `Ihre Entscheidungen vom ${saved.toLocaleDateString(language.value)} zu dieser Datei gelten wieder.`,
    needs: (cells: string, model: string) => `Diese Sitzung gehört zu ${cells} und dem Modell ${model}: Öffnen Sie beide, dann gilt sie.`,
    startAfresh: 'Neu beginnen',
    unreadable: (file: string) => `${file}: keine Sitzung dieser Seite`,
    unreadableHint: 'öffnen Sie eine Datei, die „Sitzung speichern“ geschrieben hat',
  },

  gallery: {
    title: (count: number) => `${counted(count, 'Modell', 'Modelle')} bei dieser Seite`,
    others: 'Andere Modelle',
    made: (organism: string, tissue: string) => [organism, tissue].filter(Boolean).join(', '),
    types: (count: number) => counted(count, 'Typ', 'Typen'),
    score: (macroF1: string) => `F1 ${macroF1} auf zurückgehaltenen Zellen`,
    stored: 'gespeichert',
    which: 'Was es kennt',
    learnt: (cells: string, genes: string, licence: string) => `Gelernt aus ${cells} Zellen und ${genes} Genen; Lizenz ${licence}.`,
    use: 'Nehmen',
    useNamed: (name: string) => `Das Modell ${name} nehmen`,
    inUse: 'Im Gebrauch',
    loading: 'Wird geladen',
    trying: (name: string) => `${name} wird an einigen Ihrer Zellen versucht`,
    best: (name: string, genes: string, likeness: string) =>
      `${name} passt am besten: Ihre Zellen haben ${genes} seiner Gene, und ihre Ähnlichkeit mit seiner Referenz ist ${likeness} (100 %: wie deren eigene). Sie können ein anderes wählen.`,
    noneFits: 'Keines der Modelle hier passt gut zu diesen Zellen: Wählen Sie ein eigenes, oder sehen Sie nach, woran es liegt.',
    fit: (genes: string, likeness: string) => `${genes} seiner Gene, Ähnlichkeit ${likeness}`,
    misfit: (genes: string) => `passt nicht (${genes} seiner Gene)`,
    suggested: (name: string) => `${name} wurde gewählt, weil es am besten zu diesen Zellen passt.`,
    copyLink: 'Einen Link auf diese Seite mit ihm kopieren',
    linkCopied: 'Der Link ist kopiert.',
    missing: (file: string) => `${file}: das Modell konnte nicht geladen werden`,
    missingHint: 'prüfen Sie die Adresse, oder lassen Sie die Modelldatei auf der Seite los',
    elsewhere: (link: string) => `${link}: liegt auf einem anderen Rechner, und diese Seite verbindet sich mit keinem`,
    elsewhereHint: 'laden Sie das Modell dort herunter und lassen Sie es auf der Seite los',
  },

  vote: {
    title: 'Ihre eigenen Cluster',
    explain: 'Jeder Cluster einer Spalte Ihrer Datei bekommt den Namen, den mehr als die Hälfte seiner Zellen hat, oder einen weiteren Begriff, den sie teilen.',
    look: 'Spalten suchen',
    columns: {
      label: 'Cluster',
      finding: 'Spalten mit Clustern werden gesucht',
      none: 'Keine Spalte dieser Datei trennt Cluster.',
      noColumn: 'Keine',
      option: (name: string, groups: number) => `${name} (${whole(groups)} Cluster)`,
    },
    cluster: 'Cluster',
    cells: 'Zellen',
    label: 'Name nach Mehrheit',
    agree: 'Einig',
    noMajority: 'keine Mehrheit',
    written: 'Die Dateien, die Sie von nun an speichern, enthalten diese Namen neben denen der Zellen.',
  },

  command: {
    title: 'Dasselbe auf der Kommandozeile',
    copy: 'Kopieren',
    copied: 'Der Befehl ist kopiert.',
  },

  teacher: {
    ready: (file: string) => `Mit seinem Teacher (${file}): Wählen Sie eine Zelle oder mehrere und fragen Sie ihn, auf welche Muster er achtet.`,
    waiting: (file: string) => `${file} ist ein Teacher; er wartet auf das Modell, zu dem er gehört.`,
    ask: 'Den Teacher fragen',
    explain: 'Die Werte oben schätzt das kleine Netz, der Student. Der Teacher selbst sagt, wie sehr er auf jedes Muster achtet; das dauert länger.',
    starting: 'Der Teacher wird gerufen',
    reading: (done: number, cells: number) => `Der Teacher hat ${whole(done)} von ${counted(cells, 'Zelle', 'Zellen')} gelesen`,
    cancel: 'Abbrechen',
    title: 'Worauf der Teacher achtet',
    answer: (cells: number, of: number) =>
      `Anteil seiner Aufmerksamkeit, ${cells === 1 ? 'in dieser Zelle' : `Mittel von ${counted(cells, 'Zelle', 'Zellen')}`}` +
      `${cells < of ? ` aus ${whole(of)}` : ''}. Dabei der Wert, den der Student denselben Zellen gibt.`,
    student: (score: string) => `Wert ${score}`,
    engine: ({ device, name }: OrtReady) =>
      device === 'webgpu' ? `onnxruntime auf WebGPU${name ? ` (${name})` : ''}` : 'onnxruntime auf dem Prozessor',
    failed: (message: string) => `WebGPU war nicht zu gebrauchen (${message}).`,
  },
  verify: {
    title: 'Sind sich zwei Rechenwerke einig?',
    explain: 'Die Prüfung schickt dieselben Zellen durch das C++ dieser Seite und durch onnxruntime und vergleicht jede Zahl.',
    button: 'Prüfen',
    running: 'Wird verglichen',
    result: ({ cells, sameLabels }: Verification) =>
      sameLabels === cells
        ? `Derselbe Name für alle ${counted(cells, 'Zelle', 'Zellen')}.`
        : `Derselbe Name für ${whole(sameLabels)} von ${counted(cells, 'Zelle', 'Zellen')}.`,
    probability: (value: number) => `Größter Unterschied einer Wahrscheinlichkeit ${tiny(value)}`,
    logit: (value: number) => `eines Logits ${tiny(value)}`,
    device: ({ device, deviceName }: Verification) =>
      device === 'webgpu'
        ? `onnxruntime auf WebGPU${deviceName ? ` (${deviceName})` : ''}`
        : 'onnxruntime auf dem Prozessor (dieser Browser bietet kein WebGPU an)',
  },

  example: {
    button: (title: string) => `Das Beispiel versuchen: ${title}`,
    loading: 'Das Beispiel wird geladen',
    missing: (file: string) => `${file}: die Datei des Beispiels konnte nicht geladen werden`,
    missingHint: 'laden Sie die Seite neu, oder nehmen Sie eigene Dateien',
  },

  problem: {
    title: 'Das ging nicht',
    remedy: 'Was zu tun ist:',
    dismiss: 'Schließen',
    workerStopped: 'das Rechenwerk hat unerwartet aufgehört',
    workerStoppedHint: 'versuchen Sie es noch einmal; geschieht es wieder, braucht die Datei vielleicht mehr Speicher, als dieser Browser gibt',
    tooManyModels: (names: string[]) => `${names.join(', ')}: mehr als ein Modell`,
    tooManyModelsHint: 'nehmen Sie eine .onnx-Datei auf einmal',
    tooManyCells: (names: string[]) => `${names.join(', ')}: mehr als eine Matrix`,
    tooManyCellsHint: 'nehmen Sie eine Datei oder einen Satz 10x-Dateien',
    bug: 'das sollte nicht geschehen; bitte melden Sie es',
  },
};
