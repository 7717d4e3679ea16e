import { setTimeout as pause } from 'node:timers/promises';

import type { DataFolder } from '../../storage/store/data-folder.js';
import { whyNotWritable } from '../../storage/files/writable.js';
import { writeWaiting, type Obstacle } from '../../storage/sweeps/waiting-record.js';
import type { Engine } from './engine.js';

const secondsBetweenLooks = 1;
/** What passes sooner, such as the restart of a server, is not worth a word. */
const secondsUntilSaid = 4;
const secondsWithoutWorker = 8;

export interface ObstacleWatch {
  workerAnswered(): void;
  workerDidNotAnswer(): void;
  end(): Promise<void>;
}

interface Options {
  readonly folder: DataFolder;
  readonly sweepId: string;
  readonly say: (text: string) => void;
}

/** What keeps a data folder from being written to; undefined if nothing does. */
export async function diskObstacle({ root }: DataFolder): Promise<string | undefined> {
  const reason = await whyNotWritable(root);
  return reason === undefined ? undefined : `nothing can be written in ${root}: ${reason}`;
}

/** Waits while nothing can be written; what starts then would only fail. */
export async function untilWritable(folder: DataFolder, isStopping: () => boolean): Promise<void> {
  while (!isStopping() && (await diskObstacle(folder)) !== undefined) {
    await pause(secondsBetweenLooks * 1000, undefined, { ref: false });
  }
}

/**
 * Looks for what keeps a run from going on, says it once with the time of its beginning, and says when it has ended.
 * The same is recorded for `volbias status`. Looks in its own time, because a server that is stopped lets every other
 * request wait.
 */
export function watchObstacles(engine: Engine, { folder, sweepId, say }: Options): ObstacleWatch {
  const ending = new AbortController();
  const present = new Map<string, Obstacle & { said: boolean }>();
  let unansweredSince: number | undefined;

  async function look(): Promise<string[]> {
    const found = await Promise.all([diskObstacle(folder), engine.obstacle()]);
    return [...found, workerObstacle()].filter((what) => what !== undefined);
  }

  function workerObstacle(): string | undefined {
    const since = unansweredSince;
    if (since === undefined || performance.now() < since + secondsWithoutWorker * 1000) return undefined;
    const start = engine.isEmbedded ? '' : '; start one with: volbias worker --address …';
    return `no worker of this version answers${start}`;
  }

  async function note(found: readonly string[]): Promise<void> {
    const before = present.size;
    let changed = false;
    for (const what of found) {
      if (!present.has(what)) present.set(what, { what, since: new Date().toISOString(), said: false });
    }
    for (const [what, obstacle] of present) {
      if (!found.includes(what)) {
        present.delete(what);
        if (obstacle.said) say(`going on, after ${secondsSince(obstacle)} s: ${what}`);
      } else if (!obstacle.said && secondsSince(obstacle) >= secondsUntilSaid) {
        obstacle.said = true;
        changed = true;
        say(`waiting since ${timeOf(obstacle)}: ${what}`);
      }
    }
    if (changed || present.size < before) await record();
  }

  async function record(): Promise<void> {
    const said = [...present.values()].filter((one) => one.said).map(({ what, since }) => ({ what, since }));
    // A full disk is told by `status` itself.
    await writeWaiting(folder, sweepId, said).catch(() => undefined);
  }

  async function watch(): Promise<void> {
    await record();
    while (!ending.signal.aborted) {
      await note(await look());
      await pause(secondsBetweenLooks * 1000, undefined, { signal: ending.signal }).catch(() => undefined);
    }
    present.clear();
    await record();
  }

  const watching = watch();
  return {
    workerAnswered: () => (unansweredSince = undefined),
    workerDidNotAnswer: () => (unansweredSince ??= performance.now()),
    end: async () => {
      ending.abort();
      await watching;
    },
  };
}

const secondsSince = ({ since }: Obstacle): number => Math.round((Date.now() - Date.parse(since)) / 1000);

/** The local time of day. */
export const timeOf = ({ since }: Obstacle): string => new Date(since).toTimeString().slice(0, 8);
