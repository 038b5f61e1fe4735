// What every chart has around it: a title, what it shows in plain words, its numbers as a table, and files to save.
import './charts.css';
import { type ComponentChildren, render, type VNode } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import { report } from '../report';
import { save } from '../save_file';
import { texts } from '../texts';
import { type Picture, pictureOf, pngFile, svgFile } from './export_chart';
import { useWidth } from './measure';

const words = texts.charts;

// The first entry of a row names it.
export interface ChartTable {
  head: string[];
  rows: string[][];
}

export interface ChartFrameProps {
  title: string;
  explanation: string;
  fileName: string; // without its ending
  isEmpty: boolean;
  // Made when it is opened: large charts have large tables.
  table: () => ChartTable;
  // What is saved where the chart itself is no SVG.
  picture?: () => VNode;
  children: (width: number) => ComponentChildren;
}

export function ChartFrame({ title, explanation, fileName, isEmpty, table, picture, children }: ChartFrameProps) {
  const figure = useRef<HTMLElement>(null);
  const id = useId();
  const [room, width] = useWidth<HTMLDivElement>();
  const pictured = () => (picture ? drawn(figure.current!, picture(), title) : pictureOf(figure.current!, title));
  const saveSvg = () => save(svgFile(pictured()), `${fileName}.svg`);
  const savePng = async () => save(await pngFile(pictured()), `${fileName}.png`);
  return (
    <figure class="chart" ref={figure} aria-labelledby={id}>
      <figcaption class="chart-head">
        <h3 id={id}>{title}</h3>
        <p class="quiet">{explanation}</p>
      </figcaption>
      <div class="chart-room" ref={room}>
        {isEmpty ? <p class="quiet">{words.empty}</p> : width > 0 && children(width)}
      </div>
      {!isEmpty && (
        <div class="chart-foot">
          <TableBelow table={table} title={title} />
          <button type="button" class="button chart-save" aria-label={words.saveSvg(title)} onClick={saveSvg}>
            {words.svg}
          </button>
          <button type="button" class="button chart-save" aria-label={words.savePng(title)} onClick={() => savePng().catch(report)}>
            {words.png}
          </button>
        </div>
      )}
    </figure>
  );
}

function drawn(figure: HTMLElement, picture: VNode, title: string): Picture {
  const host = document.createElement('div');
  host.className = 'chart-picture';
  figure.append(host);
  render(picture, host);
  try {
    return pictureOf(host, title);
  } finally {
    render(null, host);
    host.remove();
  }
}

function TableBelow({ table, title }: { table: () => ChartTable; title: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="chart-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{words.asTable}</summary>
      {isOpen && <Numbers {...table()} title={title} />}
    </details>
  );
}

function Numbers({ head, rows, title }: ChartTable & { title: string }) {
  return (
    <div class="chart-numbers" tabIndex={0} role="group" aria-label={words.tableOf(title)}>
      <table>
        <caption class="for-screen-readers">{title}</caption>
        <thead>
          <tr>
            {head.map((name, column) => (
              <th key={column} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, ...numbers], row) => (
            <tr key={row}>
              <th scope="row">{name}</th>
              {numbers.map((number, column) => (
                <td key={column}>{number}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
