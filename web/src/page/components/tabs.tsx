import type { ComponentChildren } from 'preact';
import type { Signal } from '@preact/signals';
import { useRef } from 'preact/hooks';

export interface Tab<Id extends string> {
  id: Id;
  name: string;
  note?: string; // a number beside the name
}

interface TabsProps<Id extends string> {
  tabs: readonly Tab<Id>[];
  chosen: Signal<Id>;
  label: string;
  children: ComponentChildren; // of the chosen tab
}

// One of several panels. Arrow keys move between the tabs, as the ARIA authoring practices have it.
export function Tabs<Id extends string>({ tabs, chosen, label, children }: TabsProps<Id>) {
  const list = useRef<HTMLDivElement>(null);
  const at = tabs.findIndex(({ id }) => id === chosen.value);
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 };
    const next = steps[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const { id } = tabs[(next + tabs.length) % tabs.length]!;
    chosen.value = id;
    list.current?.querySelector<HTMLElement>(`#tab-${id}`)?.focus();
  };
  return (
    <div class="tabs">
      <div class="tab-list" role="tablist" aria-label={label} ref={list} onKeyDown={onKeyDown}>
        {tabs.map(({ id, name, note }) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`tab-${id}`}
            aria-selected={id === chosen.value}
            aria-controls="tab-panel"
            tabIndex={id === chosen.value ? 0 : -1}
            onClick={() => (chosen.value = id)}
          >
            {name}
            {note !== undefined && <span class="tab-note">{note}</span>}
          </button>
        ))}
      </div>
      <div id="tab-panel" class="tab-panel" role="tabpanel" aria-labelledby={`tab-${chosen.value}`}>
        {children}
      </div>
    </div>
  );
}
