// A drawing whose names of rows and columns stay in sight while it scrolls in its own box: four pieces of SVG in a grid.
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { clip, kTextSize, textWidth, widest } from './measure';

// What a row or a series is called, and the colour of its mark.
export interface ChartLabel {
  name: string;
  colour?: string;
}

export interface PlotProps {
  summary: string; // one sentence for those who do not see it
  operable?: 'top' | 'body'; // the piece with things that take the focus
  width: number; // of the body
  height: number;
  leftWidth?: number;
  topHeight?: number;
  left?: ComponentChildren;
  top?: ComponentChildren;
  corner?: ComponentChildren;
  children: ComponentChildren;
  // What is at a place of the body, a line each.
  tipAt?: (x: number, y: number) => string[] | null;
}

interface Tip {
  lines: string[];
  x: number; // of the window
  y: number;
}

export function Plot({ summary, operable, width, height, leftWidth = 0, topHeight = 0, left, top, corner, children, tipAt }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const [tip, setTip] = useState<Tip | null>(null);
  const [scrolls, setScrolls] = useState(false);
  useLayoutEffect(() => {
    const element = box.current;
    if (element) setScrolls(element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1);
  });
  const show = (body: Element, x: number, y: number) => {
    const { left: bodyLeft, top: bodyTop } = body.getBoundingClientRect();
    const lines = tipAt?.(x - bodyLeft, y - bodyTop) ?? null;
    setTip(lines && { lines, x, y });
  };
  // Heard outside of the SVG: browsers let the tab key stop at an element of SVG that listens to focus.
  const focus = ({ target }: FocusEvent) => {
    const body = target instanceof Element ? target.closest('.chart-body') : null;
    if (!body) return;
    const { left: x, top: y, width: w, height: h } = (target as Element).getBoundingClientRect();
    show(body, x + w / 2, y + h / 2);
  };
  return (
    <div
      class="chart-box"
      ref={box}
      style={{ scrollPadding: `${topHeight + 4}px 4px 4px ${leftWidth + 4}px` }}
      onScroll={() => setTip(null)}
      onKeyDown={(event) => event.key === 'Escape' && setTip(null)}
      {...(scrolls ? { tabIndex: 0, role: 'group', 'aria-label': summary } : {})}
    >
      <div
        class="chart-plot"
        role={operable ? 'group' : 'img'}
        aria-label={summary}
        style={{ width: `${leftWidth + width}px`, gridTemplateColumns: `${leftWidth}px ${width}px` }}
        onFocusIn={focus}
        onFocusOut={() => setTip(null)}
      >
        {topHeight > 0 && (
          <>
            <Piece class="chart-corner" x={0} y={0} width={leftWidth} height={topHeight} isHidden>
              {corner}
            </Piece>
            <Piece class="chart-top" x={leftWidth} y={0} width={width} height={topHeight} isHidden={operable !== 'top'}>
              {top}
            </Piece>
          </>
        )}
        <Piece class="chart-left" x={0} y={topHeight} width={leftWidth} height={height} isHidden>
          {left}
        </Piece>
        <svg
          class="chart-body"
          data-x={leftWidth}
          data-y={topHeight}
          width={width}
          height={height}
          aria-hidden={operable !== 'body'}
          onPointerMove={(event) => show(event.currentTarget, event.clientX, event.clientY)}
          onPointerDown={(event) => show(event.currentTarget, event.clientX, event.clientY)}
          onPointerLeave={() => setTip(null)}
        >
          {children}
        </svg>
      </div>
      {tip && <TipBox {...tip} />}
    </div>
  );
}

interface PieceProps {
  class: string;
  x: number;
  y: number;
  width: number;
  height: number;
  isHidden: boolean;
  children?: ComponentChildren;
}

function Piece({ class: name, x, y, width, height, isHidden, children }: PieceProps) {
  return (
    <svg class={name} data-x={x} data-y={y} width={width} height={height} aria-hidden={isHidden}>
      {children}
    </svg>
  );
}

// Beside the pointer, on the side with more room.
function TipBox({ lines, x, y }: Tip) {
  const across = x < innerWidth / 2 ? { left: `${x + 14}px` } : { right: `${document.documentElement.clientWidth - x + 14}px` };
  const down = y < innerHeight / 2 ? { top: `${y + 14}px` } : { bottom: `${innerHeight - y + 14}px` };
  return (
    <div class="tip chart-tip" style={{ ...across, ...down }} aria-hidden="true">
      {lines.map((line, k) => (k === 0 ? <strong key={k}>{line}</strong> : <span key={k}>{line}</span>))}
    </div>
  );
}

const kMark = 9;

// Room for the names of rows: never more than so much of the chart's width.
export function namesWidth(labels: readonly ChartLabel[], chartWidth: number): number {
  const hasMarks = labels.some(({ colour }) => colour !== undefined);
  const most = Math.max(90, Math.min(300, 0.4 * chartWidth));
  return Math.ceil(Math.min(most, widest(labels.map(({ name }) => name)) + (hasMarks ? kMark + 7 : 0) + 12));
}

export function RowNames({ labels, width, rowHeight }: { labels: readonly ChartLabel[]; width: number; rowHeight: number }) {
  return (
    <>
      {labels.map(({ name, colour }, row) => {
        const middle = row * rowHeight + rowHeight / 2;
        const end = width - 10 - (colour === undefined ? 0 : kMark + 7);
        return (
          <g key={row}>
            <title>{name}</title>
            <text x={end} y={middle + 4} text-anchor="end">
              {clip(name, end - 2)}
            </text>
            {colour !== undefined && <circle cx={width - 10 - kMark / 2} cy={middle} r={kMark / 2} style={{ fill: colour }} />}
          </g>
        );
      })}
    </>
  );
}

const kSlant = Math.SQRT1_2; // 45 degrees
const kLongestName = 150;

// Room above and to the right of columns for names that rise at 45 degrees. Columns should be at least 18 apart.
export function slantedRoom(names: readonly { name: string; x: number }[], bodyWidth: number): { height: number; right: number } {
  const length = ({ name }: { name: string }) => Math.min(kLongestName, textWidth(name));
  const tallest = names.reduce((most, each) => Math.max(most, length(each)), 0);
  const end = names.reduce((most, each) => Math.max(most, each.x + 12 + length(each) * kSlant), bodyWidth);
  return { height: Math.ceil(tallest * kSlant) + 16, right: Math.ceil(end - bodyWidth) };
}

// As wide as there is room for, names that reach beyond the last column included; at least so wide that names do not touch.
export function columnWidthFor(columns: number, names: readonly { name: string; at: number }[], room: number, most: number): number {
  const widthIn = (free: number) => Math.max(20, Math.min(most, Math.floor(free / columns)));
  const first = widthIn(room);
  const { right } = slantedRoom(
    names.map(({ name, at }) => ({ name, x: at * first })),
    columns * first,
  );
  return widthIn(room - right);
}

export function SlantedName({ name, x, y }: { name: string; x: number; y: number }) {
  return (
    <text class="chart-name" transform={`translate(${x + 4} ${y - 4}) rotate(-45)`} font-size={kTextSize}>
      <title>{name}</title>
      {clip(name, kLongestName)}
    </text>
  );
}
