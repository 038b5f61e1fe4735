import type { Signal } from '@preact/signals';

export function SearchField({ label, text }: { label: string; text: Signal<string> }) {
  const onInput = (event: Event) => (text.value = (event.currentTarget as HTMLInputElement).value);
  return <input type="search" class="search" placeholder={label} aria-label={label} value={text.value} onInput={onInput} />;
}
