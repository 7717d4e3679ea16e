import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { canonicalJson } from '../../../domain/plan/key.js';
import { copiedPage, storedPage } from '../../../domain/report/page/copied-page.js';
import { dataFolderAt, indexPath, objectPath } from '../../../storage/store/data-folder.js';
import { inspectLog } from '../../../storage/store/log-inspection.js';
import { reportFolder } from '../../../storage/sweeps/report-copy.js';
import { headFile, resultFile } from '../../../storage/sweeps/sweep-results.js';
import { assertEnded, onFolder, runCommandLine, type CommandLineResult } from '../../support/command-line.js';
import { flipBit } from '../../support/damage.js';
import { repositoryRoot } from '../../support/paths.js';
import { killProcessesOf, processesCanBeFound } from '../../support/processes.js';
import { filesBelow, sweepIdOf } from '../../support/sweeps/sweep-folders.js';
import { openTestStore } from '../../support/sweeps/test-store.js';
import { tinyConfig, writeConfig } from '../../support/sweeps/tiny-config.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('forged-lineage');
const { folder, lineage, store } = openTestStore(join(root, 'data'));

const verify = (...more: string[]): Promise<CommandLineResult> =>
  runCommandLine(['verify', '--data-dir', folder.root, ...more]);

describe('a sweep whose records somebody has forged', { skip, concurrency: 1 }, () => {
  let config: string;
  let sweep: string;

  const run = (): Promise<CommandLineResult> => runCommandLine(onFolder('run', config, folder.root));

  before(async () => {
    config = await writeConfig(root, tinyConfig({ models: ['lr'], losses: ['ce'] }));
    assertEnded(await run(), 0);
    sweep = await sweepIdOf(folder.root, 'tiny');
  });
  after(async () => {
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  it('does not pass with a file beside it that says something else', async () => {
    const page = join(reportFolder(folder, sweep), 'report.html');
    const result = resultFile(folder, sweep);
    const { lines, records } = await inspectLog(folder.lineageLog);
    const training = records.find(({ kind, spec }) => kind === 'artifact' && spec.step === 'train');
    assert.ok(training?.kind === 'artifact');
    const edits: readonly [file: string, edit: (text: string) => string, problem: RegExp][] = [
      [
        page,
        (text) => copiedPage(text, { line: lines[1] ?? '', making: { rows: [] } }),
        /the line of the log that it names is not that of this/,
      ],
      [page, (text) => storedPage(text).page, /the line of the log that it names is not that of this/],
      [
        page,
        (text) => text.replace(/(?<=id="making">[^]*?<td>)\d+/, '99'),
        /it does not say what the log says of its making/,
      ],
      [page, (text) => text.replace('shared by all arms', 'sh<b>ared</b>'), /it does not say what the log says of its/],
      [page, (text) => text.replace('ΔV', 'ΔW'), /it is not the file that the sweep has made/],
      [headFile(folder, sweep), () => `${'0'.repeat(64)}\n`, /no line of the log has this SHA-256/],
      [
        result,
        (text) => text.replace(/("digest": ")[0-9a-f]{64}/, `$1${training.spec.digest}`),
        /it names a report that no record of the lineage describes/,
      ],
    ];
    for (const [file, edit, problem] of edits) {
      const text = await readFile(file, 'utf8');
      await writeFile(file, edit(text));
      const found = await verify('--deep');
      assertEnded(found, 3);
      assert.match(found.output, problem);
      assert.ok(found.output.includes(relative(folder.root, file)), found.output);
      await writeFile(file, text);
    }
    assertEnded(await verify('--deep'), 0);
  });

  it('does not pass without the head that confirms its last line, nor does a run go on', async () => {
    const path = `${folder.lineageLog}.head`;
    const text = await readFile(path, 'utf8');
    await rm(path);
    for (const result of [await verify(), await run()]) {
      assertEnded(result, 3);
      assert.match(`${result.output}${result.errors}`, /the head beside the log, which would confirm it, is missing/);
    }
    await writeFile(path, text);
    assertEnded(await verify(), 0);
  });

  it('does not pass with a second, forged result of the same work', async () => {
    const [log, line] = [
      await readFile(folder.lineageLog, 'utf8'),
      await readFile(`${folder.lineageLog}.head`, 'utf8'),
    ];
    const { records } = await inspectLog(folder.lineageLog);
    const joined = records.find(({ kind, spec }) => kind === 'artifact' && spec.step === 'join');
    assert.ok(joined?.kind === 'artifact');
    const manifest = await store.manifest(joined.spec.digest);
    const { digest } = await store.putBlob(Buffer.from(canonicalJson({ ...manifest, summary: { forged: true } })));
    await lineage.append('artifact', { ...joined.spec, digest });
    const found = await verify();
    assertEnded(found, 3);
    assert.match(found.output, /line \d+: it has another result than line \d+ for the same work on the same machine/);
    await rm(objectPath(folder, digest));
    await writeFile(folder.lineageLog, log);
    await writeFile(`${folder.lineageLog}.head`, line);
    assertEnded(await verify(), 0);
  });

  it('is verified where its folder lies now, with its own phantoms', async () => {
    const moved = dataFolderAt(join(root, 'moved'));
    await cp(folder.root, moved.root, { recursive: true });
    const deep = (): Promise<CommandLineResult> => runCommandLine(['verify', '--deep', '--data-dir', moved.root]);
    assertEnded(await deep(), 0);
    const [image = ''] = (await filesBelow(moved.phantoms)).filter((path) => path.endsWith('.png'));
    await flipBit(image, 300);
    const found = await deep();
    assertEnded(found, 3);
    assert.match(found.output, new RegExp(`${image}: it has changed since the sweep read it`));
    const kept = await runCommandLine(['gc', '--keep', sweep, '--dry-run', '--data-dir', moved.root]);
    assertEnded(kept, 0);
    assert.doesNotMatch(kept.output, /phantom/);
  });

  it('lets a plan expect what is lost as it was recorded, as the run then finds it', async () => {
    const { records } = await inspectLog(folder.lineageLog);
    const training = records.find(({ kind, spec }) => kind === 'artifact' && spec.step === 'train');
    assert.ok(training?.kind === 'artifact');
    const path = indexPath(folder, training.spec.key);
    const text = await readFile(path, 'utf8');
    await rm(path);
    const plan = await runCommandLine(onFolder('plan', config, folder.root));
    assert.match(plan.output, /^1 unit to run/m);
    await writeFile(path, text);
  });

  it('ends without a word if whoever reads the answer leaves early', () => {
    const main = join(repositoryRoot, 'dist', 'cli', 'main.js');
    const command = `node "$0" trace "$1" --data-dir "$2" flat.lr.ce.volumeError | head -n 1`;
    const { status, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', command, main, sweep, folder.root], {
      encoding: 'utf8',
    });
    assert.deepEqual([status, stderr], [0, '']);
  });
});
