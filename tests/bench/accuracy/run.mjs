// Accuracy across studies: trains on one public data set with default settings, labels another, and prints mean and standard
// deviation over seeds beside the bars and the best of the established classifiers (peers.py). Needs ../shared/data; 15
// trainings a seed, of a minute or two each.
//   node tests/bench/accuracy/run.mjs [--pairs NAME,...] [--seeds 1,2,3] [--without-teacher] [--adapt]
//                                     [--train="OPTION..."] [--keep-models] [--json FILE]
// --without-teacher and --adapt add columns; --train hands further options to `plkd train`; --keep-models takes models that an
// older program made.
import { existsSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { canRunPeers, checkWithPeers, data, howToGetPeers, needsFolds, pairs, peersOf, runPair, writeFolds } from './runs.mjs';
import { header, line, verdicts } from './table.mjs';

function chosenPairs(names) {
  if (names === undefined) return pairs;
  return names.split(',').map((name) => {
    const pair = pairs.find((candidate) => candidate.name === name);
    if (!pair) throw new Error(`no pair '${name}'; pairs are ${pairs.map((p) => p.name).join(', ')}`);
    return pair;
  });
}

function resultOf(pair, options) {
  const training = options.train?.split(' ').filter(Boolean) ?? [];
  const keepModels = options['keep-models'];
  const over = (settings) => options.seeds.split(',').map((seed) => runPair(pair, seed, { ...settings, keepModels }));
  const result = { pair, runs: over({ training }) };
  if (options['without-teacher']) result.withoutTeacher = over({ training: [...training, '--teacher-share', '0'] });
  if (options.adapt) result.adapted = over({ training, evaluation: ['--adapt'] });
  return result;
}

const { values: options } = parseArgs({
  options: {
    pairs: { type: 'string' },
    seeds: { type: 'string', default: '1,2,3' },
    'without-teacher': { type: 'boolean' },
    adapt: { type: 'boolean' },
    train: { type: 'string' },
    'keep-models': { type: 'boolean' },
    json: { type: 'string' },
  },
});

if (!existsSync(data)) {
  console.log('skipped: ../shared/data is not there');
  process.exit(0);
}
let chosen = chosenPairs(options.pairs);
const hasPeers = canRunPeers();
if (hasPeers) {
  writeFolds(chosen);
} else {
  console.error(`without the peers and pairs made of folds, which need scikit-learn: ${howToGetPeers}`);
  chosen = chosen.filter((pair) => !needsFolds(pair));
}
const peers = hasPeers ? peersOf(chosen) : {};
const results = [];
console.log(header({ withoutTeacher: options['without-teacher'], adapted: options.adapt }));
for (const pair of chosen) {
  const result = { ...resultOf(pair, options), peers: peers[pair.name] };
  if (result.peers && result.peers.cells_known !== result.runs[0].cells_known)
    throw new Error(`${pair.name}: the peers were scored on ${result.peers.cells_known} cells, we on ${result.runs[0].cells_known}`);
  if (hasPeers && !checkWithPeers(result.runs.flatMap((run) => run.reports)))
    throw new Error(`${pair.name}: our scores are not what scikit-learn makes of the same labels`);
  console.log(line(result));
  results.push(result);
  if (options.json) writeFileSync(options.json, JSON.stringify(results, null, 2));
}
console.log();
for (const { text } of verdicts(results)) console.log(text);
