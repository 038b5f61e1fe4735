// Answers the page's calls, one at a time and in order.
import {
  type AnnotatedRange,
  assertNever,
  type Calls,
  type ErrorKind,
  type OrtDevice,
  type OrtReady,
  type Places,
  PlkdError,
  type Promised,
  type Reply,
  type Request,
} from '../protocol';
import { adaptFurther, scale, startAdapting } from './adapt';
import { describeAdapter, requestAdapter } from './adapter';
import { annotate, annotateWithOrt, verify } from './annotate';
import { valueOf } from './core';
import { writeCsv } from './csv';
import { findMarkers, patternScores } from './explain';
import { annotateNoisy, layOutFurther, startLayout, unknownGroups, walk } from './explore';
import { withUserNames } from './files';
import { geneValues, profileGroups, proteinValues } from './genes';
import { groupColumns, vote } from './groups';
import { Opened } from './opened';
import { createOrtStudent, type OrtStudent } from './ort_student';
import { createOrtTeacher, type OrtTeacher } from './ort_teacher';
import { writeH5ad, writeReceipt } from './write_results';

declare const self: DedicatedWorkerGlobalScope;

let opened: Promise<Opened> | undefined;
// At most one of them, for onnxruntime's sake.
let student: OrtStudent | undefined;
let teacher: OrtTeacher | undefined;

const open = () => (opened ??= Opened.create());

async function answer(request: Request): Promise<unknown> {
  switch (request.name) {
    case 'openModel':
      await stopOrt();
      return (await open()).openModel(request.params.file);
    case 'openCounts':
      return (await open()).openCounts(request.params);
    case 'countsIndex':
      return (await open()).counts.index();
    case 'openQuery':
      return (await open()).openQuery(request.params.orthologues, request.params.without);
    case 'annotate':
      return annotate(await open(), request.params.first, request.params.end, request.params.errorRates);
    case 'groupColumns':
      return groupColumns(await open());
    case 'startAdapting':
      return startAdapting(await open(), request.params.column);
    case 'adaptFurther':
      return adaptFurther(await open());
    case 'scaling':
      return (await open()).query.scaling();
    case 'scale':
      return scale(await open(), request.params.scaling);
    case 'findPlaces':
      return valueOf((await open()).query.findPlaces());
    case 'setPlaces':
      return setPlaces(await open(), request.params.places);
    case 'restrictTo':
      return valueOf((await open()).query.restrictTo(request.params.isPossible));
    case 'promised':
      return promised(await open(), request.params);
    case 'cellColumn':
      return valueOf((await open()).counts.column(request.params.column));
    case 'geneNames':
      return valueOf((await open()).explorer.geneNames());
    case 'geneValues':
      return geneValues(await open(), request.params);
    case 'proteins':
      return valueOf((await open()).explorer.proteins());
    case 'proteinValues':
      return proteinValues(await open(), request.params);
    case 'profileGroups':
      return profileGroups(await open(), request.params);
    case 'geneMeans':
      return valueOf((await open()).explorer.geneMeans(request.params.genes));
    case 'unknownGroups':
      return unknownGroups(await open(), request.params);
    case 'startLayout':
      return startLayout(await open(), request.params);
    case 'layOutFurther':
      return layOutFurther(await open());
    case 'walk':
      return walk(await open(), request.params);
    case 'annotateNoisy':
      return annotateNoisy(await open(), request.params);
    case 'patterns':
      return (await open()).model.patterns(request.params.genes);
    case 'patternScores':
      return patternScores(await open(), request.params.cell);
    case 'markers':
      return findMarkers(await open(), request.params.group, request.params.groups);
    case 'findAdapter': {
      const adapter = await requestAdapter();
      return adapter && describeAdapter(adapter);
    }
    case 'startOrt':
      return startOrt(request.params.device);
    case 'annotateWithOrt':
      return annotateOnOrt(await open(), request.params);
    case 'checkTeacher':
      return (await (await open()).teacherExample(request.params.file)).expression.cells;
    case 'startTeacher':
      return startTeacher(request.params.file, request.params.device);
    case 'askTeacher':
      return running(teacher).ask((await open()).query, request.params.cells);
    case 'verify':
      return verify(await open(), running(student), request.params.cells);
    case 'vote':
      return vote(await open(), request.params);
    case 'writeCsv':
      return writeCsv(request.params);
    case 'digestFurther':
      return valueOf((await open()).query.digestFurther());
    case 'writeReceipt':
      return writeReceipt(await open(), request.params);
    case 'writeH5ad':
      return writeH5ad(await open(), request.params);
    default:
      return assertNever(request);
  }
}

function setPlaces(files: Opened, { centre, allowance }: Places): number {
  return valueOf(files.query.setPlaces(centre, allowance));
}

function promised(files: Opened, { errorRate, shift, beyond95 }: Calls['promised']['params']): Promised {
  return files.query.promised(errorRate, shift, beyond95);
}

function annotateOnOrt(files: Opened, { first, end, errorRates }: Calls['annotateWithOrt']['params']): Promise<AnnotatedRange> {
  return annotateWithOrt(files, running(student), first, end, errorRates);
}

async function startOrt(device: OrtDevice): Promise<OrtReady> {
  if (student?.device !== device) {
    await stopOrt();
    const files = await open();
    student = await createOrtStudent(await files.modelBytes(), files.model.summary(), device);
  }
  const { name, batchCells } = running(student);
  return { device, name, batchCells };
}

async function startTeacher(file: File, device: OrtDevice): Promise<OrtReady> {
  if (!teacher || teacher.device !== device || !isSame(teacher.file, file)) {
    await stopOrt();
    teacher = await createOrtTeacher(file, await (await open()).teacherExample(file), device);
  }
  const { name, batchCells } = running(teacher);
  return { device, name, batchCells };
}

// A file comes as another object with every message.
function isSame(a: File, b: File): boolean {
  return a.name === b.name && a.size === b.size && a.lastModified === b.lastModified;
}

async function stopOrt(): Promise<void> {
  const old = student ?? teacher;
  student = undefined;
  teacher = undefined;
  await old?.release();
}

function running<Network>(network: Network | undefined): Network {
  if (!network) throw new PlkdError('Internal', 'onnxruntime was asked before it was started');
  return network;
}

function failure(error: unknown): { kind: ErrorKind; message: string; hint: string } {
  if (error instanceof PlkdError) {
    return { kind: error.kind, message: withUserNames(error.message), hint: withUserNames(error.hint) };
  }
  if (error instanceof DOMException && /^Not(Readable|Found)Error$/.test(error.name)) {
    return { kind: 'BadInput', message: 'a chosen file has changed or gone since it was chosen', hint: 'choose it again' };
  }
  return { kind: 'Internal', message: error instanceof Error ? error.message : String(error), hint: '' };
}

// Columns move to the page instead of being copied: every array of a reply is a copy that the worker does not keep.
function buffersOf(value: unknown): Transferable[] {
  const buffers = new Set<ArrayBuffer>();
  const collect = (part: unknown): void => {
    if (ArrayBuffer.isView(part)) buffers.add(part.buffer as ArrayBuffer);
    else if (Array.isArray(part)) {
      if (typeof part[0] === 'object') part.forEach(collect);
    } else if (typeof part === 'object' && part !== null && !(part instanceof Blob)) Object.values(part).forEach(collect);
  };
  collect(value);
  return [...buffers];
}

let last: Promise<void> = Promise.resolve();

self.onmessage = (event: MessageEvent<Request>) => {
  const { id } = event.data;
  last = last.then(async () => {
    try {
      const value = await answer(event.data);
      self.postMessage({ id, ok: true, value } satisfies Reply, buffersOf(value));
    } catch (error) {
      self.postMessage({ id, ok: false, ...failure(error) } satisfies Reply);
    }
  });
};
