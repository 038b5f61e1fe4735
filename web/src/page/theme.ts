// Light or dark: as the system says until the person says otherwise, which is remembered.
import { computed, effect, signal } from '@preact/signals';

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
  try {
    localStorage.setItem(kKey, own.value);
  } catch {
    // Private windows may refuse storage; the choice then lasts as long as the page.
  }
}

function remembered(): Theme | null {
  try {
    const value = localStorage.getItem(kKey);
    return value === 'light' || value === 'dark' ? value : null;
  } catch {
    return null;
  }
}
