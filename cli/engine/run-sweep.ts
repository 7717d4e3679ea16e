import type { SweepResult } from '../../contracts/sweep.js';
import type { HoldRule } from '../../domain/plan/holds.js';
import type { DataFolder } from '../../storage/store/data-folder.js';
import type { SweepRecord } from '../../storage/sweeps/sweep-records.js';
import { writeSweepResult } from '../../storage/sweeps/sweep-results.js';
import type { SweepLook, SweepPicture } from '../sweep/sweep-picture.js';
import { createLiveView, type LiveCommands, type LiveView } from '../terminal/live-view.js';
import { configuredAddress, connectEngine, startEmbeddedEngine, type Engine } from './engine.js';
import { followSweep } from './follow-sweep.js';
import type { Rerun } from './rerun.js';
import { watchObstacles } from './obstacles.js';
import { interruptions } from './until-interrupted.js';

export interface RunOptions {
  readonly folder: DataFolder;
  readonly record: SweepRecord;
  readonly threads: number;
  readonly address: string | undefined;
  readonly rerun?: Rerun;
  /** What was held when the run before stopped. */
  readonly holds: readonly HoldRule[];
  /** What was cancelled before it stopped. */
  readonly cancelled: readonly string[];
  readonly picture: SweepPicture;
  /** Sees what the terminal shows. */
  readonly onLook?: (look: SweepLook) => void;
  /** Where the worker that this run starts offers its metrics, as HOST:PORT. */
  readonly metricsAddress?: string;
  readonly commands: LiveCommands;
  /** From 1, which goes first, to 5. */
  readonly priority?: number;
}

/** Runs a sweep to its end, or joins it if it is running. Progress goes to standard error. */
export async function runSweep(options: RunOptions): Promise<SweepResult> {
  const { folder, record, rerun, priority, holds, cancelled, picture, onLook } = options;
  const view = createLiveView(process.stderr, options.commands);
  const interruption = new AbortController();
  const interrupt = (): void => {
    interruption.abort();
  };
  for (const signal of interruptions) process.on(signal, interrupt);
  let engine: Engine | undefined;
  try {
    engine = await startEngine(options, view);
    if (engine.webAddress !== undefined) process.stderr.write(`Temporal's web interface: ${engine.webAddress}\n`);
    const say = (text: string): void => {
      view.say(text);
    };
    const obstacles = watchObstacles(engine, { folder, sweepId: record.id, say });
    try {
      const result = await followSweep(engine, record, {
        ...{ holds, cancelled },
        interruption: interruption.signal,
        onProgress: (progress) => {
          obstacles.workerAnswered();
          const look = picture.look(progress);
          view.show(look);
          onLook?.(look);
        },
        onStatuses: (units) => {
          picture.unitStatuses(units);
        },
        onNoAnswer: () => {
          obstacles.workerDidNotAnswer();
        },
        onOtherPriority: (own) => {
          say(`the sweep is running already, and keeps its priority ${own}`);
        },
        ...(rerun !== undefined && { rerun }),
        ...(priority !== undefined && { priority }),
      });
      await writeSweepResult(folder, record.id, result);
      return result;
    } finally {
      await obstacles.end();
    }
  } finally {
    view.done();
    if (interruption.signal.aborted) process.stderr.write(`${whatInterruptionDoes(engine)}\n`);
    await engine?.close();
    for (const signal of interruptions) process.off(signal, interrupt);
  }
}

/** Only the embedded engine ends with its run. */
function whatInterruptionDoes(engine: Engine | undefined): string {
  return engine === undefined || engine.isEmbedded
    ? 'stopping: running trainings save a checkpoint …'
    : 'leaving: the sweep goes on with the server’s workers';
}

async function startEngine(
  { folder, record, threads, address, metricsAddress, picture }: RunOptions,
  view: LiveView,
): Promise<Engine> {
  const external = configuredAddress(address);
  if (external !== undefined) return connectEngine(external, folder);
  return startEmbeddedEngine(folder, record.id, {
    threads,
    ...(metricsAddress !== undefined && { metricsAddress }),
    onProgress: (progress) => {
      picture.jobProgress(progress);
    },
    onRemark: (text) => {
      view.say(text);
    },
  });
}
