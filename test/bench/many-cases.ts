/**
 * `npm run bench -- cases`, or `node dist/test/bench/many-cases.js [cases]`: a data set of BRATS's size and layout (32 cases; up
 * to 285) through `volbias run`, twice. Printed are the time that preparing takes and how much of the machine's cores it
 * uses, the longest time for which the worker's event loop was blocked, and what the second run reads. What follows
 * preparing is made small: one epoch of logistic regression. Linux only, for it reads /proc.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';

import { assertEnded, onFolder, runCommandLine } from '../support/command-line.js';
import { watchReading } from '../support/read-files.js';
import { tinyConfig, writeConfig } from '../support/sweeps/tiny-config.js';
import { writeBratsCases } from './brats-data-set.js';
import type { ProcessReport } from './process-probe.js';

const mostCases = 285;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

interface Run {
  readonly seconds: number;
  readonly processes: readonly ProcessReport[];
  /** Of the bench's own event loop, which had nothing to do: what the machine was to blame for. */
  readonly idleBlockedMs: number;
}

async function run(config: string, top: string, name: string): Promise<Run> {
  const probes = join(top, `probes-${name}`);
  mkdirSync(probes);
  const probe = new URL('./process-probe.js', import.meta.url).href;
  const environment = { NODE_OPTIONS: `--import=${probe}`, VOLBIAS_BENCH_PROBES: probes };
  const start = performance.now();
  const idle = monitorEventLoopDelay({ resolution: 10 });
  idle.enable();
  const result = await runCommandLine(onFolder('run', config, join(top, 'data folder')), { environment });
  idle.disable();
  assertEnded(result, 0);
  const processes = readdirSync(probes).map(
    (file) => JSON.parse(readFileSync(join(probes, file), 'utf8')) as ProcessReport,
  );
  return { seconds: (performance.now() - start) / 1000, processes, idleBlockedMs: idle.max / 1e6 };
}

function largest(values: readonly number[]): number {
  return Math.max(0, ...values);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The longest time for which the loop of a worker was blocked, in words. */
function blockedWorker({ processes, idleBlockedMs }: Run): string {
  const workers = processes.filter(({ script }) => script === 'worker/main.js');
  if (workers.length === 0) throw new Error('no worker has told what it has done');
  const blocked = largest(workers.map(({ blockedMs }) => blockedMs)).toFixed(0);
  return `the worker's event loop was blocked for at most ${blocked} ms (wanted: 200; an idle process: ${idleBlockedMs.toFixed(0)})`;
}

function describeFirst(first: Run, count: number): void {
  const preparing = first.processes.filter(({ output }) => output.startsWith('preprocess-'));
  const from = Math.min(...preparing.map(({ startedMs }) => startedMs));
  const seconds = (largest(preparing.map(({ endedMs }) => endedMs)) - from) / 1000;
  const cores = sum(preparing.map(({ cpuSeconds }) => cpuSeconds)) / seconds;
  print(
    `first run: ${count} cases prepared in ${seconds.toFixed(1)} s, ${(seconds / count).toFixed(3)} s a case, by ` +
      `${preparing.length} processes that used ${cores.toFixed(2)} of ${availableParallelism()} cores and at most ` +
      `${largest(preparing.map(({ peakMb }) => peakMb)).toFixed(0)} MB each; ${blockedWorker(first)}`,
  );
}

function describeSecond(second: Run, filesRead: readonly string[] | undefined, files: readonly string[]): void {
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
  const computing = second.processes.filter(({ script }) => script === 'worker/compute-child.js');
  const read = filesRead === undefined ? 'nobody knows how many' : String(filesRead.length);
  print(
    `second run: ${second.seconds.toFixed(1)} s, ${computing.length} processes that compute; ${read} of the data set's ` +
      `${files.length} files (${megabytes(sum(files.map((file) => statSync(file).size)))}) were read (wanted: 0), and ` +
      `${megabytes(sum(second.processes.map(({ readBytes }) => readBytes)))} of others, most of them the program itself; ` +
      blockedWorker(second),
  );
}

const count = Number(process.argv[2] ?? 32);
if (!Number.isInteger(count) || count < 2 || count > mostCases) throw new Error(`expected 2 to ${mostCases} cases`);
const top = mkdtempSync(join(tmpdir(), 'volbias-bench-'));
try {
  const data = join(top, 'brats');
  const files = writeBratsCases(data, count);
  const dataSet = {
    ...{ kind: 'brats', path: data, modalities: ['FLAIR', 'T1', 'T1ce', 'T2'], label: { greaterThan: 0 } },
    preprocessing: { crop: [18, 18, 18], mask: { modality: 'FLAIR', greaterThan: 0 } },
  };
  const small = { models: ['lr'], losses: ['ce'], training: { maxEpochs: 1 } };
  const config = await writeConfig(top, tinyConfig({ name: 'bench', dataSet, ...small }));
  describeFirst(await run(config, top, 'first'), count);
  const filesRead = watchReading(files);
  describeSecond(await run(config, top, 'second'), filesRead?.(), files);
} finally {
  rmSync(top, { recursive: true });
}
