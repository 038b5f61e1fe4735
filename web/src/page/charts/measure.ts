// How wide things are: boxes on the page, and words before they are drawn.
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

export const kTextSize = 12;
export const kSmallTextSize = 11;

// Zero until the element is on the page.
export function useWidth<Box extends HTMLElement>(): [RefObject<Box>, number] {
  const box = useRef<Box>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => setWidth(Math.floor(element.getBoundingClientRect().width));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [box, width];
}

const kPen = document.createElement('canvas').getContext('2d');
const known = new Map<string, number>();

export function textWidth(text: string, size = kTextSize): number {
  const key = `${size} ${text}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  if (kPen) kPen.font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
  // Without a canvas, six tenths of the size is a wide guess for a letter.
  const width = kPen ? kPen.measureText(text).width : 0.6 * size * text.length;
  known.set(key, width);
  return width;
}

export function widest(texts: readonly string[], size = kTextSize): number {
  return texts.reduce((most, text) => Math.max(most, textWidth(text, size)), 0);
}

// As much of the text as fits, with an ellipsis where it does not.
export function clip(text: string, width: number, size = kTextSize): string {
  if (textWidth(text, size) <= width) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (textWidth(`${text.slice(0, middle).trimEnd()}…`, size) <= width) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low).trimEnd()}…`;
}
