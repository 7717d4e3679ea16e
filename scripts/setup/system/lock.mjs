import { readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { mkdir, readdir, readlink, rm, symlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * One set-up at a time works on the cache; a second one waits and then finds the work done.
 *
 * The lock is a folder of claims, symbolic links named 1, 2, 3 and so on, as in storage/files/claim-lock.ts, which
 * explains why this is safe. Set-up runs before that file is compiled, so it has a short copy of the algorithm. In this
 * copy a holder on another host or in another container counts as alive.
 *
 * @param {string} folder created if necessary
 * @param {(holder: number) => void} onWait called once with the process that holds the lock
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
    // Undefined if a higher claim has superseded it in the meantime.
    const text = await readlink(join(folder, String(number))).catch(() => undefined);
    if (text !== undefined) return { number, holder: livingHolder(JSON.parse(text)) };
  }
}

/** Whether this process now holds the claim of this number. */
async function claim(folder, number) {
  const text = JSON.stringify({ space: processSpace(), process: process.pid, started: startOf(process.pid) });
  try {
    await symlink(text, join(folder, String(number)));
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
  const numbers = await claimNumbers(folder);
  // A number below the highest was free only because it had been superseded and removed.
  const isLatest = Math.max(...numbers) === number;
  const outdated = isLatest ? numbers.filter((other) => other < number - 1) : [number];
  for (const other of outdated) await rm(join(folder, String(other)), { force: true });
  return isLatest;
}

function giveBack(folder, number) {
  try {
    symlinkSync('{}', join(folder, String(number + 1)));
  } catch {
    // Another process has taken the lock over: nothing to release.
  }
}

/** Undefined if the lock was released, or if its holder's number is one of ours and the holder is gone. */
function livingHolder({ space, process: pid, started }) {
  return pid === undefined || (space === processSpace() && startOf(pid) !== started) ? undefined : pid;
}

/** Where a process number is unique: the host, its boot and the PID namespace, as in storage/machine/process-identity.ts. */
function processSpace() {
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return `${hostname()} ${boot} ${readlinkSync('/proc/self/ns/pid')}`;
}

/** A process's start in clock ticks since boot, which distinguishes it from a later one with the same number. */
function startOf(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return status.slice(status.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
