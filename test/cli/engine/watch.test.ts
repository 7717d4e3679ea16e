import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import type { PageCurve, PageState } from '../../../cli/watch/page-state.js';
import {
  assertEnded,
  onFolder,
  runCommandLine,
  startCommandLine,
  type StartedCommandLine,
} from '../../support/command-line.js';
import { killProcessesOf, processesCanBeFound } from '../../support/processes.js';
import { slowedUntil } from '../../support/slow-trainings.js';
import { sweepIdOf } from '../../support/sweeps/sweep-folders.js';
import { tinyConfig, tinyLearningRates, writeConfig } from '../../support/sweeps/tiny-config.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';
import { waitFor } from '../../support/wait-for.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('watch');
const folder = join(root, 'data');
const go = join(root, 'go');
const patience = 300;

type Losses = readonly { readonly rows: readonly { readonly cells: readonly (PageCurve | null)[] }[] }[];

/** The events of a page. */
class Events {
  private text = '';

  constructor(url: string) {
    get(new URL('events', url), { agent: false }, (response) => {
      response.setEncoding('utf8').on('data', (part: string) => (this.text += part));
      response.on('error', () => undefined);
    }).on('error', () => undefined);
  }

  isDone(): boolean {
    return this.text.includes('\nevent: done\n');
  }

  states(): PageState[] {
    return this.all<PageState>('state');
  }

  /** The curves of the last losses. */
  curves(): PageCurve[] {
    const rows =
      this.all<Losses>('losses')
        .at(-1)
        ?.flatMap((matrix) => matrix.rows) ?? [];
    return rows.flatMap(({ cells }) => cells.flatMap((cell) => cell ?? []));
  }

  private all<T>(name: string): T[] {
    const whole = this.text.slice(0, this.text.lastIndexOf('\n\n') + 1);
    return [...whole.matchAll(new RegExp(`^event: ${name}\ndata: (.*)$`, 'gm'))].map(
      ([, json = '']) => JSON.parse(json) as T,
    );
  }
}

const addressIn = (text: string): string | undefined => /http:\/\/127\.0\.0\.1:\d+\/[\w-]{20,}\//.exec(text)?.[0];

/** The words of each arm's folds. */
const wordsOf = ({ matrices }: PageState): Record<string, string[]> =>
  Object.fromEntries(
    matrices.flatMap(({ rows }) => rows.map(({ arm, cells }) => [arm, cells.map(({ words }) => words)])),
  );

/** An address's text, or its status. */
async function fetched(url: string): Promise<string | number> {
  const response = await fetch(url);
  return response.ok ? response.text() : response.status;
}

describe('a sweep that is watched in a browser', { skip, concurrency: 1 }, () => {
  let run: StartedCommandLine;
  let watch: StartedCommandLine;
  let address: string;
  let watched: Events;
  let own: Events;

  before(async () => {
    assert.match(await refusal('watch'), /none is running in .*data, and none has run yet.*volbias run CONFIG --web/);
    // The logistic regression trains slowly, with a checkpoint after each step; the U-Net diverges.
    const training = { maxEpochs: 60, checkpointMinutes: 1e-9, learningRate: { ...tinyLearningRates, unet: 1e30 } };
    const config = await writeConfig(
      root,
      tinyConfig({ name: 'seen', models: ['lr', 'unet'], losses: ['ce'], training }),
    );
    const environment = { ...slowedUntil(go), VOLBIAS_TRAINING_SLOTS: '4' };
    run = startCommandLine([...onFolder('run', config, folder), '--web'], { environment });
    own = new Events(await waitFor('the run’s page', () => addressIn(run.errors())));
    await waitFor('a running sweep', async () =>
      (await sweepIdOf(folder, 'seen').catch(() => undefined)) ? true : undefined,
    );
    watch = await started();
    address = await waitFor('the page', () => addressIn(watch.output()));
    watched = new Events(address);
  });
  after(async () => {
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  async function refusal(...args: readonly string[]): Promise<string> {
    const result = await runCommandLine([...args, '--data-dir', folder]);
    assertEnded(result, 2);
    return result.errors;
  }

  /** The page of the sweep that is running, which may just be beginning. */
  async function started(): Promise<StartedCommandLine> {
    return waitFor('a sweep to watch', async () => {
      const begun = startCommandLine(['watch', '--data-dir', folder]);
      const found = await Promise.race([begun.ended, waitFor('an address', () => addressIn(begun.output()))]);
      return typeof found === 'string' ? begun : undefined;
    });
  }

  it('shows epochs and losses of its trainings while they train, in either page', async () => {
    for (const [page, events] of Object.entries({ watched, own })) {
      const epochs = /^epoch ([2-9]|\d\d) of 60$/;
      const hasEpochs = (): boolean =>
        events.states().some((state) => wordsOf(state)['lr/ce']?.some((words) => epochs.test(words)));
      await waitFor(`epochs (${page})`, () => (hasEpochs() ? true : undefined), patience);
      const isFalling = ({ training, validation }: PageCurve): boolean => training.length > 1 && validation.length > 1;
      await waitFor(`losses (${page})`, () => (events.curves().some(isFalling) ? true : undefined), patience);
    }
    const [state] = watched.states().slice(-1);
    assert.equal(state?.state, 'running');
    assert.match(String(state.temporal), /^http:\/\/127\.0\.0\.1:\d+\/namespaces\/default\/workflows\/sweep-/);
    assert.equal(state.report, undefined);
  });

  it('shows what has failed, why, and what to do, as the terminal does', async () => {
    const failed = (): PageState | undefined =>
      watched.states().findLast(({ failures }) => failures.failures.length === 2);
    const state = await waitFor('failures', failed, patience);
    const status = await runCommandLine(['status', state.sweep, '--data-dir', folder]);
    for (const { unit, kind, reason } of state.failures.failures) {
      assert.ok(status.output.includes(`FAILED ${unit} (${kind}): ${reason}`), status.output);
    }
    assert.match(state.failures.remedies.join(), /The same training diverges again/);
    assert.match(wordsOf(state)['unet/ce']?.join() ?? '', /^failed \(Diverged\),failed \(Diverged\)$/);
  });

  it('is shown to its end, with the report; the run’s own page ends with the run', async () => {
    await writeFile(go, '');
    assertEnded(await run.ended, 4);
    await waitFor('the end of the run’s page', () => (own.isDone() ? true : undefined));
    await waitFor('the end', () => (watched.isDone() ? true : undefined), patience);
    for (const events of [own, watched]) {
      const [last] = events.states().slice(-1);
      assert.deepEqual([last?.state, last?.summary], ['partial', 'partial; 2 units failed']);
      assert.deepEqual(last && wordsOf(last)['lr/ce'], ['done', 'done']);
      assert.equal(last?.temporal, undefined);
      assert.deepEqual(
        events.curves().map(({ training }) => training.at(-1)?.[0]),
        [60, 60],
      );
    }
    const id = await sweepIdOf(folder, 'seen');
    const path = join(folder, 'sweeps', id, 'report', 'report.html');
    assert.deepEqual(own.states().at(-1)?.report, { path });
    assert.deepEqual(watched.states().at(-1)?.report, { href: 'report/report.html' });
    assert.match(String(await fetched(`${address}report/report.html`)), /<title>.*<\/html>/s);
    assert.equal(await fetched(`${address}report/../../config.json`), 404);
    process.kill(watch.pid, 'SIGINT');
    assertEnded(await watch.ended, 0);
  });

  it('is shown as it has ended, and a sweep is named where none is running', async () => {
    const id = await sweepIdOf(folder, 'seen');
    const none = await refusal('watch');
    assert.match(none, new RegExp(`none is running in .*volbias watch ${id} .*volbias run --web .*seen\\.json`));
    const later = startCommandLine(['watch', 'seen', '--data-dir', folder, '--port', new URL(address).port]);
    const page = await waitFor('the page', () => addressIn(later.output()));
    assert.equal(new URL(page).port, new URL(address).port);
    assert.notEqual(page, address);
    const events = new Events(page);
    await waitFor('the end', () => (events.isDone() ? true : undefined), patience);
    const [state] = events.states().slice(-1);
    assert.deepEqual([state?.sweep, state?.state], [id, 'partial']);
    assert.deepEqual(state?.matrices, watched.states().at(-1)?.matrices);
    process.kill(later.pid, 'SIGINT');
    assertEnded(await later.ended, 0);
  });

  it('is not offered by a run in the background, or on what is no port', async () => {
    const config = join(root, 'seen.json');
    assert.match(await refusal('run', config, '--web', '--detach'), /use "volbias watch"/);
    assert.match(await refusal('watch', 'seen', '--port', '0'), /expected a port/);
  });
});
