// Provably private and always there: what the content policy refuses, and the page without a network.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import test from 'node:test';
import { annotate, chooseFiles, downloadLabels, openPage, openTab } from './support/browser.mjs';
import { readLabels } from './support/labels.mjs';
import { scratchFolder, simulatedQuery } from './support/paths.mjs';

// Another host, which would accept anything from anybody; it counts who came.
async function otherHost(t) {
  let visits = 0;
  const server = createServer((_, response) => {
    visits++;
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end('thanks');
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  t.after(() => server.close());
  return { url: `http://127.0.0.1:${server.address().port}/`, visits: () => visits };
}

// Does the browser let this script out? Runs in the page or in a worker.
const reach = (url) => fetch(url, { method: 'POST', body: 'cells' }).then(() => 'reached', () => 'refused');

// The host can be reached by a page that is not ours, or the tests below would prove nothing.
async function isReachable(page, host) {
  const other = await page.context().newPage();
  await other.goto(host.url);
  const answer = await other.evaluate(reach, host.url);
  await other.close();
  return answer === 'reached';
}

test('neither the page nor its workers can connect to another host', async (t) => {
  const host = await otherHost(t);
  const { page } = await openPage(t);
  assert.ok(await isReachable(page, host));
  const before = host.visits();
  await chooseFiles(page, await simulatedQuery(await scratchFolder(t), 200));
  await annotate(page);
  assert.equal(await page.evaluate(reach, host.url), 'refused');
  assert.ok(page.workers().length > 0);
  for (const worker of page.workers()) assert.equal(await worker.evaluate(reach, host.url), 'refused');
  assert.equal(host.visits(), before);
});

test('the content policy stands in nobody’s way', async (t) => {
  const { page, violations, errors } = await openPage(t);
  await chooseFiles(page, await simulatedQuery(await scratchFolder(t), 200));
  await annotate(page);
  await openTab(page, 'again');
  await page.click('#verify'); // loads onnxruntime
  await page.waitForSelector('#verify-result');
  await downloadLabels(page);
  assert.deepEqual(violations, []);
  assert.deepEqual(errors, []);
});

test('after the first visit the page works without a network', async (t) => {
  const { page, server } = await openPage(t, { serviceWorkers: 'allow' });
  await page.getByText('It also opens without a network from now on.').waitFor();
  server.close();
  server.closeAllConnections();
  await page.reload();
  const files = await simulatedQuery(await scratchFolder(t), 200);
  await chooseFiles(page, files);
  await annotate(page);
  assert.equal((await readLabels((await downloadLabels(page)).path)).length, 200);
});

test('the page can be installed', async (t) => {
  const { page, origin } = await openPage(t);
  const manifest = await (await page.request.get(await page.locator('link[rel=manifest]').evaluate((link) => link.href))).json();
  assert.equal(new URL(manifest.start_url, origin).href, `${origin}/`);
  assert.equal((await page.request.get(new URL(manifest.icons[0].src, `${origin}/`).href)).status(), 200);
});
