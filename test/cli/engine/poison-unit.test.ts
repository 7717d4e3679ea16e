import assert from 'node:assert/strict';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, it } from 'node:test';

import { split } from '../../../steps/split.js';
import { assertEnded, onFolder, runCommandLine } from '../../support/command-line.js';
import { copyOfPackage } from '../../support/package-copy.js';
import { killProcessesOf, processesCanBeFound } from '../../support/processes.js';
import { tinyConfig, writeConfig } from '../../support/sweeps/tiny-config.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('poison');

after(async () => {
  killProcessesOf(root);
  await rm(root, { recursive: true, force: true });
});

it('a unit at which its worker dies every time is given up, and the run ends', { skip }, async () => {
  const changed = join(root, 'package');
  await mkdir(changed);
  await copyOfPackage(changed, {
    'steps/split.js': [/run: async \(/g, 'run: async (_) => process.kill(process.pid, "SIGKILL"), unused: async ('],
  });
  const config = await writeConfig(root, tinyConfig({ models: ['lr'], losses: ['ce'] }));
  const result = await runCommandLine(onFolder('run', config, join(root, 'data')), { package: changed });
  assertEnded(result, 1);
  const words = `FAILED split flat (GivenUp): split flat: its worker died ${split.attempts} times while it computed this`;
  assert.ok(result.output.includes(words), result.output);
});
