// The words of the chosen language; whoever reads one while rendering is rendered again when the language changes.
import { language, type Language } from './language';
import { english } from './texts/english';
import { german } from './texts/german';

export type Texts = typeof english;

const kLanguages: Record<Language, Texts> = { en: english, de: german };

export const texts: Texts = live(() => kLanguages[language.value]);

// Reads anew with every access, so that `const words = texts.map` at the top of a file follows the language, too.
function live<Part extends object>(read: () => Part): Part {
  return new Proxy({} as Part, {
    get(_, key) {
      const value: unknown = Reflect.get(read(), key);
      return typeof value === 'object' && value !== null ? live(() => Reflect.get(read(), key) as object) : value;
    },
  });
}
