// Every language has all the words.
import assert from 'node:assert/strict';
import test from 'node:test';
import { pageModule } from './support/page_module.mjs';

const kLongEnough = 24; // shorter words may be the same in two languages

const keysOf = (part, path = '') =>
  Object.entries(part).flatMap(([key, value]) => (typeof value === 'object' ? keysOf(value, `${path}${key}.`) : [`${path}${key}`]));
const at = (texts, key) => key.split('.').reduce((part, name) => part[name], texts);

test('German has the keys of English, and nothing was left in English', async () => {
  const [{ english }, { german }] = [await pageModule('texts/english.ts'), await pageModule('texts/german.ts')];
  assert.deepEqual(keysOf(german).sort(), keysOf(english).sort());
  const isSame = (key) => typeof at(english, key) === 'string' && at(english, key).length > kLongEnough && at(english, key) === at(german, key);
  assert.deepEqual(keysOf(english).filter(isSame), []);
});
