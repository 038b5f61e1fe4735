// Paints all cells in one draw call for each layer, with WebGL2. Columns are uploaded as they are, and only when they changed.
import { type Ink, kOutline, kReach, kShapes } from './ink';
import { kFaint, kOpacity, type Painter, resizeCanvas, type Scene } from './painter';
import type { Size, Transform } from './view';

const kInksPerRow = 256;
// A slow graphics card paints a part of the cells while the view moves, which the mixed order makes an even sample.
const kMovingMs = 40;
const kFewestMoving = 50_000;

const kCellVertex = `#version 300 es
layout(location = 0) in vec2 place;
layout(location = 1) in vec2 placeBefore;
layout(location = 2) in int group;
uniform vec4 transform;  // scale and offset, into clip space
uniform vec4 transformBefore;
uniform float share;
uniform float radius;  // device pixels
uniform float opacity;
uniform mediump sampler2D inks;  // the first one is of cells without a group
flat out vec3 colour;
flat out int shape;

void main() {
  vec2 at = place * transform.xy + transform.zw;
  if (share < 1.0) at = mix(placeBefore * transformBefore.xy + transformBefore.zw, at, share);
  gl_Position = vec4(at, 0.0, 1.0);
  gl_PointSize = 2.0 * (radius * ${kReach.toFixed(3)} + 1.0);
  int ink = max(group + 1, 0);
  vec4 texel = texelFetch(inks, ivec2(ink % ${kInksPerRow}, ink / ${kInksPerRow}), 0);
  colour = texel.rgb * opacity;
  shape = int(texel.a * 255.0 + 0.5);
}`;

const glsl = (value: number) => value.toFixed(3);
const { square, diamond, triangle, plus, cross, ring, frame } = kOutline;
const hollow = ({ outer, inner }: typeof ring) => `${glsl((outer + inner) / 2)}) - ${glsl((outer - inner) / 2)}`;

// Distances from the outlines of ink.ts, negative inside, in radii.
const kDistances: Record<Ink['shape'], string> = {
  disc: 'length(p) - 1.0',
  ring: `abs(length(p) - ${hollow(ring)}`,
  frame: `abs(max(q.x, q.y) - ${hollow(frame)}`,
  square: `max(q.x, q.y) - ${glsl(square)}`,
  diamond: `(q.x + q.y - ${glsl(diamond)}) * 0.7071`,
  triangle: `max(p.y, 0.866 * q.x - 0.5 * p.y) - ${glsl(triangle)}`,
  wedge: `max(-p.y, 0.866 * q.x + 0.5 * p.y) - ${glsl(triangle)}`,
  plus: `arms(q, vec2(${glsl(plus.length)}, ${glsl(plus.width)}))`,
  cross: `arms(abs(vec2(p.x + p.y, p.y - p.x)) * 0.7071, vec2(${glsl(cross.length)}, ${glsl(cross.width)}))`,
};

const kCellFragment = `#version 300 es
precision highp float;
uniform float radius;
uniform float opacity;
flat in vec3 colour;
flat in int shape;
out vec4 pixel;

float arms(vec2 q, vec2 size) {
  vec2 along = (q.x > q.y ? q : q.yx) - size;
  return max(along.x, along.y);
}

void main() {
  vec2 p = (2.0 * gl_PointCoord - 1.0) * (${glsl(kReach)} + 1.0 / radius);
  vec2 q = abs(p);
  float distance = 0.0;
  switch (shape) {
${kShapes.map((shape, k) => `    case ${k}: distance = ${kDistances[shape]}; break;`).join('\n')}
  }
  float cover = clamp(0.5 - distance * radius, 0.0, 1.0);
  if (cover == 0.0) discard;
  pixel = vec4(colour, opacity) * cover;
}`;

// One triangle over everything, to make all that lies there fainter.
const kFadeVertex = `#version 300 es
void main() {
  gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0);
}`;

const kFadeFragment = `#version 300 es
precision mediump float;
out vec4 pixel;
void main() {
  pixel = vec4(0.0);
}`;

const kUniforms = ['transform', 'transformBefore', 'share', 'radius', 'opacity', 'inks'] as const;

export class GpuPainter implements Painter {
  private readonly cellProgram: WebGLProgram;
  private readonly fadeProgram: WebGLProgram;
  private readonly at: Record<(typeof kUniforms)[number], WebGLUniformLocation | null>;
  private readonly groups: WebGLBuffer;
  private readonly order: WebGLBuffer;
  private readonly texture: WebGLTexture;
  private places: WebGLBuffer;
  private placesBefore: WebGLBuffer;
  private painted: Scene | null = null;
  private pending: { fence: WebGLSync; begin: number; askedAt: number; cells: number } | null = null;
  private mostMoving = Infinity; // cells

  constructor(private readonly gl: WebGL2RenderingContext) {
    this.cellProgram = link(gl, kCellVertex, kCellFragment);
    this.fadeProgram = link(gl, kFadeVertex, kFadeFragment);
    const locate = (name: string) => [name, gl.getUniformLocation(this.cellProgram, name)] as const;
    this.at = Object.fromEntries(kUniforms.map(locate)) as typeof this.at;
    this.places = gl.createBuffer()!;
    this.placesBefore = gl.createBuffer()!;
    this.groups = gl.createBuffer()!;
    this.order = gl.createBuffer()!;
    this.texture = gl.createTexture()!;
    gl.enable(gl.BLEND);
  }

  // Pictures that are asked for earlier only queue up, and then block the page. Also learns how long pictures take.
  isReady(): boolean {
    const { gl, pending } = this;
    if (!pending || gl.isContextLost()) return true;
    const now = performance.now();
    const wasAskedLately = now - pending.askedAt < 2 * kMovingMs;
    pending.askedAt = now;
    if (gl.getSyncParameter(pending.fence, gl.SYNC_STATUS) !== gl.SIGNALED) return false;
    gl.deleteSync(pending.fence);
    this.pending = null;
    // When nobody asked in between, it may have been ready long ago.
    if (wasAskedLately) this.mostMoving = Math.max(kFewestMoving, (pending.cells * kMovingMs) / (now - pending.begin));
    return true;
  }

  paint(scene: Scene): boolean {
    const { gl } = this;
    if (gl.isContextLost()) return true;
    resizeCanvas(gl.canvas as HTMLCanvasElement, scene);
    this.uploadPlaces(scene);
    this.uploadGroups(scene);
    this.uploadOrder(scene);
    this.uploadInks(scene);
    this.painted = scene;
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    this.prepareCells(scene);
    const { cells, faint, full } = scene.order;
    const most = scene.isMoving ? this.mostMoving : Infinity;
    const [faintEnd, fullBegin] = [Math.min(faint, most), Math.max(full, cells.length - most)];
    if (faint > 0) {
      this.drawCells(0, faintEnd, 1);
      this.fade(kFaint);
    }
    this.drawCells(fullBegin, cells.length, kOpacity);
    this.watch(faintEnd + cells.length - fullBegin);
    return true;
  }

  dispose(): void {
    const { gl } = this;
    // Frees all at once: a page may hold few contexts, and to open one more takes the oldest, which is that of the map.
    gl.getExtension('WEBGL_lose_context')?.loseContext();
  }

  private watch(cells: number): void {
    const { gl } = this;
    const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
    const now = performance.now();
    this.pending = fence && { fence, begin: now, askedAt: now, cells };
  }

  private uploadPlaces({ view, move }: Scene): void {
    const { gl, painted } = this;
    const before = painted?.view;
    // What was on show is what cells move from: it is on the graphics card already.
    if (move && move.from === before?.places && before.places !== view.places) {
      [this.places, this.placesBefore] = [this.placesBefore, this.places];
    } else if (move && move.from !== painted?.move?.from) {
      uploadAll(gl, this.placesBefore, move.from, 2 * view.cells);
    }
    uploadChanged(gl, this.places, view.places, before?.places, 2 * view.cells, 2 * (before?.cells ?? 0), before?.revision === view.revision);
  }

  private uploadGroups({ view }: Scene): void {
    const { gl, painted } = this;
    const before = painted?.view;
    const isSame = before?.group === view.group && before.revision === view.revision;
    if (isSame && before.cells >= view.cells) return;
    const group = view.group instanceof Int32Array ? view.group : new Int32Array(view.group);
    uploadChanged(gl, this.groups, group, isSame ? group : undefined, view.cells, before?.cells ?? 0, isSame);
  }

  private uploadOrder({ order }: Scene): void {
    const { gl, painted } = this;
    if (painted?.order === order) return;
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.order);
    if (painted?.order.cells.length !== order.cells.length) {
      gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, order.cells.byteLength, gl.DYNAMIC_DRAW);
    }
    if (order.faint > 0) gl.bufferSubData(gl.ELEMENT_ARRAY_BUFFER, 0, order.cells, 0, order.faint);
    if (order.full < order.cells.length) gl.bufferSubData(gl.ELEMENT_ARRAY_BUFFER, 4 * order.full, order.cells, order.full);
  }

  private uploadInks({ view, noInk }: Scene): void {
    const { gl, painted } = this;
    if (painted?.view.inks === view.inks && painted.noInk === noInk) return;
    const inks = [noInk, ...view.inks];
    const rows = Math.ceil(inks.length / kInksPerRow);
    const texels = new Uint8Array(4 * kInksPerRow * rows);
    inks.forEach(({ colour, shape }, k) => texels.set([...colour, kShapes.indexOf(shape)], 4 * k));
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, kInksPerRow, rows, 0, gl.RGBA, gl.UNSIGNED_BYTE, texels);
  }

  private prepareCells({ transform, move, radius, ratio, ...size }: Scene): void {
    const { gl, at } = this;
    gl.useProgram(this.cellProgram);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.uniform1i(at.inks, 0);
    gl.uniform1f(at.radius, radius * ratio);
    gl.uniform1f(at.share, move?.share ?? 1);
    gl.uniform4fv(at.transform, intoClipSpace(transform, size));
    gl.uniform4fv(at.transformBefore, intoClipSpace(move?.transform ?? transform, size));
    bindPlaces(gl, 0, this.places);
    bindPlaces(gl, 1, move ? this.placesBefore : this.places);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.groups);
    gl.enableVertexAttribArray(2);
    gl.vertexAttribIPointer(2, 1, gl.INT, 0, 0);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.order);
  }

  private drawCells(first: number, end: number, opacity: number): void {
    const { gl } = this;
    if (first >= end) return;
    gl.useProgram(this.cellProgram);
    gl.uniform1f(this.at.opacity, opacity);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.drawElements(gl.POINTS, end - first, gl.UNSIGNED_INT, 4 * first);
  }

  private fade(opacity: number): void {
    const { gl } = this;
    gl.useProgram(this.fadeProgram);
    gl.blendColor(0, 0, 0, opacity);
    gl.blendFunc(gl.ZERO, gl.CONSTANT_ALPHA);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }
}

const clip = new Float32Array(4);

// Of css pixels, whose y points down, into -1 to 1, whose y points up.
function intoClipSpace({ scaleX, scaleY, offsetX, offsetY }: Transform, { width, height }: Size): Float32Array {
  clip[0] = (2 * scaleX) / width;
  clip[1] = (-2 * scaleY) / height;
  clip[2] = (2 * offsetX) / width - 1;
  clip[3] = 1 - (2 * offsetY) / height;
  return clip;
}

type Column = Float32Array | Int32Array;

// The buffer has room for the whole column, so that cells can be appended to it.
function uploadAll(gl: WebGL2RenderingContext, buffer: WebGLBuffer, column: Column, count: number): void {
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.bufferData(gl.ARRAY_BUFFER, column.byteLength, gl.DYNAMIC_DRAW);
  gl.bufferSubData(gl.ARRAY_BUFFER, 0, column, 0, count);
}

function uploadChanged(
  gl: WebGL2RenderingContext,
  buffer: WebGLBuffer,
  column: Column,
  before: Column | undefined,
  count: number,
  countBefore: number,
  isSameRevision: boolean,
): void {
  if (count === 0) return;
  if (column !== before || countBefore === 0) return uploadAll(gl, buffer, column, count);
  const first = isSameRevision ? Math.min(countBefore, count) : 0;
  if (first === count) return;
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.bufferSubData(gl.ARRAY_BUFFER, first * column.BYTES_PER_ELEMENT, column, first, count - first);
}

function bindPlaces(gl: WebGL2RenderingContext, attribute: number, buffer: WebGLBuffer): void {
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.enableVertexAttribArray(attribute);
  gl.vertexAttribPointer(attribute, 2, gl.FLOAT, false, 0, 0);
}

function link(gl: WebGL2RenderingContext, vertex: string, fragment: string): WebGLProgram {
  const program = gl.createProgram();
  for (const [kind, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]] as const) {
    const shader = gl.createShader(kind)!;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(program);
  // A lost context links nothing either, and says so by its event.
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw new Error(`the map's shaders do not link: ${gl.getProgramInfoLog(program)}`);
  }
  return program;
}
