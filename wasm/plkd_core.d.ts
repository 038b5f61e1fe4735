// What the compiled core offers to the worker. Two laws: bytes go in, handles stay, copies come out; every handle has one
// owner, who calls delete(). No exception crosses: every call that can fail returns a Result.

export type Result<T> =
  | { ok: true; value: T }
  | { ok: false; kind: 'BadInput' | 'WrongUsage' | 'Internal'; message: string; hint: string };

export interface CellType {
  name: string;
  ontologyId: string;
  referenceCells: number;
}

// A Cell Ontology term above several types, for cells whose own type is unsure.
export interface BroaderTerm {
  name: string;
  ontologyId: string;
  classes: number[]; // it covers
}

// One way to trade labels for errors, as fitted on held-out cells of the reference; shares are 0 to 1.
export interface PromiseSetting {
  target: number; // what errorRate chooses: the largest target not above it
  leastProbability: number;
  error: number; // wrong labels among those given
  coverage: number; // cells that got a label
  broader: number; // cells that got a broader term
}

// What may be said about the labels of a query.
export interface Promised {
  target: number; // of the setting chosen; 0 when the model promises nothing
  likeReference: number; // wrong labels among those given, on cells like the reference
  isShifted: boolean; // the query looks clearly less like the reference than held-out cells do
  isPromised: boolean;
  error: number | null; // expected at this shift; null when nothing is promised
  statement: string; // the same in a sentence, as `plkd annotate` prints it
}

export interface ModelSummary {
  name: string;
  organism: string;
  tissue: string;
  licence: string;
  sources: string[];
  architecture: string; // "mlp-v1:3000-256-128-11"
  genes: number;
  inputs: ModelInput[]; // of its graph; one of RNA for most models
  choices: ModalityChoice[]; // all modalities, then each choice of some that was measured; empty in a model of RNA alone
  patterns: number;
  explains: boolean; // whether it scores patterns for every cell
  adapts: boolean; // whether queries can be adapted to: it keeps class means
  classes: CellType[];
  broader: BroaderTerm[]; // fewest types first; empty in a model trained without an ontology
  unknownAbove: number;
  promise: PromiseSetting[]; // targets ascending; empty when there were too few held-out cells
  ece: number | null; // expected calibration error on held-out cells
  scores: unknown; // held-out scores as `plkd evaluate --json` writes them; {} when there are none
  description: string; // twelve lines of plain text, as `plkd describe` prints
}

// What the graph takes of one modality: features [first, first + features) of those that Expression numbers; behind them stands a flag,
// which the graph makes itself.
export interface ModelInput {
  name: string; // "rna", "adt", "atac"
  first: number;
  features: number;
}

// How sure labels are of cells that have these modalities alone, by held-out cells of the reference seen so.
export interface ModalityChoice {
  present: string[]; // in the model's order
  accuracy: number | null; // of the best types; null where it was not measured
  promise: PromiseSetting[];
}

export interface Pattern {
  name: string;
  topGenes: string[]; // by falling weight
}

// A pattern that is more active, and looked at, in the cells of one group than in all others; see shared/explain/marker_patterns.h.
export interface MarkerPattern {
  group: number;
  pattern: number;
  difference: number; // of the mean scores, in standard deviations of the reference
  auc: number;
  qValue: number;
}

// A gene that is more expressed in the cells of one group than in all others; see shared/explain/group_genes.h.
export interface MarkerGene {
  group: number;
  gene: number; // of the query
  name: string;
  difference: number; // of the mean log-normalised expression
  score: number; // Welch's t
  qValue: number;
  shareIn: number; // cells of the group that express it
  shareOut: number; // of all others
}

// Of genes in groups of cells.
export interface GeneMeans {
  mean: Float32Array; // [groups x genes], log-normalised
  share: Float32Array; // [groups x genes], cells with any count
}

// Cells that were called unknown, by their likeness to each other.
export interface UnknownGroups {
  group: Int32Array; // [cells], -1 for cells with a label
  groups: UnknownGroup[]; // largest first
}

export interface UnknownGroup {
  cells: number;
  nearest: string; // the type that more than half are nearest to, else the narrowest broader term that does; '' for neither
  ontologyId: string;
  medianLibrary: number; // counts a cell: few are the mark of debris
  medianGenes: number;
}

// What is known of groups of cells: genes that mark them, and how active each pattern is.
export interface GroupProfile {
  cells: Int32Array; // [groups], looked at: of a large file some 20,000 in all, and 50 of each rare group where there are so many
  markers: MarkerGene[]; // by group, best first
  patternMean: Float32Array; // [groups x patterns], mean scores; empty unless the model explains
}

// Two-dimensional places while they are found: of all cells once `share` is 1, before that of those cells that are laid out.
export interface Layout {
  share: number; // done, 0 to 1
  step: 'reading' | 'neighbours' | 'moving' | 'placing' | 'done';
  cells: Uint32Array; // whose places these are
  places: Float32Array; // [cells x 2]; empty until they move
}

// What a laboratory with less luck would have seen of the same cells.
export interface Noise {
  depth: number; // share of the counts that is left, 0 to 1
  dropout: number; // share of the genes that are lost in each cell, 0 to 1
  seed: number;
}

// One cell on its way through the Student.
export interface Walk {
  library: number; // counts of the cell, all genes
  detected: number; // genes with any count
  genes: { name: string; count: number; value: number }[]; // of the model, highest values first
  patterns: Float32Array; // [patterns]; empty unless the model explains
  hidden: Float32Array; // [latent width]
  probabilities: Float32Array; // [classes], calibrated
  label: Annotations; // of this one cell
}

// Cells that a Teacher's file brings along, and what the Teacher said of them when it was exported.
export interface TeacherExample {
  expression: Expression;
  attention: Float32Array; // [cells x patterns]
}

export interface ModelHandle {
  summary(): ModelSummary;
  patterns(genes: number): Pattern[]; // with so many of their genes
  // Markers of each group, best first. `scores` [cells x patterns] as QueryHandle.patterns gives them, group [cells], -1 takes
  // part in nothing.
  markerPatterns(scores: Float32Array, group: Int32Array, groups: number): Result<MarkerPattern[]>;
  // Fails for files that are no Teacher, or another model's. `source` names it in messages.
  teacherExample(bytes: Uint8Array, source: string): Result<TeacherExample>;
  delete(): void;
}

export interface CountsSummary {
  format: string; // "h5ad (anndata 0.8), csr_matrix in 'X'"
  slots: string[]; // matrices that openCounts can choose among: of an h5ad, of loom, genomes of 10x
  slot: string; // the one that is read; '' where several are read together
  cells: number;
  genes: number;
  organism: string; // as in QuerySummary
  columns: string[]; // of the cells' table
  keepsResults: boolean; // labels can be added to the file itself: it is an h5ad
  modalities: OtherModality[]; // what was measured of the cells beside their genes
}

export interface OtherModality {
  name: string; // "adt", "atac"
  where: string; // in the file: "obsm:protein_counts"
  features: number; // proteins, several antibodies against one counted once; or peaks
  isotypes: string[]; // names of antibodies that bind nothing, and of hashtags: no proteins of the cell
  hashtags: string[];
  unfit: string; // why its values are no counts; '' when they are
}

export interface CellColumn {
  categories: string[];
  code: Int32Array; // [cells], -1 where missing
}

// Names as UTF-8 in one buffer: name k is bytes [begin[k], begin[k + 1]).
export interface PackedNames {
  bytes: Uint8Array;
  begin: Uint32Array; // [cells + 1]
}

export interface CountsHandle {
  summary(): CountsSummary;
  cellNames(first: number, end: number): Result<PackedNames>;
  index(): Uint8Array | null; // for reopenCounts; null where another core would have to read the whole file, too
  column(name: string): Result<CellColumn>;
  delete(): void;
}

export interface QuerySummary {
  kind: string; // "counts", "log-normalised", "log2-normalised", ... as `plkd describe` says
  evidence: string;
  medianLibrary: number;
  medianGenes: number;
  modelGenes: number;
  matched: number;
  matchedById: number;
  matchedBySymbol: number;
  matchedByAlias: number;
  matchedByOrthologue: number; // 0 unless orthologues were wanted
  merged: number;
  missing: string[]; // symbols of model genes the query lacks
  alignment: string; // one sentence
  organism: string; // "human", "mouse", "human and mouse", "another organism", "not known"
  organismEvidence: string;
  geneNames: string; // column of the genes' table whose names were used; '' for the file's own
  // Whether the model may be believed about these cells, and what is wrong where it may not.
  passes: boolean;
  problems: GateProblem[];
  orthologuesHelp: boolean; // mapping genes to the model's organism is a remedy
  modalities: ModalityMatch[]; // that the model takes, in its order; empty for a model of RNA alone
}

// What the cells have of a modality that the model takes.
export interface ModalityMatch {
  name: string; // "rna", "adt", "atac"
  where: string; // in the file; '' for genes, and where there is nothing
  features: number; // of the model
  matched: number; // of these
  missing: string[];
  isUsed: boolean;
  isSetAside: boolean; // as was asked
  controls: string[]; // isotype controls and hashtags, left out
  passedOver: string[]; // other places in the file that match no better
  isCompleted: boolean; // what is missing is taken to be as in a typical cell of the reference
  unfit: string; // why its values cannot be used; '' when they can
}

export interface GateProblem {
  what: string;
  remedy: string;
}

// Columns of some cells, in order. Arrays are copies the caller owns.
export interface Annotations {
  kind: Uint8Array; // 0 the best type is the label, 1 a broader term is, 2 unknown
  term: Int32Array; // index into ModelSummary.broader, -1 unless kind is 1
  labelProbability: Float32Array; // of the types the label covers; of best when unknown
  best: Int32Array; // class
  second: Int32Array; // class or -1
  probability: Float32Array;
  secondProbability: Float32Array;
  unknownScore: Float32Array;
  undisplacedScore: Float32Array; // the same by the types' own places in the reference: what `promised` wants the mean of
  map: Float32Array; // [cells x 2]
}

// The same at several error rates: one choice of labels each, everything else once.
export interface AnnotationsAtRates extends Omit<Annotations, 'kind' | 'term' | 'labelProbability'> {
  choices: Pick<Annotations, 'kind' | 'term' | 'labelProbability'>[]; // [error rates]
}

// Factors that a query's counts are divided by.
export interface Scaling {
  factor: Float32Array; // [batches x model genes]; empty when nothing is scaled
  batch: Int32Array; // [cells], row of `factor`, -1 for a cell that is not scaled; empty when all are of batch 0
}

// Where a model's types lie in a query: another technology moves them.
export interface Places {
  centre: Float32Array; // [types x novelty's width]; empty in a model that measures no novelty
  allowance: number;
}

// Log-normalised expression over the model's genes, compressed sparse rows.
export interface Expression {
  cells: number;
  genes: number;
  rowBegin: Uint32Array; // [cells + 1]
  gene: Uint32Array; // [entries], each gene at most once a cell
  value: Float32Array; // [entries]
}

// The same before its last step, as few bytes as the values allow: expression is log(1 + count * scale).
export interface ScaledCounts {
  cells: number;
  genes: number;
  rowBegin: Uint32Array; // [cells + 1]
  scale: Float32Array; // [cells]
  wordsPerEntry: 1 | 2; // 1: gene | count << 16; 2: gene, then the bits of the count as a float
  words: Uint32Array; // [entries x wordsPerEntry]
}

// What a cluster of the user's own is by the majority of its cells; see shared/annotate/vote.h.
export interface ClusterLabel {
  cluster: string;
  cells: number;
  label: string; // "unknown" where nothing has a majority
  ontologyId: string;
  agree: number; // cells
}

// Everything beside model and cells that changes a label, as receipts keep it.
export interface ReceiptOptions {
  error_rate: number;
  adapt: boolean;
  batch: string;
  only: string[];
  label_all: boolean;
  clusters: string; // column of the vote; '' for none
  slot: string;
  orthologues: boolean;
  force: boolean;
  without?: string[]; // modalities set aside
}

// What a person made of the labels by hand.
export interface Curated {
  names: string[];
  label: Int32Array; // [cells], index into names
  reviewNames: string[]; // '' where nothing was reviewed
  review: Uint8Array; // [cells], index into reviewNames
}

// What a receipt tells that the core does not know: the files' names and sizes, the options, and which engine inferred.
export interface ReceiptRequest {
  engine: string;
  model: { name: string; bytes: number };
  cells: { name: string; bytes?: number };
  options: ReceiptOptions;
}

export interface QueryHandle {
  summary(): QuerySummary;
  // `shift`: mean undisplacedScore of all its cells; `beyond95`: share of them with a score above 0.95.
  promised(errorRate: number, shift: number, beyond95: number): Promised;
  // C++ engine: cells [first, end), from counts to labels. `errorRates`: shares of wrong labels to accept, 0.05 by default in
  // the command line.
  annotate(first: number, end: number, errorRates: readonly number[]): Result<AnnotationsAtRates>;
  // C++ engine's logits [cells x classes] of cells [first, end), before temperature: what Verify compares with another engine's.
  logits(first: number, end: number): Result<Float32Array>;
  // What each pattern has to do with the labels of cells [first, end): scores [cells x patterns], empty unless the model explains.
  patterns(first: number, end: number): Result<Float32Array>;
  // Cells by their numbers, ascending: the Student's input, and its scores [cells x patterns].
  chosen(cells: Uint32Array): Result<{ expression: Expression; patterns: Float32Array }>;
  // Adapts to the query's chemistry, as `plkd annotate --adapt` does: start, then go on until the progress is 1, which scales the
  // query. `batch` as in Scaling. The reply of startAdapting and scale says no more than ok.
  startAdapting(batch: Int32Array): Result<number>;
  adaptFurther(): Result<number>; // progress, 0 to 1; some hundred cells a call
  // What one worker estimated, for the others; two empty arrays undo it.
  scaling(): Scaling;
  scale(factor: Float32Array, batch: Int32Array): Result<number>;
  // Looks at some 2,000 cells for what setPlaces then tells every worker; without it, unknown scores are by the reference's own
  // places. After scaling, if that is wanted.
  findPlaces(): Result<Places>;
  setPlaces(centre: Float32Array, allowance: number): Result<number>;
  // Types that may be given [classes], 1 or 0; empty for all.
  restrictTo(isPossible: Uint8Array): Result<number>;
  // What is written when all cells are annotated; `columns` are those of all cells, in order.
  vote(columns: Annotations, column: string, labelAll: boolean): Result<ClusterLabel[]>;
  // Reads the cells once more for their digest, some hundred a call, until the progress is 1: receipts want it.
  digestFurther(): Result<number>;
  receipt(columns: Annotations, request: string): Result<string>; // ReceiptRequest as JSON; JSON
  // `path`: a copy of the h5ad that was opened, which gets the results; of another format, a file that is made.
  writeH5ad(path: string, columns: Annotations, request: string, curated: Curated | null): Result<number>;
  // Another engine: expression() or scaledCounts() gives its input, decide() turns its outputs into labels. `first` must begin one of
  // the last two ranges asked for; logits [cells x classes], latent [cells x latent width], map [cells x 2].
  expression(first: number, end: number): Result<Expression>;
  scaledCounts(first: number, end: number): Result<ScaledCounts>;
  decide(
    first: number,
    logits: Float32Array,
    latent: Float32Array,
    map: Float32Array,
    errorRates: readonly number[],
  ): Result<AnnotationsAtRates>;
  delete(): void;
}

// Proteins of the file, whether the model takes them or not, as people know them; their places here are what proteinValues takes.
export interface FileProteins {
  names: string[];
  areCounts: boolean; // false: values were normalised already
}

// What is asked of a query beside its labels. Genes are numbered as the file has them, whether the model knows them or not.
export interface ExplorerHandle {
  geneNames(): Result<string[]>; // symbols, else ids
  geneValues(genes: readonly number[], first: number, end: number): Result<Float32Array>; // [genes x cells], log-normalised
  proteins(): Result<FileProteins>;
  // [proteins x cells]: centred log-ratios, or what the file has where it has no counts.
  proteinValues(proteins: readonly number[], first: number, end: number): Result<Float32Array>;
  // Profiles groups: start, add ranges of cells with the group of each [end - first], -1 for none, then ask. The reply of the first
  // two says no more than ok; geneMeans are of the groups that were started last.
  startProfile(groups: number): Result<number>;
  addToProfile(first: number, end: number, group: Int32Array): Result<number>;
  profiled(top: number): Result<GroupProfile>;
  geneMeans(genes: readonly number[]): Result<GeneMeans>;
  unknownGroups(columns: Annotations): Result<UnknownGroups>; // of all cells, in order
  startLayout(map: Float32Array, seed: number): Result<Layout>;
  layOutFurther(): Result<Layout>;
  walk(cell: number, noise: Noise, errorRate: number, genes: number): Result<Walk>;
  // Labels of cells [first, end) as if their counts were noisy.
  annotateNoisy(first: number, end: number, noise: Noise, errorRate: number): Result<Annotations>;
  delete(): void;
}

// A file of emscripten's, whose contents the worker may keep elsewhere.
export interface FsNode {
  node_ops: { getattr(node: FsNode): { size: number; blocks: number }; setattr(node: FsNode, change: { size?: number }): void };
  stream_ops: {
    read(stream: unknown, into: Uint8Array, offset: number, length: number, position: number): number;
    write(stream: unknown, from: Uint8Array, offset: number, length: number, position: number): number;
    llseek(stream: { position: number }, offset: number, whence: number): number;
  };
}

export interface PlkdCore {
  FS: {
    lookupPath(path: string): { node: FsNode };
    mkdir(path: string): void;
    mount(type: unknown, options: { files?: File[]; blobs?: { name: string; data: Blob }[] }, path: string): void;
    unmount(path: string): void;
    analyzePath(path: string): { exists: boolean };
    readFile(path: string): Uint8Array<ArrayBuffer>;
    writeFile(path: string, data: Uint8Array): void;
    unlink(path: string): void;
  };
  WORKERFS: unknown;
  // The model file's bytes; `source` names it in messages.
  openModel(bytes: Uint8Array, source: string): Result<ModelHandle>;
  // A path inside FS: a file, or a folder of 10x files. `slot` is '' to let the reader choose, or 'X', 'raw.X', 'layers/NAME'.
  openCounts(path: string, slot: string): Result<CountsHandle>;
  // In another core, by the index of the same files: a text is not read through again.
  reopenCounts(path: string, slot: string, index: Uint8Array): Result<CountsHandle>;
  // Borrows both: delete the query before them.
  openQuery(model: ModelHandle, counts: CountsHandle): Result<QueryHandle>; // fails where it does not pass
  // Whatever the verdict, which is in its summary; values that are scaled fail all the same. `orthologues`: genes may be found by
  // their names in the other organism.
  // `without`: names of modalities that are not to be used.
  openQueryAnyway(model: ModelHandle, counts: CountsHandle, orthologues: boolean, without: readonly string[]): Result<QueryHandle>;
  explore(query: QueryHandle): Result<ExplorerHandle>; // borrows it: delete the explorer before
  version(): string;
}

// The module's default export; `wasmBinary` or `locateFile` tell it where plkd_core.wasm is.
export default function createPlkdCore(options?: {
  wasmBinary?: ArrayBuffer | Uint8Array;
  locateFile?: (file: string, prefix: string) => string;
}): Promise<PlkdCore>;
