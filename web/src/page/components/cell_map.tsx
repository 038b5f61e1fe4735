import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { probability } from '../format';
import { layOut, type MapLayout, nearestCell } from '../map_layout';
import { paintMap } from '../map_painter';
import { labelColour } from '../palette';
import type { Results } from '../results';
import { filter, labelName, shown } from '../state';
import { texts } from '../texts';
import { theme } from '../theme';

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
    return paintMap(canvas.current, { layout, labels, emphasised, theme: colours });
  }, [layout, labels, only, colours]);

  const onPointer = (event: PointerEvent) => {
    if (!layout || !canvas.current) return;
    const box = canvas.current.getBoundingClientRect();
    const isShown = (cell: number) => only === null || labels[cell] === only;
    setPointed(nearestCell(layout, event.clientX - box.left, event.clientY - box.top, isShown));
  };

  return (
    <section class="card map" aria-labelledby="map-title">
      <h3 id="map-title">{words.title}</h3>
      <div
        class="map-frame"
        ref={frame}
        onPointerMove={onPointer}
        onPointerDown={onPointer}
        onPointerLeave={() => setPointed(-1)}
      >
        <canvas ref={canvas} role="img" aria-label={words.description(results.cells)} />
        {layout && pointed >= 0 && <Tip results={results} cell={pointed} layout={layout} />}
      </div>
      <p class="quiet">{words.hint}</p>
    </section>
  );
}

// Opens towards the middle of the map, so that it never leaves it.
function Tip({ results, cell, layout }: { results: Results; cell: number; layout: MapLayout }) {
  const [x, y] = [layout.x[cell]!, layout.y[cell]!];
  const across = x < layout.width / 2 ? { left: `${x + 12}px` } : { right: `${layout.width - x + 12}px` };
  const down = y < layout.height / 2 ? { top: `${y + 12}px` } : { bottom: `${layout.height - y + 12}px` };
  const label = shown.value[cell]!;
  return (
    <>
      <span class="pointed" style={{ left: `${x}px`, top: `${y}px` }} aria-hidden="true" />
      <div class="tip" role="status" style={{ ...across, ...down }}>
        <strong>
          <span class="dot" style={{ background: labelColour(label, theme.value) }} />
          {labelName(label)}
        </strong>
        <span>{results.nameOf(cell)}</span>
        <span class="quiet">
          {texts.table.confidence} {probability(results.columns.probability[cell]!)}
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
