// What this worker has open. Every handle has one owner, and it is here: an explorer borrows its query, a query its model and
// its counts, so they go in this order.
import type { CountsHandle, ExplorerHandle, ModelHandle, PlkdCore, QueryHandle, TeacherExample } from '../../../wasm/plkd_core';
import { type Calls, type CountsSummary, type ModelSummary, type NamedFile, type PackedNames, PlkdError, type QuerySummary } from '../protocol';
import { loadCore, valueOf } from './core';
import { mountFiles } from './files';

export class Opened {
  private modelHandle: ModelHandle | undefined;
  private countsHandle: CountsHandle | undefined;
  private queryHandle: QueryHandle | undefined;
  private explorerHandle: ExplorerHandle | undefined;
  private modelFile: File | undefined;
  private countsFiles: NamedFile[] = [];

  private constructor(readonly core: PlkdCore) {}

  static async create(): Promise<Opened> {
    return new Opened(await loadCore());
  }

  async openModel(file: File): Promise<ModelSummary> {
    this.closeQuery();
    this.modelHandle?.delete();
    this.modelHandle = undefined;
    this.modelHandle = valueOf(this.core.openModel(new Uint8Array(await file.arrayBuffer()), file.name));
    this.modelFile = file;
    return this.modelHandle.summary();
  }

  openCounts({ files, slot, index }: Calls['openCounts']['params']): CountsSummary {
    this.closeQuery();
    this.countsHandle?.delete();
    this.countsHandle = undefined;
    const path = mountFiles(this.core, files);
    this.countsHandle = valueOf(index ? this.core.reopenCounts(path, slot, index) : this.core.openCounts(path, slot));
    this.countsFiles = files;
    return this.countsHandle.summary();
  }

  openQuery(orthologues: boolean, without: readonly string[]): QuerySummary {
    this.closeQuery();
    this.queryHandle = valueOf(this.core.openQueryAnyway(this.model, this.counts, orthologues, without));
    return this.queryHandle.summary();
  }

  get query(): QueryHandle {
    return given(this.queryHandle);
  }

  get explorer(): ExplorerHandle {
    this.explorerHandle ??= valueOf(this.core.explore(this.query));
    return this.explorerHandle;
  }

  get model(): ModelHandle {
    return given(this.modelHandle);
  }

  get counts(): CountsHandle {
    return given(this.countsHandle);
  }

  get classes(): number {
    return this.model.summary().classes.length;
  }

  modelBytes(): Promise<ArrayBuffer> {
    return given(this.modelFile).arrayBuffer();
  }

  async teacherExample(file: File): Promise<TeacherExample> {
    return valueOf(this.model.teacherExample(new Uint8Array(await file.arrayBuffer()), file.name));
  }

  // The file the labels can be added to; null where the counts are of another format than h5ad.
  countsFile(): File | null {
    return this.counts.summary().keepsResults ? (this.countsFiles[0]?.file ?? null) : null;
  }

  cellNames(first: number, end: number): PackedNames {
    return valueOf(this.counts.cellNames(first, end));
  }

  private closeQuery(): void {
    this.explorerHandle?.delete();
    this.explorerHandle = undefined;
    this.queryHandle?.delete();
    this.queryHandle = undefined;
  }
}

function given<T>(value: T | undefined): T {
  if (value === undefined) throw new PlkdError('Internal', 'the worker was asked before its files were opened');
  return value;
}
