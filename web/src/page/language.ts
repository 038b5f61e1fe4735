// The page's language: as the browser says until the person says otherwise, which is remembered.
import { effect, signal } from '@preact/signals';
import { recall, remember } from './memory';

// By their own names: whoever looks for a language reads it.
export const kLanguageNames = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof kLanguageNames;

const kKey = 'plkd-language';

export const language = signal<Language>(known(recall(kKey)) ?? navigator.languages.map(known).find(Boolean) ?? 'en');

effect(() => {
  document.documentElement.lang = language.value;
});

export function chooseLanguage(chosen: Language): void {
  language.value = chosen;
  remember(kKey, chosen);
}

// "de-AT" is German.
function known(tag: string | null | undefined): Language | undefined {
  const base = tag?.toLowerCase().split('-')[0] ?? '';
  return base in kLanguageNames ? (base as Language) : undefined;
}
