// Asking the Teacher itself what it looks at.
import assert from 'node:assert/strict';
import test, { before } from 'node:test';
import { attentionOf } from '../wasm/teacher.mjs';
import { violationsOf } from './support/axe.mjs';
import { annotate, chooseFiles, kMadeUpCard, openPage, runInWorkers } from './support/browser.mjs';
import { readLabels } from './support/labels.mjs';
import { explainWithProgram, labelsOfProgram, modelWithTeacher, scratchFolder, simulatedQuery, tinyModel } from './support/paths.mjs';

const kTolerance = 1e-4;
const kCells = 60;

// Trained once for all tests of this file.
let files;
before(async (t) => {
  const folder = await scratchFolder(t);
  files = { ...(await simulatedQuery(folder, kCells)), ...(await modelWithTeacher(folder)), folder };
});

async function openAnnotated(t, { inWorkers = '' } = {}) {
  const opened = await openPage(t);
  await runInWorkers(opened.page, inWorkers);
  await opened.page.setInputFiles('#cells-input', [files.model, files.teacher, files.query]);
  await annotate(opened.page);
  return opened;
}

async function answer(page) {
  await page.waitForSelector('#teacher-answer');
  return page.$eval('#teacher-answer', (panel) => ({
    device: panel.dataset.device,
    cells: Number(panel.dataset.cells),
    text: panel.innerText,
    patterns: [...panel.querySelectorAll('li')].map((row) => ({
      name: row.querySelector('.pattern-name').textContent,
      attention: Number(row.dataset.attention),
      score: Number(row.dataset.score),
    })),
  }));
}

const meanOf = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

// By falling attention, as the network gives it in Node, and with the scores of `plkd explain`.
async function expectedFor(cells) {
  const attention = await attentionOf(files, kCells);
  const lines = (await explainWithProgram(files, files.folder, ['--top', '300'])).cells;
  const isName = (_, k) => k % 2 === 0;
  const scores = lines.map(([, , , ...fields]) => new Map(fields.filter(isName).map((name, k) => [name, Number(fields[2 * k + 1])])));
  const expected = Object.keys(attention[0]).map((name) => ({
    name,
    attention: meanOf(cells.map((cell) => attention[cell][name])),
    score: meanOf(cells.map((cell) => scores[cell].get(name))),
  }));
  return expected.sort((a, b) => b.attention - a.attention).slice(0, 8);
}

async function assertRight({ patterns }, cells) {
  const expected = await expectedFor(cells);
  assert.deepEqual(patterns.map(({ name }) => name), expected.map(({ name }) => name));
  patterns.forEach(({ attention, score }, k) => {
    assert.ok(Math.abs(attention - expected[k].attention) <= kTolerance, `${attention}, not ${expected[k].attention}`);
    assert.ok(Math.abs(score - expected[k].score) <= kTolerance, `${score}, not ${expected[k].score}`);
  });
}

test('the Teacher says what it looks at in a cell and in a label; it can be stopped and asked again', async (t) => {
  const { page, errors } = await openAnnotated(t);
  assert.match(await page.innerText('#teacher-file'), /With its Teacher \(teacher\.onnx\)/);
  assert.equal(await page.locator('#ask-teacher').count(), 0, 'nothing is picked');
  await page.locator('.rows .row').nth(3).click();
  await page.click('#ask-teacher');
  await page.click('#cancel-teacher');
  await page.click('#ask-teacher');
  const ofCell = await answer(page);
  assert.equal(ofCell.device, 'cpu', 'a software adapter is slower than the processor');
  assert.match(ofCell.text, /in this cell/);
  await assertRight(ofCell, [3]);

  const label = page.locator('.counts .count').first();
  await label.click();
  await page.waitForSelector('#ask-teacher');
  await page.click('#ask-teacher');
  const ofLabel = await answer(page);
  const name = await label.locator('.count-name').innerText();
  const rows = await readLabels(await labelsOfProgram(files, files.folder));
  const cells = rows.flatMap((row, cell) => (row.label === name ? [cell] : []));
  assert.equal(ofLabel.cells, cells.length);
  assert.ok(cells.length > 8, 'more than a batch');
  await assertRight(ofLabel, cells);
  assert.deepEqual(errors, []);
});

test('axe finds nothing wrong with the question and the answer', async (t) => {
  const { page } = await openAnnotated(t);
  const clean = async (where) => {
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      assert.deepEqual(await violationsOf(page), [], `${where}, ${colorScheme}`);
    }
  };
  await page.locator('.counts .count').first().click();
  await page.waitForSelector('#ask-teacher');
  await clean('the question');
  await page.click('#ask-teacher');
  await answer(page);
  await clean('the answer');
});

test('on WebGPU the Teacher says the same', async (t) => {
  const { page } = await openAnnotated(t, { inWorkers: kMadeUpCard });
  await page.locator('.rows .row').nth(3).click();
  await page.click('#ask-teacher');
  const ofCell = await answer(page);
  assert.equal(ofCell.device, 'webgpu');
  assert.match(ofCell.text, /onnxruntime on WebGPU \(google made-up card\)/);
  await assertRight(ofCell, [3]);
});

test('a card on which the example comes out otherwise is not believed: the processor answers', async (t) => {
  const readZeros = `
    const mapped = GPUBuffer.prototype.getMappedRange;
    GPUBuffer.prototype.getMappedRange = function (...words) {
      const range = mapped.apply(this, words);
      if (this.usage & GPUBufferUsage.MAP_READ) new Uint8Array(range).fill(0);
      return range;
    };
  `;
  const { page } = await openAnnotated(t, { inWorkers: kMadeUpCard + readZeros });
  await page.locator('.rows .row').nth(3).click();
  await page.click('#ask-teacher');
  const ofCell = await answer(page);
  assert.equal(ofCell.device, 'cpu');
  assert.match(ofCell.text, /WebGPU could not be used \(here the Teacher's attention differs by .* from that of its own example\)/);
  await assertRight(ofCell, [3]);
});

test('a Teacher waits for its model, and is refused beside another', async (t) => {
  const { page } = await openPage(t);
  await page.setInputFiles('#model-input', files.teacher);
  await page.waitForSelector('#teacher-file');
  assert.match(await page.innerText('#teacher-file'), /teacher\.onnx is a Teacher; it waits for the model/);
  await page.setInputFiles('#model-input', files.model);
  await page.getByText('With its Teacher (teacher.onnx)').waitFor();
  // It does not stay for another model, and nobody needs to be told.
  await chooseFiles(page, { model: tinyModel });
  await page.locator('.file-name', { hasText: 'tiny.onnx' }).waitFor();
  assert.equal(await page.locator('#teacher-file').count(), 0);
  assert.equal(await page.locator('.problem').count(), 0);
  await page.setInputFiles('#model-input', files.teacher);
  await page.waitForSelector('.problem');
  assert.match(await page.innerText('.problem'), /teacher\.onnx: the Teacher of another model \('with_teacher'/);
  assert.equal(await page.locator('#teacher-file').count(), 0);
});
