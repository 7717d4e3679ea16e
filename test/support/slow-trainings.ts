/**
 * Preloaded into every process of a run (`NODE_OPTIONS=--import …`), this slows each training down to two
 * checkpoints a second until a file exists or the training is told to stop, so that a test decides what happens while it
 * trains, however fast the machine is. It does not stop: a training that does nothing sends no heartbeat, and learns of
 * no cancellation. The product knows nothing of it.
 */
import { existsSync } from 'node:fs';
import files from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

const go = process.env.VOLBIAS_TEST_GO;
const isComputing = process.argv[1]?.endsWith('compute-child.js') === true;
if (go !== undefined && isComputing && isMainThread) slowUntil(go);

function slowUntil(file: string): void {
  let isStopping = false;
  process.on('SIGTERM', () => (isStopping = true));
  const { rename } = files;
  const slow = async (...args: Parameters<typeof rename>): Promise<void> => {
    await rename(...args);
    if (basename(String(args[1])) !== 'checkpoint.bin') return;
    const end = performance.now() + 500;
    while (!isStopping && !existsSync(file) && performance.now() < end) await wait(20);
  };
  Object.assign(files, { rename: slow });
  syncBuiltinESMExports();
}

/** The environment of a run whose trainings go on at full speed once the file exists. */
export const slowedUntil = (file: string): Readonly<Record<string, string>> => ({
  NODE_OPTIONS: `--import file://${fileURLToPath(import.meta.url)}`,
  VOLBIAS_TEST_GO: file,
});
