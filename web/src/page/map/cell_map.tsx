// The map of cells: its canvas with what lies on it, and what people do there.
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { labelInk } from '../palette';
import { kUnknown } from '../results';
import { texts } from '../texts';
import { theme } from '../theme';
import { exportPng, exportSvg, type LegendEntry, type Scale } from './export_map';
import { listenToGestures, type Point } from './gestures';
import { makePainter, type PainterKind } from './make_painter';
import './map.css';
import { MapStage } from './map_stage';
import { Toolbar } from './toolbar';
import type { MapView } from './view';

export type { Ink, Shape } from './ink';
export type { LegendEntry, Scale } from './export_map';
export type { MapView } from './view';

export interface CellMapProps {
  view: MapView; // another object when anything in it changed
  picked: number | null;
  tip: (cell: number) => ComponentChildren; // what the pointer's tip shows
  onPick: (cell: number | null) => void;
  onSelect: (cells: Uint32Array) => void; // ascending; empty: nothing
  description: string;
  fileName: string; // of exports, without ending
  legend: readonly LegendEntry[]; // for exports
  scale?: Scale | null; // for exports, when colours stand for numbers
  painter?: 'auto' | '2d';
  children?: ComponentChildren; // beside the tools
}

const words = texts.map;

const kRestoreMs = 3000; // graphics that are not back by then stay lost
const kHintMs = 2000;
const kTipGap = 12; // css pixels

export function CellMap(props: CellMapProps) {
  const { view, picked, tip, description, painter = 'auto', children } = props;
  const [kind, setKind] = useState<PainterKind>(painter === '2d' ? '2d' : 'gpu');
  const [pointed, setPointed] = useState(-1);
  const [isLassoing, setLassoing] = useState(false);
  const [isZoomed, setZoomed] = useState(false);
  const [isExportRefused, setExportRefused] = useState(false);
  const [isHinting, hint] = useHint();
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const line = useRef<SVGPolygonElement>(null);
  const pointedMark = useRef<HTMLSpanElement>(null);
  const pickedMark = useRef<HTMLSpanElement>(null);
  const tipBox = useRef<HTMLDivElement>(null);
  const stage = useRef<MapStage | null>(null);
  const hover = useRef<Point | null>(null);
  const keys = useId();
  const noInk = useMemo(() => labelInk(kUnknown, theme.value), [theme.value]);
  const tipped = pointed < view.cells && !view.isHidden?.[pointed] ? pointed : -1;

  // Listeners live as long as the canvas; what they read is that of the last rendering.
  const latest = useRef({ props, tipped, isLassoing });
  latest.current = { props, tipped, isLassoing };

  const followCells = () => {
    const { props: now, tipped: cell } = latest.current;
    const placeOf = (of: number | null) => (of === null || of < 0 ? null : (stage.current?.placeOf(of) ?? null));
    putAt(pickedMark.current, placeOf(now.picked));
    putAt(pointedMark.current, placeOf(cell));
    putTip(tipBox.current, frame.current, placeOf(cell));
    setZoomed(stage.current?.isZoomed ?? false);
  };
  const point = (at: Point | null) => {
    hover.current = at;
    setPointed(at ? (stage.current?.cellAt(at.x, at.y) ?? -1) : -1);
  };
  const pick = (cell: number) => {
    setPointed(cell);
    latest.current.props.onPick(cell < 0 ? null : cell);
  };
  const select = (cells: Uint32Array) => {
    if (cells.length > 0) setLassoing(false);
    latest.current.props.onSelect(cells);
  };

  useEffect(() => {
    const surface = canvas.current!;
    const made = newPainter(surface, kind);
    if (!made) {
      if (kind === 'gpu') setKind('2d');
      return undefined;
    }
    const shown = new MapStage(made, { frame: followCells, grid: () => hover.current && point(hover.current) });
    stage.current = shown;
    const resize = new ResizeObserver(([entry]) => entry && shown.resize(entry.contentRect));
    resize.observe(surface);
    const unwatch = watchGraphics(surface, (found) => {
      const again = found ? newPainter(surface, kind) : null;
      if (again) shown.paintWith(again);
      else setKind('2d');
    });
    const unlisten = listenToGestures(surface, shown, {
      isLassoing: () => latest.current.isLassoing,
      onPoint: point,
      onPick: ({ x, y }) => pick(shown.cellAtNow(x, y)),
      onPickMiddle: () => pick(shown.cellAtMiddle()),
      onLassoLine: (corners) => line.current?.setAttribute('points', corners.join(' ')),
      onLasso: (corners) => select(shown.cellsInside(corners)),
      onSelectSight: () => select(shown.cellsInSight()),
      onToggleLasso: () => setLassoing((is) => !is),
      onEscape: () => {
        setLassoing(false);
        point(null);
      },
      onIdleWheel: hint,
    });
    return () => {
      unlisten();
      unwatch();
      resize.disconnect();
      shown.dispose();
      stage.current = null;
    };
  }, [kind]);
  useEffect(() => stage.current?.show(view, noInk), [view, noInk, kind]);
  // The tip has its size only now.
  useLayoutEffect(followCells);

  const exportAs = async (make: typeof exportPng) => {
    const scene = stage.current?.scene();
    if (!scene || !frame.current) return;
    const { backgroundColor: background, color: text, fontFamily: font } = getComputedStyle(frame.current);
    try {
      await make(scene, { names: props.legend, scale: props.scale ?? null }, { background, text, font }, props.fileName);
      setExportRefused(false);
    } catch {
      setExportRefused(true);
    }
  };

  return (
    <div class="cell-map">
      <div class="map-head">
        {children}
        <Toolbar
          isLassoing={isLassoing}
          onZoomIn={() => stage.current?.zoomAtMiddle(2)}
          onZoomOut={() => stage.current?.zoomAtMiddle(0.5)}
          onWhole={() => stage.current?.showWhole()}
          onLasso={() => setLassoing(!isLassoing)}
          onPng={() => exportAs(exportPng)}
          onSvg={() => exportAs(exportSvg)}
        />
      </div>
      <div class="map-frame" ref={frame} data-zoomed={isZoomed} data-lassoing={isLassoing}>
        <canvas key={kind} ref={canvas} role="img" aria-label={description} aria-describedby={keys} tabIndex={0} />
        <svg class="map-lasso" aria-hidden="true">
          <polygon ref={line} />
        </svg>
        <span class="map-cross" aria-hidden="true" />
        {picked !== null && <span class="pointed picked" ref={pickedMark} aria-hidden="true" />}
        {tipped >= 0 && <span class="pointed" ref={pointedMark} aria-hidden="true" />}
        {tipped >= 0 && (
          <div class="tip" role="status" ref={tipBox}>
            {tip(tipped)}
          </div>
        )}
        {isLassoing && <p class="map-note">{words.lassoHint}</p>}
        {isHinting && !isLassoing && <p class="map-note">{words.wheelHint(isApple() ? '⌘' : 'Ctrl')}</p>}
      </div>
      {isExportRefused && <p role="alert">{words.exportRefused}</p>}
      <p class="for-screen-readers" id={keys}>
        {words.keys}
      </p>
    </div>
  );
}

// Shown for a while each time it is asked for.
function useHint(): [boolean, () => void] {
  const [isShown, setShown] = useState(false);
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  const show = () => {
    setShown(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setShown(false), kHintMs);
  };
  return [isShown, show];
}

// Graphics hardware can be taken from a page: tells when it is given back, or stays away.
function watchGraphics(canvas: HTMLCanvasElement, onSettled: (isBack: boolean) => void): () => void {
  let timer = 0;
  const stop = new AbortController();
  const settle = (isBack: boolean) => {
    clearTimeout(timer);
    onSettled(isBack);
  };
  canvas.addEventListener('webglcontextlost', (event) => {
    event.preventDefault(); // asks for it back
    timer = setTimeout(settle, kRestoreMs, false);
  }, { signal: stop.signal });
  canvas.addEventListener('webglcontextrestored', () => settle(true), { signal: stop.signal });
  return () => {
    stop.abort();
    clearTimeout(timer);
  };
}

function newPainter(canvas: HTMLCanvasElement, kind: PainterKind) {
  try {
    return makePainter(canvas, kind);
  } catch (error) {
    // A driver that refuses the shaders is as good as none.
    console.warn(error);
    return null;
  }
}

function putAt(mark: HTMLElement | null, at: Point | null): void {
  if (!mark) return;
  mark.hidden = at === null;
  if (at) mark.style.transform = `translate(${at.x}px, ${at.y}px)`;
}

// Beside the cell, on the side where there is room, and always inside the frame.
function putTip(tip: HTMLElement | null, frame: HTMLElement | null, at: Point | null): void {
  if (!tip || !frame) return;
  const [width, height] = [frame.clientWidth, frame.clientHeight];
  tip.hidden = at === null || at.x < 0 || at.y < 0 || at.x > width || at.y > height;
  if (!at || tip.hidden) return;
  const beside = (value: number, own: number, room: number) => {
    const start = value + kTipGap + own <= room ? value + kTipGap : value - kTipGap - own;
    return Math.max(0, Math.min(room - own, start));
  };
  const [x, y] = [beside(at.x, tip.offsetWidth, width), beside(at.y, tip.offsetHeight, height)];
  tip.style.transform = `translate(${x}px, ${y}px)`;
}

function isApple(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.platform);
}
