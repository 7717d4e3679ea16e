/**
 * Where the wall time of a quickstart goes. Runs it in an empty folder, as a user does, and reads from the
 * log when each unit has begun and ended. Before the first training come the start, synthetic images and their preparation; after
 * the last evaluation the tests, the report and the stop. In between, each training slot trains, evaluates or is idle.
 */
import { availableParallelism } from 'node:os';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { datedWorks } from '../../steps/provenance/recorded.js';
import { dataFolderAt } from '../../storage/store/data-folder.js';
import { LineageLog } from '../../storage/store/lineage-log.js';
import { assertEnded, onFolder, runCommandLine } from '../support/command-line.js';
import { repositoryRoot } from '../support/paths.js';
import { temporaryFolderOfFile } from '../support/temporary-folder.js';

interface Span {
  readonly step: string;
  readonly begin: number;
  readonly end: number;
}

const config = join(repositoryRoot, 'configs', 'quickstart.yaml');
const root = temporaryFolderOfFile('sweep');
const folder = join(root, 'data');

/** Of units that a process of their own has computed, in seconds since the run began. */
async function spansSince(start: number): Promise<Span[]> {
  const log = new LineageLog(dataFolderAt(folder).lineageLog);
  return datedWorks(await log.read()).flatMap(({ at, step, resources }) => {
    if (at === null || resources?.seconds === undefined) return [];
    const end = (Date.parse(at) - start) / 1000;
    return [{ step, begin: end - resources.seconds, end }];
  });
}

function print(name: string, seconds: number, of: number): void {
  process.stdout.write(
    `  ${name.padEnd(28)} ${seconds.toFixed(1).padStart(7)} s ${((100 * seconds) / of).toFixed(1)} %\n`,
  );
}

try {
  const start = Date.now();
  assertEnded(await runCommandLine(onFolder('run', config, folder)), 0);
  const wall = (Date.now() - start) / 1000;
  const spans = await spansSince(start);
  const sumOf = (step: string): number =>
    spans.filter((span) => span.step === step).reduce((sum, { begin, end }) => sum + end - begin, 0);
  const first = Math.min(...spans.filter(({ step }) => step === 'train').map(({ begin }) => begin));
  const last = Math.max(...spans.map(({ end }) => end));
  // The quickstart trains on one thread, so there is a slot for each core.
  const slots = availableParallelism();
  const busy = { train: sumOf('train') / slots, evaluate: sumOf('evaluate') / slots };
  process.stdout.write(`sweep: ${wall.toFixed(1)} s on ${slots} training slots\n`);
  print('before the first training', first, wall);
  print('training', busy.train, wall);
  print('evaluation', busy.evaluate, wall);
  print('idle slots in between', last - first - busy.train - busy.evaluate, wall);
  print('after the last evaluation', wall - last, wall);
} finally {
  await rm(root, { recursive: true, force: true });
}
