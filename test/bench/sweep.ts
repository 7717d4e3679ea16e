/**
 * Where the wall time of a quickstart goes. Runs it in an empty folder, as a user does, and reads from the worker's log
 * when each unit has ended and how long it took. Units that run at the same time share it; what is left belongs to no
 * step: the start, handing units over, and the end.
 */
import { availableParallelism } from 'node:os';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { pipeline } from '../../steps/pipeline.js';
import { assertEnded, onFolder, runCommandLine } from '../support/command-line.js';
import { repositoryRoot } from '../support/paths.js';
import { temporaryFolderOfFile } from '../support/temporary-folder.js';
import { idleSeconds, wallShares, type Span } from './wall-shares.js';

const config = join(repositoryRoot, 'configs', 'quickstart.yaml');
const root = temporaryFolderOfFile('sweep');
const folder = join(root, 'data');

const endOfUnit = z.object({ time: z.iso.datetime(), unit: z.string(), seconds: z.number(), result: z.string() });

/** Of all units, in seconds since the run began. */
async function spansSince(start: number): Promise<Span[]> {
  const log = await readFile(join(folder, 'logs', 'worker.log'), 'utf8');
  return log.split('\n').flatMap((line) => {
    const { success, data } = endOfUnit.safeParse(line.startsWith('{') ? JSON.parse(line) : undefined);
    if (!success) return [];
    const end = (Date.parse(data.time) - start) / 1000;
    return [{ step: data.unit.split(' ')[0] ?? '', begin: end - data.seconds, end }];
  });
}

function print(name: string, seconds: number, of: number): void {
  process.stdout.write(
    `  ${name.padEnd(22)} ${seconds.toFixed(1).padStart(7)} s ${((100 * seconds) / of).toFixed(1).padStart(5)} %\n`,
  );
}

try {
  const start = Date.now();
  assertEnded(await runCommandLine(onFolder('run', config, folder)), 0);
  const wall = (Date.now() - start) / 1000;
  const spans = await spansSince(start);
  const shares = wallShares(spans, wall);
  // The quickstart trains on one thread, so there is a slot for each core.
  const slots = availableParallelism();
  process.stdout.write(`sweep: ${wall.toFixed(1)} s on ${slots} training slots; the share of each step\n`);
  for (const { name } of pipeline) print(name, shares.get(name) ?? 0, wall);
  print('no step', shares.get(undefined) ?? 0, wall);
  const computing = spans.filter(({ step }) => step === 'train' || step === 'evaluate');
  print('idle training slots', idleSeconds(computing, slots), wall);
  print('until the first training', Math.min(...computing.map(({ begin }) => begin)), wall);
} finally {
  await rm(root, { recursive: true, force: true });
}
