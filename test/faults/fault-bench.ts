import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import {
  onFolder,
  runCommandLine,
  startCommandLine,
  type CommandLineOptions,
  type CommandLineResult,
  type StartedCommandLine,
} from '../support/command-line.js';
import { repositoryRoot } from '../support/paths.js';
import { killProcessesOf } from '../support/processes.js';
import { artifactsOf, reportOf, sweepIdOf } from '../support/sweeps/sweep-folders.js';
import { tinyConfig, writeConfig } from '../support/sweeps/tiny-config.js';
import { waitFor } from '../support/wait-for.js';
import type { Role, SeamOrder } from './seam-order.js';

const seam = pathToFileURL(join(repositoryRoot, 'dist', 'test', 'faults', 'seam.js')).href;

/** Most calls of a process after a rename until it is flushed, with the folders above. */
const callsToFlush = 4;

/** Seconds that a run may take on a busy machine, and that a fault may take to be reached. */
const longestSeconds = 300;

/**
 * Runs of a small sweep, each in a data folder of its own, that are disturbed, and what the undisturbed run has computed.
 */
export class FaultBench {
  private constructor(
    readonly root: string,
    readonly config: string,
    private readonly options: CommandLineOptions,
  ) {}

  /** With the results of the undisturbed sweep. `options` may name another copy of the package. */
  static async open(root: string, options: CommandLineOptions = {}): Promise<FaultBench> {
    // Trainings that save several checkpoints, within epochs too, wait in vain for better ones, and lower their rate.
    const patience = { minDelta: { relative: 0.2 }, plateau: { patienceEpochs: 7, divideBy: 2 } };
    const training = { maxEpochs: 150, batchSize: 1, checkpointMinutes: 0.001, ...patience };
    await mkdir(root, { recursive: true });
    const config = await writeConfig(root, tinyConfig({ name: 'small', models: ['lr'], losses: ['ce'], training }));
    const bench = new FaultBench(root, config, options);
    if (!existsSync(join(bench.undisturbed, 'sweeps'))) {
      const result = await runCommandLine(onFolder('run', config, bench.undisturbed));
      assert.equal(result.code, 0, result.errors);
    }
    return bench;
  }

  get undisturbed(): string {
    return join(this.root, 'undisturbed');
  }

  /** The same bench for another copy of the package. */
  of(options: CommandLineOptions): FaultBench {
    return new FaultBench(this.root, this.config, options);
  }

  /**
   * How many calls a process of each role makes at least, in an undisturbed run: of the one that makes most, nine of ten,
   * for timing decides a few.
   */
  async callsOfProcesses(): Promise<Record<Role, number>> {
    const sweep = this.disturb('counted');
    assert.equal((await sweep.start().ended).code, 0);
    const calls = (await sweep.calls()).map(({ role, pid }) => ({ role, pid }));
    await sweep.clear();
    const most = (role: Role): number => {
      const counts = new Map<string, number>();
      for (const one of calls) if (one.role === role) counts.set(one.pid, (counts.get(one.pid) ?? 0) + 1);
      return Math.max(1, Math.floor(0.9 * Math.max(0, ...counts.values())));
    };
    return { computing: most('computing'), worker: most('worker'), 'command line': most('command line') };
  }

  disturb(name: string): DisturbedSweep {
    return new DisturbedSweep(this, join(this.root, name.replaceAll(/[^\w]+/g, '-')), this.options);
  }
}

/** One sweep in a data folder of its own. */
export class DisturbedSweep {
  readonly scratch: string;

  constructor(
    readonly bench: FaultBench,
    readonly folder: string,
    private readonly options: CommandLineOptions,
  ) {
    this.scratch = `${folder}.seam`;
  }

  /** Starts the run with a disturbance. */
  start(
    order: Omit<SeamOrder, 'root' | 'scratch'> = {},
    environment: Readonly<Record<string, string>> = {},
  ): StartedCommandLine {
    const whole: SeamOrder = { root: this.folder, scratch: this.scratch, ...order };
    return startCommandLine(onFolder('run', this.bench.config, this.folder, '--json'), {
      ...this.options,
      environment: {
        ...environment,
        NODE_OPTIONS: `--import ${seam}`,
        VOLBIAS_TEST_FAULT: JSON.stringify(whole),
      },
    });
  }

  /** Waits for the call at which a process is held, and returns the process. */
  async held(run: StartedCommandLine): Promise<number> {
    let ended = false;
    void run.ended.then(() => (ended = true));
    const text = await waitFor(
      'the call at which the fault is due',
      async () => {
        if (ended) throw new Error(`the run ended before the fault was due:\n${run.errors()}`);
        const found = await readFile(join(this.scratch, 'held'), 'utf8').catch(() => '');
        return found === '' ? undefined : found;
      },
      longestSeconds,
    );
    return Number(text);
  }

  /** Lets the held process go on. */
  async release(): Promise<void> {
    await writeFile(join(this.scratch, 'go'), '');
  }

  /** Whether the fault has happened; waits until it has, or the run has ended. */
  async struck(run: StartedCommandLine): Promise<void> {
    await run.ended;
    assert.ok(existsSync(join(this.scratch, 'fired')), `the fault was never due:\n${run.errors()}`);
  }

  killAll(): void {
    killProcessesOf(this.folder);
  }

  /** Runs the sweep, now undisturbed, to its end. */
  async resume(): Promise<void> {
    const { code, output, errors } = await this.attempt();
    assert.equal(code, 0, `the run after the fault:\n${output}\n${errors}`);
  }

  /** All calls that changed something, in their order. */
  async calls(): Promise<{ pid: string; operation: string; name: string; role: Role }[]> {
    const lines = (await readFile(join(this.scratch, 'calls'), 'utf8')).trim().split('\n');
    return lines.map((line) => {
      const [pid = '', operation = '', name = '', role] = line.split('\t');
      return { pid, operation, name, role: role as Role };
    });
  }

  /** No result that was complete before the fault has gone: else days of work might. */
  async assertNothingLost(): Promise<void> {
    const calls = await this.calls();
    const lost = calls.filter(({ pid, operation, name }, index) => {
      if (operation !== 'rename' || !name.startsWith('index/')) return false;
      const later = calls.slice(index + 1).filter((other) => other.pid === pid);
      return later.length > callsToFlush && !existsSync(join(this.folder, name));
    });
    assert.deepEqual(lost, [], 'results that were complete are lost');
  }

  attempt(): Promise<CommandLineResult> {
    return runCommandLine(onFolder('run', this.bench.config, this.folder, '--json'), this.options);
  }

  /** Every result, and the report, have the bytes of the undisturbed run; the data folder verifies. */
  async assertUndisturbed(): Promise<void> {
    assert.deepEqual(await artifactsOf(this.folder), await artifactsOf(this.bench.undisturbed));
    const id = await sweepIdOf(this.folder, 'small');
    const expected = await reportOf(this.bench.undisturbed, id);
    const found = await reportOf(this.folder, id);
    assert.deepEqual([...found.keys()], [...expected.keys()]);
    for (const [name, bytes] of found) assert.ok(expected.get(name)?.equals(bytes), `${name} has other bytes`);
    const verified = await runCommandLine(['verify', '--data-dir', this.folder], this.options);
    assert.equal(verified.code, 0, `verify:\n${verified.output}\n${verified.errors}`);
  }

  /** The records of a kind in the lineage log. */
  async records(kind: string): Promise<readonly { readonly spec: Readonly<Record<string, unknown>> }[]> {
    const lines = (await readFile(join(this.folder, 'lineage.jsonl'), 'utf8')).trim().split('\n');
    return lines
      .map((line) => JSON.parse(line) as { kind: string; spec: Record<string, unknown> })
      .filter((record) => record.kind === kind);
  }

  async clear(): Promise<void> {
    this.killAll();
    for (const folder of [this.folder, this.scratch]) await rm(folder, { recursive: true, force: true });
  }
}
