// What people with other eyes, hands and ears would stumble over.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { inRoot } from './paths.mjs';

const axe = await readFile(createRequire(inRoot('web/package.json')).resolve('axe-core/axe.min.js'), 'utf8');

// What axe finds wrong with the page as it is now, by WCAG 2.2 A and AA.
export async function violationsOf(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`).join('\n')}`);
}
