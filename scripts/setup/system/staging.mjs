import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { endChildren } from './commands.mjs';
import { takeLock } from './lock.mjs';

/**
 * Creates the folder in which set-up makes everything before moving it into place. The folder is in the cache, so that
 * moving is a rename. Also takes set-up's lock; both are removed when the process ends.
 *
 * @param {import('../context.mjs').Context} context
 * @returns {Promise<string>}
 */
export async function openStaging(context) {
  const release = await takeLock(join(context.cache, 'setup.lock'), (holder) => {
    context.log.line(`another set-up is running (process ${holder}): waiting for it`);
  });
  const parent = join(context.cache, 'staging');
  cleanUpOnExit(() => {
    rmSync(parent, { recursive: true, force: true });
    release();
  });
  // Only the lock's holder writes here: existing files were left by a set-up that was killed.
  await rm(parent, { recursive: true, force: true });
  const staging = join(parent, `${String(process.pid)}-${randomBytes(4).toString('hex')}`);
  await mkdir(staging, { recursive: true });
  return staging;
}

/** Ctrl-C and SIGTERM leave no files and no running download. After SIGKILL the next set-up cleans up. */
function cleanUpOnExit(cleanUp) {
  process.on('exit', cleanUp);
  const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
  for (const [signal, code] of Object.entries(exitCodes)) {
    process.on(signal, () => {
      endChildren();
      process.exit(code);
    });
  }
}
