// What the table lists and in which order, what a lasso catches, and how a gene's values are summed up.
import assert from 'node:assert/strict';
import test from 'node:test';
import { pageModule } from './support/page_module.mjs';

test('cells are sorted by key, equal ones in file order, both ways', async () => {
  const { sortCells } = await pageModule('filter_cells.ts');
  const keys = [500, 0, 65535, 500, 7];
  const cells = Uint32Array.from([0, 1, 2, 3, 4]);
  assert.deepEqual([...sortCells(cells, (cell) => keys[cell], false)], [1, 4, 0, 3, 2]);
  assert.deepEqual([...sortCells(cells, (cell) => keys[cell], true)], [2, 0, 3, 4, 1]);
  assert.deepEqual([...sortCells(new Uint32Array(0), () => 0, false)], []);
});

test('labels are counted by kind, then by number; cells to come are not counted', async () => {
  const { countLabels, kPending, kUnknown } = await pageModule('results.ts');
  const shown = Int32Array.from([0, 1, 1, 2, kUnknown, kPending, 2, 2]);
  const isSelected = Uint8Array.from([1, 1, 0, 0, 1, 1, 0, 1]);
  const order = (label) => (label === kUnknown ? 2 : label === 2 ? 1 : 0);
  assert.deepEqual(countLabels(shown, 4, isSelected, order), [
    { label: 1, cells: 2, selected: 1 },
    { label: 0, cells: 1, selected: 1 },
    { label: 2, cells: 3, selected: 1 },
    { label: kUnknown, cells: 1, selected: 1 },
  ]);
});

test('a lasso catches what lies inside, holes and hidden cells left out', async () => {
  const { cellsInside } = await pageModule('map/lasso.ts');
  const places = Float32Array.from([1, 1, 5, 5, 9, 1, 20, 20, Number.NaN, Number.NaN, 2, 8]);
  const view = { cells: 6, places, isHidden: null };
  const screen = { scaleX: 2, scaleY: -2, offsetX: 10, offsetY: 100 };
  const around = (points) => points.flatMap(([x, y]) => [2 * x + 10, -2 * y + 100]);
  const square = around([[0, 0], [10, 0], [10, 10], [0, 10]]);
  assert.deepEqual([...cellsInside(view, screen, square)], [0, 1, 2, 5]);
  assert.deepEqual([...cellsInside({ ...view, isHidden: Uint8Array.from([1, 0, 0, 0, 0, 0]) }, screen, square)], [1, 2, 5]);
  // A figure that crosses itself has a hole in its middle, by the even-odd rule.
  const star = around([[5, 14], [-3, -6], [15, 7], [-5, 7], [13, -6]]);
  assert.ok(!cellsInside(view, screen, star).includes(1));
  assert.deepEqual([...cellsInside(view, screen, square.slice(0, 4))], []);
});

test('a gene’s values: cells without counts apart, quartiles of the others', async () => {
  const { densitiesOf } = await pageModule('charts/densities.ts');
  const values = Float32Array.from([0, 1, 2, 3, 0, 9, 4, 5]);
  const group = Int32Array.from([0, 0, 0, 0, 0, -1, 0, 0]);
  const [density, none] = densitiesOf(values, group, 2);
  assert.deepEqual([density.cells, density.zeros, none.cells], [7, 2, 0]);
  assert.deepEqual([...density.quartiles], [2, 3, 4]);
  assert.deepEqual(none.quartiles, []);
});
