import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { pickCell } from '../actions';
import { probability } from '../format';
import { layOut, type MapLayout, nearestCell } from '../map_layout';
import { paintMap } from '../map_painter';
import type { Results } from '../results';
import { confidenceOf, filter, labelName, pickedCell, shown } from '../state';
import { texts } from '../texts';
import { theme } from '../theme';
import { Dot, KindTag } from './label_mark';

const words = texts.map;

export function CellMap({ results }: { results: Results }) {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(frame);
  const [pointed, setPointed] = useState(-1);
  const layout = useMemo(
    () => (size ? layOut(results.columns.map, size.width, size.height) : null),
    [results, size?.width, size?.height],
  );
  const [labels, only, colours] = [shown.value, filter.value.label, theme.value];

  useEffect(() => {
    if (!canvas.current || !layout) return undefined;
    const emphasised = only === null ? null : (cell: number) => labels[cell] === only;
    const isRing = (label: number) => label >= results.classes.length;
    return paintMap(canvas.current, { layout, labels, isRing, emphasised, theme: colours });
  }, [layout, labels, only, colours]);

  const cellAt = (event: MouseEvent) => {
    if (!layout || !canvas.current) return -1;
    const box = canvas.current.getBoundingClientRect();
    const isShown = (cell: number) => only === null || labels[cell] === only;
    return nearestCell(layout, event.clientX - box.left, event.clientY - box.top, isShown);
  };
  const onPointer = (event: PointerEvent) => setPointed(cellAt(event));
  const onClick = (event: MouseEvent) => {
    const cell = cellAt(event);
    if (cell >= 0) pickCell(cell);
  };
  const picked = pickedCell.value;

  return (
    <section class="card map" aria-labelledby="map-title">
      <h3 id="map-title">{words.title}</h3>
      <div
        class="map-frame"
        ref={frame}
        onPointerMove={onPointer}
        onPointerDown={onPointer}
        onClick={onClick}
        onPointerLeave={() => setPointed(-1)}
      >
        <canvas ref={canvas} role="img" aria-label={words.description(results.cells)} />
        {layout && picked !== null && <Ring layout={layout} cell={picked} isPicked />}
        {layout && pointed >= 0 && <Tip results={results} cell={pointed} layout={layout} />}
      </div>
      <p class="quiet">{words.hint}</p>
    </section>
  );
}

function Ring({ layout, cell, isPicked }: { layout: MapLayout; cell: number; isPicked: boolean }) {
  const style = { left: `${layout.x[cell]!}px`, top: `${layout.y[cell]!}px` };
  return <span class={isPicked ? 'pointed picked' : 'pointed'} style={style} aria-hidden="true" />;
}

// Opens towards the middle of the map, so that it never leaves it.
function Tip({ results, cell, layout }: { results: Results; cell: number; layout: MapLayout }) {
  const [x, y] = [layout.x[cell]!, layout.y[cell]!];
  const across = x < layout.width / 2 ? { left: `${x + 12}px` } : { right: `${layout.width - x + 12}px` };
  const down = y < layout.height / 2 ? { top: `${y + 12}px` } : { bottom: `${layout.height - y + 12}px` };
  const label = shown.value[cell]!;
  return (
    <>
      <Ring layout={layout} cell={cell} isPicked={false} />
      <div class="tip" role="status" style={{ ...across, ...down }}>
        <strong>
          <Dot label={label} />
          {labelName(label)} <KindTag label={label} />
        </strong>
        <span>{results.nameOf(cell)}</span>
        <span class="quiet">
          {texts.table.confidence} {probability(confidenceOf(results, cell))}
        </span>
      </div>
    </>
  );
}

interface Size {
  width: number;
  height: number;
}

function useSize(element: { current: HTMLElement | null }): Size | null {
  const [size, setSize] = useState<Size | null>(null);
  useEffect(() => {
    if (!element.current) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return size;
}
