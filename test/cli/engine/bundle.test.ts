import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import type { Trace } from '../../../domain/lineage/trace.js';
import { assertEnded, onFolder, runCommandLine } from '../../support/command-line.js';
import { killProcessesOf, processesCanBeFound } from '../../support/processes.js';
import { sweepIdOf } from '../../support/sweeps/sweep-folders.js';
import { tinyConfig, writeConfig } from '../../support/sweeps/tiny-config.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('bundles');

describe('a sweep that is exported and imported elsewhere', { skip }, () => {
  after(async () => {
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  it('is cached there, verified there, and traced as before', async () => {
    const [here, there] = [join(root, 'here'), join(root, 'there')];
    const config = await writeConfig(root, tinyConfig({ models: ['lr'], losses: ['ce'] }));
    assertEnded(await runCommandLine(onFolder('run', config, here)), 0);
    const sweep = await sweepIdOf(here, 'tiny');
    const bundle = join(root, 'tiny.tar.zst');
    const written = await runCommandLine(onFolder('export', sweep, here, '--bundle', bundle, '--json'));
    assertEnded(written, 0);
    const imported = await runCommandLine(onFolder('import', bundle, there, '--json'));
    assertEnded(imported, 0);
    const [out, back] = [written, imported].map(
      ({ output }) => JSON.parse(output) as { head: string; objects: number },
    );
    assert.deepEqual([back?.head, back?.objects], [out?.head, out?.objects]);
    const run = await runCommandLine(onFolder('run', config, there));
    assertEnded(run, 0);
    assert.match(run.output, /Nothing to compute: all \d+ units are cached/);
    const verified = await runCommandLine(['verify', '--deep', '--data-dir', there]);
    assertEnded(verified, 0);
    assert.match(verified.output, /Everything is as it was recorded/);
    const traceIn = async (folder: string): Promise<unknown> => {
      const traced = await runCommandLine(['trace', sweep, 'flat.lr.ce.volumeError', '--json', '--data-dir', folder]);
      assertEnded(traced, 0);
      const { files, actions, ...others } = JSON.parse(traced.output) as Trace;
      // Where the images lie, and that it was imported and run again, differs.
      const events = actions.slice(0, 2).map(({ kind, at }) => [kind, at]);
      return { ...others, events, files: files.map(({ path: _, ...file }) => file) };
    };
    assert.deepEqual(await traceIn(there), await traceIn(here));
  });
});
