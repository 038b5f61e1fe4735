// What page and worker say to each other: the only file both sides share. Columns are typed arrays and are transferred.
import type {
  BroaderTerm,
  CellColumn,
  CellType,
  ClusterLabel,
  CountsSummary,
  Curated,
  FileProteins,
  GeneMeans,
  GroupProfile,
  Layout,
  MarkerPattern,
  ModelSummary,
  Noise,
  PackedNames,
  Pattern,
  Places,
  Promised,
  QuerySummary,
  ReceiptRequest,
  Scaling,
  UnknownGroups,
  Walk,
} from '../../wasm/plkd_core';
import type { CellColumns, LabelChoice, LabelColumns } from './label_columns';

export type * from '../../wasm/plkd_core';
export type { CellColumns, LabelChoice, LabelColumns };

export type ErrorKind = 'BadInput' | 'WrongUsage' | 'Internal';

// Mirrors plkd::Error: the message says where and what, the hint what to do next.
export class PlkdError extends Error {
  constructor(
    readonly kind: ErrorKind,
    message: string,
    readonly hint: string = '',
  ) {
    super(message);
    this.name = 'PlkdError';
  }
}

// A file under the name the reader expects; 10x files lose the prefixes that archives give them.
export interface NamedFile {
  name: string;
  file: File;
}

// Labels of cells [first, first + best.length).
export interface AnnotatedRange extends CellColumns {
  choices: LabelChoice[]; // one for each error rate asked for
  first: number;
  names: PackedNames;
}

export interface NameRange {
  first: number;
  names: PackedNames;
}

// Where onnxruntime runs: on the graphics card, or on the processor where there is none.
export type OrtDevice = 'webgpu' | 'cpu';

export interface AdapterInfo {
  name: string; // "nvidia ampere"; empty where the browser does not tell
  isSoftware: boolean; // emulated on the processor: right, but slow
}

export interface OrtReady {
  device: OrtDevice;
  name: string;
  batchCells: number;
}

export interface Verification {
  cells: number;
  device: OrtDevice;
  deviceName: string;
  sameLabels: number; // cells with the same label from both engines
  maxProbability: number; // largest absolute difference
  maxLogit: number;
}

// What the Teacher and the Student say of some cells: means over them.
export interface Asked {
  cells: number;
  attention: Float32Array; // [patterns], that the Teacher's class token pays
  score: Float32Array; // [patterns], of the Student; empty in a model that scores no patterns
}

export const LabelKind = { type: 0, broader: 1, unknown: 2 } as const;

// Share of wrong labels accepted, as the command line does unless told.
export const kErrorRate = 0.05;

// A column of the cells' table that may tell groups of cells apart: batches, or somebody's clusters.
export interface GroupColumn {
  name: string;
  groups: number;
}

// What the user's own clusters are by majority.
export interface Vote {
  column: string;
  cluster: Int32Array; // [cells], index into labels, -1 for none
  labels: ClusterLabel[];
}

export interface Markers {
  markers: MarkerPattern[]; // by group, best first
  cells: number; // they were sought in
}

interface RangeToAnnotate {
  first: number;
  end: number;
  errorRates: readonly number[];
}

// What a person made of a cell's label: index into Curated.reviewNames.
export const Review = { none: 0, accepted: 1, renamed: 2, named: 3 } as const;
export const kReviewNames = ['', 'accepted', 'renamed', 'named by hand'];

export interface CsvRequest {
  classes: CellType[];
  broader: BroaderTerm[];
  columns: LabelColumns;
  names: NameRange[]; // ascending, together all cells
  labelAll: boolean;
  vote: Vote | null;
  curated: Curated | null;
}

interface LabelsToWrite {
  columns: LabelColumns;
  request: ReceiptRequest;
  curated: Curated | null; // of an h5ad; receipts hold only what can be made again
}

// One entry a call. Everything but writeCsv and findAdapter needs what was opened before it.
export interface Calls {
  openModel: { params: { file: File }; result: ModelSummary };
  // `index`: what another worker found out about the same files.
  openCounts: { params: { files: NamedFile[]; slot: string; index: Uint8Array | null }; result: CountsSummary };
  countsIndex: { params: Record<string, never>; result: Uint8Array | null }; // null: every worker would have to read the whole file
  // Opens it whether it fits the model or not: the verdict is in the summary.
  openQuery: { params: { orthologues: boolean; without: readonly string[] }; result: QuerySummary };
  annotate: { params: RangeToAnnotate; result: AnnotatedRange };
  groupColumns: { params: Record<string, never>; result: GroupColumn[] };
  // `column` tells batches apart; empty when all cells are one. The result is what is done, 0 to 1; at 1 the query is scaled.
  startAdapting: { params: { column: string }; result: number };
  adaptFurther: { params: Record<string, never>; result: number };
  scaling: { params: Record<string, never>; result: Scaling };
  scale: { params: { scaling: Scaling | null }; result: number };
  // Where the model's types lie in the query, for all workers.
  findPlaces: { params: Record<string, never>; result: Places };
  setPlaces: { params: { places: Places }; result: number };
  restrictTo: { params: { isPossible: Uint8Array }; result: number }; // empty: all types
  promised: { params: { errorRate: number; shift: number; beyond95: number }; result: Promised };
  cellColumn: { params: { column: string }; result: CellColumn };
  // Genes of the query as people call them: symbols where there are any. Their places here are what geneValues and geneMeans take.
  geneNames: { params: Record<string, never>; result: string[] };
  geneValues: { params: { genes: readonly number[]; first: number; end: number }; result: Float32Array }; // [genes x cells], log-normalised
  // Proteins of the file, whether the model takes them or not. Their places here are what proteinValues takes.
  proteins: { params: Record<string, never>; result: FileProteins };
  proteinValues: { params: { proteins: readonly number[]; first: number; end: number }; result: Float32Array }; // [proteins x cells]
  // `group` [cells], -1 takes part in nothing; at most `top` markers a group.
  profileGroups: { params: { group: Int32Array; groups: number; top: number }; result: GroupProfile };
  // Of the groups that were profiled last.
  geneMeans: { params: { genes: readonly number[] }; result: GeneMeans };
  unknownGroups: { params: { columns: LabelColumns }; result: UnknownGroups };
  // A UMAP of the latents, a step at a time until its share is 1. `map` [cells x 2]: where cells begin.
  startLayout: { params: { map: Float32Array; seed: number }; result: Layout };
  layOutFurther: { params: Record<string, never>; result: Layout };
  walk: { params: { cell: number; noise: Noise; errorRate: number; genes: number }; result: Walk };
  annotateNoisy: { params: { first: number; end: number; noise: Noise; errorRate: number }; result: LabelColumns };
  patterns: { params: { genes: number }; result: Pattern[] };
  patternScores: { params: { cell: number }; result: Float32Array }; // [patterns]
  // `group` [cells], -1 takes part in nothing.
  markers: { params: { group: Int32Array; groups: number }; result: Markers };
  findAdapter: { params: Record<string, never>; result: AdapterInfo | null };
  startOrt: { params: { device: OrtDevice }; result: OrtReady };
  annotateWithOrt: { params: RangeToAnnotate; result: AnnotatedRange };
  // A Teacher's file beside the open model; fails for another model's.
  checkTeacher: { params: { file: File }; result: number };
  startTeacher: { params: { file: File; device: OrtDevice }; result: OrtReady };
  askTeacher: { params: { cells: Uint32Array }; result: Asked };
  verify: { params: { cells: number }; result: Verification };
  vote: { params: { columns: LabelColumns; column: string; labelAll: boolean }; result: Vote };
  writeCsv: { params: CsvRequest; result: Blob };
  // Reads the cells once more, some hundred a call, until the result is 1; then the two below can be written.
  digestFurther: { params: Record<string, never>; result: number };
  writeReceipt: { params: LabelsToWrite; result: Blob };
  writeH5ad: { params: LabelsToWrite; result: Blob };
}

export type CallName = keyof Calls;

export type Request = {
  [Name in CallName]: { id: number; name: Name; params: Calls[Name]['params'] };
}[CallName];

export type Reply =
  | { id: number; ok: true; value: unknown }
  | { id: number; ok: false; kind: ErrorKind; message: string; hint: string };

export function assertNever(value: never): never {
  throw new PlkdError('Internal', `unexpected ${JSON.stringify(value)}`);
}
