import { GpuPainter } from './gpu_painter';
import type { Painter } from './painter';
import { PixelPainter } from './pixel_painter';

export type PainterKind = 'gpu' | '2d';

// null where the browser has no such canvas. A canvas keeps its first kind for good.
export function makePainter(canvas: HTMLCanvasElement, kind: PainterKind): Painter | null {
  if (kind === '2d') {
    const context = canvas.getContext('2d');
    return context && new PixelPainter(context);
  }
  if (isEmulated()) return null;
  const gl = canvas.getContext('webgl2', { antialias: false, depth: false, stencil: false, powerPreference: 'high-performance' });
  return gl && new GpuPainter(gl);
}

let emulated: boolean | undefined;

// Of a graphics card that is emulated on the processor the page waits for every picture (370 ms with 100,000 cells on
// SwiftShader); our own pixels come a few milliseconds at a time. Asked first, it takes some 80 ms.
export function isEmulated(): boolean {
  if (emulated !== undefined) return emulated;
  const gl = document.createElement('canvas').getContext('webgl2');
  const info = gl?.getExtension('WEBGL_debug_renderer_info');
  const renderer = gl && info ? String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)) : '';
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
  emulated = /swiftshader|llvmpipe|softpipe|software|basic render/i.test(renderer);
  return emulated;
}
