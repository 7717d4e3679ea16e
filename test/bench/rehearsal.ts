/**
 * `npm run bench -- rehearsal`, or `node dist/test/bench/rehearsal.js [cases]`: the paper's BRATS experiment at its true
 * size, before anyone waits for it. 285 synthetic cases of 4 × 240 × 240 × 155 voxels in BRATS's layout go through
 * `configs/brats2018.yaml`, with one epoch of one arm; then `plan --cost` measures the pace of each arm. Printed are what
 * each step takes, its memory, and the disk.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from 'yaml';

import type { LineageRecord } from '../../storage/store/lineage-records.js';
import { assertEnded, onFolder, runCommandLine } from '../support/command-line.js';
import { repositoryRoot } from '../support/paths.js';
import { openTestStore } from '../support/sweeps/test-store.js';
import { writeBratsCases } from './brats-data-set.js';

const mostCases = 285;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function bytesBelow(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((total, { parentPath, name }) => total + statSync(join(parentPath, name)).size, 0);
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** The paper's config, with one epoch of logistic regression with cross-entropy. */
function oneEpoch(config: string): string {
  const document = parseDocument(config);
  document.setIn(['arms', 'models'], ['lr']);
  document.setIn(['arms', 'losses'], ['ce']);
  document.setIn(['training', 'maxEpochs'], 1);
  return document.toString();
}

/** A line for each step, in the order of their first results. */
function describeSteps(records: readonly LineageRecord[], startedMs: number): void {
  const made = records.flatMap((record) =>
    record.kind === 'artifact' && record.version === 2 ? [{ ...record.spec, endedMs: Date.parse(record.at) }] : [],
  );
  for (const step of new Set(made.map((work) => work.step))) {
    const works = made.filter((work) => work.step === step);
    const used = works.flatMap(({ resources, endedMs }) =>
      resources === undefined ? [] : [{ ...resources, endedMs }],
    );
    if (used.length === 0) {
      const end = Math.max(...works.map(({ endedMs }) => endedMs));
      print(`  ${step}, by the worker itself: stored ${((end - startedMs) / 1000).toFixed(0)} s after the run's start`);
      continue;
    }
    const from = Math.min(...used.map(({ endedMs, seconds = 0 }) => endedMs - 1000 * seconds));
    const wall = (Math.max(...used.map(({ endedMs }) => endedMs)) - from) / 1000;
    const processor = used.reduce((total, { processorSeconds = 0 }) => total + processorSeconds, 0);
    const peak = Math.max(...used.map(({ peakMemoryBytes }) => peakMemoryBytes));
    print(
      `  ${step}: ${used.length} units in ${wall.toFixed(0)} s, ${processor.toFixed(0)} s of processor time, ` +
        `at most ${gigabytes(peak)} of memory each`,
    );
  }
}

const count = Number(process.argv[2] ?? mostCases);
if (!Number.isInteger(count) || count < 5 || count > mostCases) throw new Error(`expected 5 to ${mostCases} cases`);
const top = mkdtempSync(join(tmpdir(), 'volbias-rehearsal-'));
try {
  const data = join(top, 'brats');
  const store = join(top, 'data folder');
  writeBratsCases(data, count);
  const config = join(repositoryRoot, 'configs', 'brats2018.yaml');
  const short = join(top, 'brats2018-one-epoch.yaml');
  writeFileSync(short, oneEpoch(readFileSync(config, 'utf8')));

  const startedMs = Date.now();
  assertEnded(await runCommandLine([...onFolder('run', short, store), '--path', `brats2018=${data}`]), 0);
  const seconds = (Date.now() - startedMs) / 1000;
  print(`${count} cases, one epoch of logistic regression in five folds: ${seconds.toFixed(0)} s`);
  describeSteps(await openTestStore(store).lineage.read(), startedMs);
  print(`  disk: images ${gigabytes(bytesBelow(data))}, data folder ${gigabytes(bytesBelow(store))}`);

  const cost = await runCommandLine([...onFolder('plan', config, store), '--path', `brats2018=${data}`, '--cost']);
  assertEnded(cost, 0);
  print(cost.output);
} finally {
  rmSync(top, { recursive: true });
}
