import assert from 'node:assert/strict';
import { readFile, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import {
  assertEnded,
  onFolder,
  runCommandLine,
  startCommandLine,
  type StartedCommandLine,
} from '../../support/command-line.js';
import { writeNamedPatients, type NamedPatients } from '../../support/data/named-patients.js';
import { freePort } from '../../support/free-port.js';
import { killProcessesOf, processesCanBeFound } from '../../support/processes.js';
import { tinyConfig, writeConfig } from '../../support/sweeps/tiny-config.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';
import { waitFor } from '../../support/wait-for.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('watching');

/** Labels of our metrics; the others are of the SDK and of histograms. */
const labels = /^(step|model|loss|kind|result|retried|le)$/;

describe('a worker that is watched', { skip, concurrency: 1 }, () => {
  const folder = join(root, 'data');
  let patients: NamedPatients;
  let port: number;
  let server: StartedCommandLine;
  let metrics: string;

  const workerOn = (address: string, offered: string): string[] => {
    return ['worker', '--data-dir', folder, '--address', address, '--metrics', offered];
  };

  before(async () => {
    patients = await writeNamedPatients(root);
    const { dataSet } = patients;
    // Long enough for reports of epochs.
    const arm = { models: ['lr'], losses: ['ce'], training: { maxEpochs: 200 } };
    const whole = await writeConfig(root, tinyConfig({ ...arm, dataSet }));
    server = startCommandLine(['server', '--data-dir', join(root, 'server')]);
    const address = await waitFor('the address', () => /TEMPORAL_ADDRESS=(\S+)/.exec(server.output())?.[1]);
    port = await freePort();
    startCommandLine(workerOn(address, String(port)));
    assertEnded(await runCommandLine(onFolder('run', whole, folder, '--address', address)), 0);
    // Its picture has a header and half of its pixels: the failure's words name the case.
    const [named = ''] = patients.cases;
    const picture = join(patients.folder, 'images', `${named}.png`);
    await truncate(picture, Math.floor((await stat(picture)).size / 2));
    const damaged = await writeConfig(root, tinyConfig({ name: 'damaged', ...arm, dataSet }));
    const failed = await runCommandLine(onFolder('run', damaged, folder, '--address', address));
    assert.match(failed.output, /FAILED preprocess flat\/shard-0 \(DataInvalid\): .*Müller/);
    metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  });
  after(async () => {
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  /** The value of a metric with exactly these labels. */
  function valueOf(name: string, wanted: Readonly<Record<string, string>>): number | undefined {
    for (const [, own, text = '', value] of metrics.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)) {
      const pairs = [...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', label = '']) => [key, label] as const);
      const found: Record<string, string> = Object.fromEntries(pairs);
      if (own === name && JSON.stringify(sorted(found)) === JSON.stringify(sorted(wanted))) return Number(value);
    }
    return undefined;
  }

  it('offers the SDK’s metrics and its own to Prometheus', () => {
    const arm = { model: 'lr', loss: 'ce' };
    assert.equal(valueOf('volbias_units_total', { step: 'train', result: 'computed' }), 2);
    assert.equal(valueOf('volbias_units_total', { step: 'evaluate', result: 'computed' }), 2);
    assert.equal(valueOf('volbias_failures_total', { step: 'preprocess', kind: 'DataInvalid', retried: 'false' }), 1);
    assert.ok((valueOf('volbias_epoch_seconds_count', arm) ?? 0) > 0);
    assert.ok((valueOf('volbias_training_loss', arm) ?? 0) > 0);
    assert.ok((valueOf('volbias_peak_memory_bytes', { step: 'train', ...arm }) ?? 0) > 1e7);
    const [free = 0, total = 0] = ['free', 'total'].map((kind) => valueOf(`volbias_${kind}_memory_bytes`, {}));
    assert.ok(free > 0 && free < total, `${free} of ${total}`);
    assert.equal(valueOf('volbias_queue_seconds_count', { step: 'train' }), 2);
    assert.equal(valueOf('volbias_unit_seconds_count', { step: 'split' }), 1);
    assert.notEqual(valueOf('volbias_unit_seconds_bucket', { step: 'report', le: '30000' }), undefined);
    assert.match(metrics, /^temporal_activity_schedule_to_start_latency_seconds_count\{/m);
  });

  it('has few labels, which name no data set and no case', () => {
    const ours = metrics.match(/^volbias_.*$/gm) ?? [];
    assert.ok(ours.length > 50);
    for (const line of ours) {
      for (const [, label = ''] of line.matchAll(/[{,](\w+)=/g)) assert.match(label, labels, line);
    }
    for (const secret of ['flat', ...patients.cases]) assert.ok(!metrics.includes(secret), secret);
  });

  it('writes its log as lines of JSON, with units and their ends, and without cases', async () => {
    const text = await readFile(join(folder, 'logs', 'worker.log'), 'utf8');
    const lines = text.trimEnd().split('\n');
    const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.ok(events.some(({ msg }) => msg === 'ready'));
    const of = (unit: string): unknown[] => events.filter((event) => event.unit === unit).map(({ msg }) => msg);
    assert.deepEqual(of('train flat/lr/ce/fold-0'), ['began', 'ended']);
    const failed = events.find(({ msg, unit }) => msg === 'failed' && unit === 'preprocess flat/shard-0');
    assert.equal(failed?.kind, 'DataInvalid');
    for (const secret of [...patients.cases, 'Müller', 'Ångström']) assert.ok(!text.includes(secret), secret);
  });

  it('says before it starts that it cannot offer them', async () => {
    for (const [address, reason] of [
      [String(port), /EADDRINUSE/],
      ['0.0.0.0:9464', /every network of this machine/],
      ['[::]:9464', /every network of this machine/],
      ['example.org:9464', /expected an address and a port/],
      ['127.0.0.1:0', /expected an address and a port/],
      ['127.0.0.1:70000', /expected an address and a port/],
    ] as const) {
      const refused = await runCommandLine(workerOn('127.0.0.1:1', address));
      assertEnded(refused, 2);
      assert.match(refused.errors, reason);
    }
  });
});

function sorted(labels: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(labels).sort(([a], [b]) => a.localeCompare(b));
}
