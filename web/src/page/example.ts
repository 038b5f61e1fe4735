// The example that lies beside the page, if the site was built with one.
import { PlkdError } from '../protocol';
import { texts } from './texts';

interface Example {
  title: string;
  model: string;
  query: string;
}

const kFolder = new URL('example/', document.baseURI);

export async function findExample(): Promise<Example | null> {
  const response = await fetch(new URL('example.json', kFolder)).catch(() => null);
  if (!response?.ok) return null;
  const example: unknown = await response.json().catch(() => null);
  return isExample(example) ? example : null;
}

export async function loadExample(): Promise<File[]> {
  const example = await findExample();
  if (!example) throw new PlkdError('BadInput', texts.example.missing('example.json'), texts.example.missingHint);
  return Promise.all([example.model, example.query].map(loadFile));
}

async function loadFile(name: string): Promise<File> {
  const response = await fetch(new URL(name, kFolder)).catch(() => null);
  if (!response?.ok) throw new PlkdError('BadInput', texts.example.missing(name), texts.example.missingHint);
  return new File([await response.blob()], name.replace(/^.*\//, ''));
}

// Some hosts answer a missing file with a page of their own, so the content is checked.
function isExample(value: unknown): value is Example {
  if (typeof value !== 'object' || value === null) return false;
  return ['title', 'model', 'query'].every((key) => typeof (value as Record<string, unknown>)[key] === 'string');
}
