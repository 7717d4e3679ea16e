import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { dataFolderAt } from '../../../storage/store/data-folder.js';
import { assertEnded, onFolder, runCommandLine, type CommandLineResult } from '../../support/command-line.js';
import { killProcessesOf, processesCanBeFound } from '../../support/processes.js';
import { artifactsOf, filesBelow } from '../../support/sweeps/sweep-folders.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';
import { writeLongConfig } from '../../support/sweeps/tiny-config.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('memory');
const undisturbed = join(root, 'undisturbed');

/** When a data folder's trainings began and ended, in the order of their beginnings. */
async function trainingTimes(folder: string): Promise<[string, string][]> {
  const logs = (await filesBelow(join(folder, 'logs'))).filter((path) => /train-.*\.log$/.test(path));
  const times = logs.map(async (path): Promise<[string, string]> => {
    const text = await readFile(path, 'utf8');
    const [, began = ''] = /^(\S+) train .*: attempt 1/m.exec(text) ?? [];
    const [, ended = ''] = /^(\S+) ended: its result is stored$/m.exec(text) ?? [];
    return [began, ended];
  });
  return (await Promise.all(times)).sort(([a], [b]) => (a < b ? -1 : 1));
}

describe('trainings on a machine with little memory', { skip, concurrency: 1 }, () => {
  let config: string;
  let largest: number;

  const run = (folder: string, environment: Readonly<Record<string, string>>): Promise<CommandLineResult> =>
    runCommandLine(onFolder('run', config, folder), { environment: { VOLBIAS_TRAINING_SLOTS: '2', ...environment } });

  before(async () => {
    config = await writeLongConfig(root);
    assertEnded(await run(undisturbed, {}), 0);
    const peaks = JSON.parse(await readFile(dataFolderAt(undisturbed).memoryPeaks, 'utf8')) as Record<string, number>;
    largest = Math.max(...Object.values(peaks));
  });
  after(async () => {
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  /** A new data folder that knows what the trainings need. */
  async function folderWithPeaks(name: string): Promise<string> {
    const folder = join(root, name);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await copyFile(dataFolderAt(undisturbed).memoryPeaks, dataFolderAt(folder).memoryPeaks);
    return folder;
  }

  it('remember what they have used: at least what TensorFlow needs, and less than a gibibyte', () => {
    assert.ok(largest > 50 * 2 ** 20 && largest < 2 ** 30, `${largest}`);
  });

  it('run side by side where there is enough, and one after the other where there is not, to the same bytes', async () => {
    const [wide, narrow] = [await folderWithPeaks('wide'), await folderWithPeaks('narrow')];
    for (const [folder, times] of [
      [wide, 4],
      [narrow, 1.5],
    ] as const) {
      assertEnded(await run(folder, { VOLBIAS_MEMORY_BYTES: String(Math.ceil(times * largest)) }), 0);
      assert.deepEqual(await artifactsOf(folder), await artifactsOf(undisturbed));
    }
    const overlap = ([first, second]: readonly [string, string][]): boolean => (second?.[0] ?? '') < (first?.[1] ?? '');
    assert.deepEqual([overlap(await trainingTimes(wide)), overlap(await trainingTimes(narrow))], [true, false]);
  });

  it('fail as OutOfMemory, with what they need and what there is, where there can never be enough', async () => {
    const folder = await folderWithPeaks('tiny');
    const result = await run(folder, { VOLBIAS_MEMORY_BYTES: String(2 ** 20) });
    assertEnded(result, 1);
    assert.match(
      result.output,
      /FAILED train flat\/lr\/ce\/fold-0 \(\w+\): it needs 0\.\d GiB of memory; its worker may use 0\.0 GiB/,
    );
  });
});
