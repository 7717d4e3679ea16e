import { readFileSync, symlinkSync } from 'node:fs';
import { mkdir, readdir, readlink, rm, symlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * One set-up at a time works on the cache; a second one waits and then finds the work done.
 *
 * The lock is a folder of claims, symbolic links named 1, 2, 3 and so on, as in storage/files/claim-lock.ts, which
 * explains why this is safe. Set-up runs before that file is compiled, so it has a short copy of the algorithm, in which
 * a holder on another host counts as alive.
 *
 * @param {string} folder is made if need be
 * @param {(holder: number) => void} onWait told once which process has the lock
 * @returns {Promise<() => void>} releases the lock; callable from an exit handler
 */
export async function takeLock(folder, onWait) {
  await mkdir(folder, { recursive: true });
  for (let announced = false; ;) {
    const { number, holder } = await latestClaim(folder);
    if (holder === undefined) {
      if (await claim(folder, number + 1)) return () => giveBack(folder, number + 1);
      continue;
    }
    if (!announced) onWait(holder);
    announced = true;
    await sleep(250);
  }
}

async function claimNumbers(folder) {
  return (await readdir(folder)).filter((name) => /^[1-9]\d*$/.test(name)).map(Number);
}

async function latestClaim(folder) {
  for (;;) {
    const number = Math.max(0, ...(await claimNumbers(folder)));
    if (number === 0) return { number, holder: undefined };
    // Undefined where a higher claim has followed it in the meantime.
    const text = await readlink(join(folder, String(number))).catch(() => undefined);
    if (text !== undefined) return { number, holder: livingHolder(JSON.parse(text)) };
  }
}

/** Whether the claim of this number is now this process's. */
async function claim(folder, number) {
  const text = JSON.stringify({ host: hostname(), process: process.pid, started: startOf(process.pid) });
  try {
    await symlink(text, join(folder, String(number)));
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
  const numbers = await claimNumbers(folder);
  // A number below the highest was free only because others had followed it.
  const isLatest = Math.max(...numbers) === number;
  const outdated = isLatest ? numbers.filter((other) => other < number - 1) : [number];
  for (const other of outdated) await rm(join(folder, String(other)), { force: true });
  return isLatest;
}

function giveBack(folder, number) {
  try {
    symlinkSync('{}', join(folder, String(number + 1)));
  } catch {
    // Taken over by another: nothing to give back.
  }
}

/** Undefined where the lock was given back, or its holder is gone: same host, no such process. */
function livingHolder({ host, process: pid, started }) {
  return pid === undefined || (host === hostname() && startOf(pid) !== started) ? undefined : pid;
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
