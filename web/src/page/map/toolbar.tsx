import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { texts } from '../texts';

const words = texts.map;

export interface ToolbarProps {
  isLassoing: boolean;
  onZoomIn: () => void;
  onZoomOut: () => void;
  onWhole: () => void;
  onLasso: () => void;
  onPng: () => void;
  onSvg: () => void;
}

// One stop for the tab key; arrow keys go from button to button.
export function Toolbar(props: ToolbarProps) {
  const bar = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState(0);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const buttons = bar.current?.querySelectorAll('button');
    if (!step || !buttons) return;
    event.preventDefault();
    buttons[(current + step + buttons.length) % buttons.length]!.focus();
  };
  const tool = (index: number) => ({ tabIndex: index === current ? 0 : -1, onFocus: () => setCurrent(index) });
  return (
    <div class="map-toolbar" role="toolbar" aria-label={words.tools} ref={bar} onKeyDown={onKeyDown}>
      <Tool {...tool(0)} label={words.zoomIn} onClick={props.onZoomIn}>
        <path d="M12 5v14M5 12h14" />
      </Tool>
      <Tool {...tool(1)} label={words.zoomOut} onClick={props.onZoomOut}>
        <path d="M5 12h14" />
      </Tool>
      <Tool {...tool(2)} label={words.whole} onClick={props.onWhole}>
        <path d="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5" />
      </Tool>
      <Tool {...tool(3)} label={words.lasso} isPressed={props.isLassoing} onClick={props.onLasso}>
        <path d="M6.5 15.5C4.4 14.5 3 12.9 3 11c0-3.3 4-6 9-6s9 2.7 9 6-4 6-9 6c-1 0-2-.1-2.9-.3" />
        <circle cx="7.5" cy="16.5" r="1.9" />
        <path d="M7.5 18.4c0 1.5-.7 2.4-2 2.9" />
      </Tool>
      <Tool {...tool(4)} label={words.savePng} onClick={props.onPng}>
        <Format name="PNG" />
      </Tool>
      <Tool {...tool(5)} label={words.saveSvg} onClick={props.onSvg}>
        <Format name="SVG" />
      </Tool>
    </div>
  );
}

function Format({ name }: { name: string }) {
  return (
    <>
      <path d="M12 2.5v8M8.8 7.5 12 10.7l3.2-3.2" />
      <text x="12" y="21.5" text-anchor="middle">
        {name}
      </text>
    </>
  );
}

interface ToolProps {
  label: string;
  isPressed?: boolean;
  tabIndex: number;
  onFocus: () => void;
  onClick: () => void;
  children: ComponentChildren;
}

function Tool({ label, isPressed, tabIndex, onFocus, onClick, children }: ToolProps) {
  const pressed = isPressed === undefined ? {} : { 'aria-pressed': isPressed };
  return (
    <button type="button" aria-label={label} title={label} tabIndex={tabIndex} onFocus={onFocus} onClick={onClick} {...pressed}>
      <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
        {children}
      </svg>
    </button>
  );
}
