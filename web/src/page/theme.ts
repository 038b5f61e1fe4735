// Light or dark: as the system says until the person says otherwise, which is remembered.
import { computed, effect, signal } from '@preact/signals';
import { recall, remember } from './memory';

type Theme = 'light' | 'dark';

const kKey = 'plkd-theme';
const system = matchMedia('(prefers-color-scheme: dark)');
const systemIsDark = signal(system.matches);
const own = signal<Theme | null>(remembered());

system.addEventListener('change', (event) => (systemIsDark.value = event.matches));

export const theme = computed<Theme>(() => own.value ?? (systemIsDark.value ? 'dark' : 'light'));

effect(() => {
  document.documentElement.dataset['theme'] = theme.value;
});

export function toggleTheme(): void {
  own.value = theme.value === 'dark' ? 'light' : 'dark';
  remember(kKey, own.value);
}

function remembered(): Theme | null {
  const value = recall(kKey);
  return value === 'light' || value === 'dark' ? value : null;
}
