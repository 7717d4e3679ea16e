import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { Client, Connection } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';

import { assertEnded, onFolder, startCommandLine, type StartedCommandLine } from '../../support/command-line.js';
import { killProcessesOf, processesCanBeFound } from '../../support/processes.js';
import { slowedUntil } from '../../support/slow-trainings.js';
import { tinyConfig, writeConfig } from '../../support/sweeps/tiny-config.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';
import { waitFor } from '../../support/wait-for.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('temporal-page');
const folder = join(root, 'data');
const go = join(root, 'go');
// A checkpoint after each step, at which the trainings are slowed, however fast the machine is.
const training = { maxEpochs: 100, checkpointMinutes: 1e-9 };
const names = ['clinic-a', 'clinic-b', 'clinic-c'];

/** A config of trainings with logistic regression, on the data sets with these names. */
function configOf(name: string, dataSets: readonly string[], losses: readonly string[]): Promise<string> {
  const config = tinyConfig({ name, models: ['lr'], losses, training });
  const [dataSet] = config.dataSets as object[];
  return writeConfig(root, { ...config, dataSets: dataSets.map((own) => ({ ...dataSet, name: own })) });
}

describe('what Temporal shows of sweeps while the first training holds the only slot', { skip, concurrency: 1 }, () => {
  let first: StartedCommandLine;
  let urgent: StartedCommandLine;
  let again: StartedCommandLine;
  /** Anybody who can open Temporal's page: without the key of the data folder. */
  let stranger: Client;

  before(async () => {
    const server = startCommandLine(['server', '--data-dir', join(root, 'server')]);
    const address = await waitFor('the address', () => /TEMPORAL_ADDRESS=(\S+)/.exec(server.output())?.[1]);
    stranger = new Client({ connection: await Connection.connect({ address }) });
    const worker = ['worker', '--address', address, '--data-dir', folder, '--slots', '1'];
    startCommandLine(worker, { environment: slowedUntil(go) });
    const patient = await configOf('patient', names.slice(0, 2), ['ce', 'sd']);
    first = startCommandLine(onFolder('run', patient, folder, '--address', address));
    await waitFor('the trainings of the first sweep', () => trainings(8), 120);
    await waitFor('a training', async () => ((await progress()) === undefined ? undefined : true), 120);
    const late = await configOf('urgent', names.slice(2), ['ce']);
    urgent = startCommandLine(onFolder('run', late, folder, '--address', address, '--priority', '1'));
    again = startCommandLine(onFolder('run', patient, folder, '--address', address, '--priority', '2'));
    await waitFor('the trainings of the urgent sweep', () => trainings(10), 120);
  });
  after(async () => {
    await stranger.connection.close();
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  async function trainings(count: number): Promise<true | undefined> {
    return (await found("VolbiasStep = 'train'")).length >= count ? true : undefined;
  }

  async function found(query: string): Promise<string[]> {
    const ids: string[] = [];
    for await (const { workflowId } of stranger.workflow.list({ query })) ids.push(workflowId);
    return ids;
  }

  /** The training that runs: its workflow, what its activity has last shown, and the length of its history. */
  async function progress(): Promise<{ id: string; shown: string; epoch: number; length: number } | undefined> {
    for (const id of await found("VolbiasStep = 'train' AND ExecutionStatus = 'Running'")) {
      const { raw, historyLength } = await stranger.workflow.getHandle(id).describe();
      const details = raw.pendingActivities?.[0]?.heartbeatDetails?.payloads?.[0];
      const shown = Buffer.from(details?.data ?? []).toString();
      const [, epoch] = / · epoch (\d+) of 100/.exec(shown) ?? [];
      if (epoch !== undefined) return { id, shown, epoch: Number(epoch), length: historyLength };
    }
    return undefined;
  }

  it('is a training’s arm, fold, epoch and losses, and no epoch adds to its history', async () => {
    const { id, epoch, length } = await waitFor('an epoch', progress);
    const later = await waitFor('a later epoch', async () => {
      const now = await progress();
      return now !== undefined && now.epoch > epoch + 1 && now.shown.includes('val') ? now : undefined;
    });
    assert.equal(later.id, id);
    assert.equal(later.length, length);
    const form = /^"train lr\/(ce|sd) · fold [01] · data-[0-9a-f]{10} · epoch \d+ of 100 · loss [\d.]+ · val [\d.]+"$/;
    assert.match(later.shown, form);
    const { raw } = await stranger.workflow.getHandle(id).describe();
    const summary = Buffer.from(raw.executionConfig?.userMetadata?.summary?.data ?? []).toString();
    assert.match(summary, /^"train lr\/(ce|sd) · fold [01] · data-[0-9a-f]{10}"$/);
  });

  it('is found by step, model, loss and fold, and by what stands for a data set', async () => {
    const ofArm = "VolbiasStep = 'train' AND VolbiasModel = 'lr' AND VolbiasLoss = 'sd' AND VolbiasFold = 1";
    assert.equal((await found(ofArm)).length, 2);
    const [id = ''] = await found(ofArm);
    const { typedSearchAttributes } = await stranger.workflow.getHandle(id).describe();
    const label = typedSearchAttributes.get(defineSearchAttributeKey('VolbiasDataSet', 'KEYWORD'));
    assert.equal((await found(`VolbiasStep = 'train' AND VolbiasDataSet = '${String(label)}'`)).length, 4);
  });

  it('is how many units of each step a sweep has done, and which unit each of its activities waits for', async () => {
    const [id = ''] = (await found("WorkflowType = 'sweep'")).filter((one) => one.includes('patient'));
    const sweep = stranger.workflow.getHandle(id);
    const { currentDetails } = await sweep.query<{ currentDetails: string }>('__temporal_workflow_metadata');
    assert.match(
      currentDetails,
      /^- scan 2\/2\n- preprocess 2\/2\n- statistics 2\/2\n- split 2\/2\n- train 0\/8 · 8 running\n/,
    );
    const { events } = await sweep.fetchHistory();
    const summaries = (events ?? []).map(({ userMetadata }) =>
      Buffer.from(userMetadata?.summary?.data ?? []).toString(),
    );
    assert.ok(summaries.includes('"train lr/sd · fold 1 · data set 2 of 2"'), summaries.join());
  });

  it('is no name of a data set or a case, in anything that the server has', async () => {
    const everything: string[] = [];
    for await (const { workflowId } of stranger.workflow.list()) {
      const handle = stranger.workflow.getHandle(workflowId);
      const known = [await handle.fetchHistory(), (await handle.describe()).raw];
      everything.push(JSON.stringify(known, readable));
    }
    assert.ok(everything.length > 10);
    assert.match(everything.join(), /train lr/, 'what is in clear is readable');
    for (const name of [...names, 'phantom-0']) assert.ok(!everything.join().includes(name), name);
  });

  it('is the priority that a sweep began with: a run that joins it with another one says so', async () => {
    const said = /the sweep is running already, and keeps its priority 3/;
    await waitFor('the words', () => (said.test(again.errors()) ? true : undefined));
    assert.doesNotMatch(urgent.errors(), /keeps its priority/);
    process.kill(again.pid, 'SIGINT');
    assertEnded(await again.ended, 130);
  });

  it('comes from units that begin by the priority of their sweep, then from each data set in turn', async () => {
    await writeFile(go, '');
    for (const { ended } of [urgent, first]) assertEnded(await ended, 0);
    const log = await readFile(join(folder, 'logs', 'worker.log'), 'utf8');
    const events = log
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { msg: string; unit?: string });
    const begun = events.flatMap(({ msg, unit = '' }) => {
      return msg === 'began' && unit.startsWith('train ') ? [/^train ([\w-]+)/.exec(unit)?.[1]] : [];
    });
    const [running, ...next] = begun;
    assert.notEqual(running, 'clinic-c');
    assert.deepEqual(next.slice(0, 2), ['clinic-c', 'clinic-c'], begun.join(' '));
    // One after the other, all of the first data set would come before the second.
    assert.deepEqual(new Set(next.slice(2, 5)), new Set(names.slice(0, 2)), begun.join(' '));
    assert.equal(begun.length, 10);
  });
});

/** Payloads as text, unless they are sealed: ciphertext is random, and may contain any short word. */
function readable(_: string, value: unknown): unknown {
  const { metadata, data } = (value ?? {}) as { metadata?: { encoding?: unknown } | null; data?: unknown };
  if (metadata?.encoding === undefined) return value;
  return textOf(metadata.encoding) === 'binary/encrypted' ? 'sealed' : textOf(data);
}

/** Protocol buffers turn bytes into base64 before JSON is made of them. */
function textOf(bytes: unknown): string {
  if (typeof bytes === 'string') return Buffer.from(bytes, 'base64').toString();
  return bytes instanceof Uint8Array ? Buffer.from(bytes).toString() : '';
}
