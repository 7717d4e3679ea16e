import { randomBytes } from 'node:crypto';
import { readFileSync, unlinkSync } from 'node:fs';
import { link, mkdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * One set-up at a time works on the cache; a second one waits and then finds the work done. The lock's file names its
 * holder, and a holder that is gone (same host, no such process) loses it. Everything below is moved into place by
 * rename, so even two holders could only do work twice, not harm.
 *
 * @returns {Promise<() => void>} releases the lock; callable from an exit handler
 */
export async function takeLock(path, onWait) {
  const mine = JSON.stringify({ host: hostname(), process: process.pid, started: startOf(process.pid) });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(draft, mine);
  try {
    let announced = false;
    for (;;) {
      // A hard link is made with its content or not at all, so nobody ever reads a half-written lock.
      if (await linked(draft, path)) return () => releaseIfMine(path, mine);
      const held = await readFile(path, 'utf8').catch(() => undefined);
      if (held === undefined) continue;
      if (isAbandoned(held)) {
        await takeAway(path, held);
      } else {
        if (!announced) onWait(JSON.parse(held).process);
        announced = true;
        await sleep(250);
      }
    }
  } finally {
    await rm(draft, { force: true });
  }
}

async function linked(draft, path) {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function isAbandoned(held) {
  try {
    const holder = JSON.parse(held);
    return holder.host === hostname() && startOf(holder.process) !== holder.started;
  } catch {
    return true;
  }
}

/** By rename, then a look at what was taken: between our look and our rename another may have replaced it. */
async function takeAway(path, held) {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await rename(path, aside);
  } catch {
    return; // another was quicker
  }
  if ((await readFile(aside, 'utf8')) !== held) await link(aside, path).catch(() => undefined);
  await unlink(aside);
}

function releaseIfMine(path, mine) {
  try {
    if (readFileSync(path, 'utf8') === mine) unlinkSync(path);
  } catch {
    // Gone already: nothing to release.
  }
}

/** A process's start in clock ticks since boot, which tells it from a later one with the same number. */
function startOf(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return status.slice(status.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
