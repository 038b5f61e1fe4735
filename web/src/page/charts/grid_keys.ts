// One tab stop for a grid: arrow keys move inside it.
export interface Place {
  row: number;
  column: number;
}

// Where a key leads to; null for a key that leads nowhere.
export function placeAfter(key: string, { row, column }: Place, rows: number, columns: number): Place | null {
  const clamped = (r: number, c: number) => ({
    row: Math.min(rows - 1, Math.max(0, r)),
    column: Math.min(columns - 1, Math.max(0, c)),
  });
  switch (key) {
    case 'ArrowUp':
      return clamped(row - 1, column);
    case 'ArrowDown':
      return clamped(row + 1, column);
    case 'ArrowLeft':
      return clamped(row, column - 1);
    case 'ArrowRight':
      return clamped(row, column + 1);
    case 'Home':
      return clamped(row, 0);
    case 'End':
      return clamped(row, columns - 1);
    default:
      return null;
  }
}

// Browsers scroll to an element of SVG only when none of it is in sight.
export function moveFocus(grid: Element | null, selector: string): void {
  const target = grid?.querySelector<HTMLElement | SVGElement>(selector);
  target?.focus({ preventScroll: true });
  target?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

export function isPress(event: KeyboardEvent): boolean {
  return event.key === 'Enter' || event.key === ' ';
}
