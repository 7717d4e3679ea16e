import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

import { lengthOf, partFrom } from '../../storage/files/log-text.js';
import type { DataFolder } from '../../storage/store/data-folder.js';
import { withRunLog, runLogOf } from '../../storage/sweeps/run-log.js';
import { liveClient, openSweep } from '../engine/live-sweep.js';
import { exitCodes } from '../terminal/exit-codes.js';
import { print, warn } from '../terminal/table.js';
import { commandFor } from '../terminal/command-for.js';
import type { EngineFlags } from './run-and-report.js';

const millisecondsBetweenLooks = 250;

/**
 * Runs this very command in a process that outlives the terminal, with its output in the sweep's folder. Returns once the
 * sweep's workflow has begun, or the process has ended: then with its output and its exit code.
 */
export async function runDetached(folder: DataFolder, id: string, flags: EngineFlags): Promise<void> {
  const path = runLogOf(folder, id);
  const start = await lengthOf(path);
  const args = process.argv.slice(1).filter((word) => word !== '--detach');
  const child = withRunLog(folder, id, (log) =>
    spawn(process.execPath, args, { detached: true, stdio: ['ignore', log, log] }),
  );
  let code: number | undefined;
  child.once('exit', (own) => (code = own ?? exitCodes.failed));
  child.once('error', ({ message }) => {
    warn(message);
    code = exitCodes.failed;
  });
  while (code === undefined && !(await hasBegun(folder, id, flags))) await pause(millisecondsBetweenLooks);
  if (code !== undefined) {
    print((await partFrom(path, start)).text.trimEnd());
    process.exitCode = code;
    return;
  }
  child.unref();
  print(`${id} runs in the background, in process ${child.pid ?? 0}; its output is in ${path}`);
  print(`To see it:   ${commandFor(`attach ${id}`, flags)}`);
  print(`To hold it:  ${commandFor(`pause ${id}`, flags)}`);
  print(`To stop it:  kill -INT ${child.pid ?? 0} (trainings save a checkpoint; the same command resumes it)`);
}

async function hasBegun(folder: DataFolder, id: string, { address }: EngineFlags): Promise<boolean> {
  const live = await liveClient(folder, address);
  try {
    return live !== undefined && (await openSweep(live.client, id)) !== undefined;
  } finally {
    await live?.close();
  }
}
