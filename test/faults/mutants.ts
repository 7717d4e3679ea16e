import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { copyOfPackage } from '../support/package-copy.js';
import type { FaultBench } from './fault-bench.js';
import { flippedArtifacts } from './damaged-files.js';
import { killedTraining, powerCutInReport } from './faults.js';
import type { Fault } from './moments.js';

/** The package without one of the things that its durability rests on, and the fault that must notice. */
export interface Mutant {
  readonly without: string;
  readonly changes: Readonly<Record<string, readonly [text: string | RegExp, replacement: string]>>;
  readonly fault: Fault;
}

const checkpointFile = 'learning/training/checkpoint.js';

export const mutants: readonly Mutant[] = [
  {
    without: 'flushing folders after a rename',
    changes: { 'storage/files/atomic-file.js': [/await folder\.sync\(\)\.catch/g, 'await Promise.resolve().catch'] },
    fault: powerCutInReport,
  },
  {
    without: 'comparing an object with its digest',
    changes: { 'storage/store/local-artifact-store.js': ['if (sha256Of(bytes) === digest)\n', 'if (bytes)\n'] },
    fault: flippedArtifacts,
  },
  {
    without: 'the saved patience',
    changes: {
      [checkpointFile]: [
        /^(\s*)progress,$/gm,
        '$1progress: { ...progress, plateau: { ...progress.plateau, epochsWaited: 0 } },',
      ],
    },
    fault: killedTraining,
  },
  {
    without: 'the saved place in the random order of cases',
    changes: { [checkpointFile]: [/^(\s*)stepsIntoEpoch,$/gm, '$1stepsIntoEpoch: 0,'] },
    fault: killedTraining,
  },
];

/** A checkpoint may happen to be saved where what is missing is 0. */
const mostTries = 4;

/** What the fault does to the changed package; undefined if it survives with the bytes of the unchanged one. */
export async function harmOf(
  bench: FaultBench,
  { changes, fault, without }: Mutant,
  root: string,
): Promise<string | undefined> {
  const folder = await mkdtemp(join(root, 'mutant-'));
  const changed = bench.of({ package: await copyOfPackage(folder, changes) });
  try {
    for (let round = 0; round < mostTries; round++) {
      const sweep = changed.disturb(`${without} ${round}`);
      try {
        await fault.happen(sweep);
        await sweep.assertUndisturbed();
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      } finally {
        await sweep.clear();
      }
    }
    return undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
