import { randomBytes } from 'node:crypto';
import { readFileSync, truncateSync } from 'node:fs';
import { link, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * One set-up at a time works on the cache; a second one waits and then finds the work done.
 *
 * The lock is a folder of claims, files named 1, 2, 3 and so on, as in storage/files/claim-lock.ts, which explains why
 * this is safe. Set-up runs before that file is compiled, so it has a short copy of the algorithm. A holder on another
 * host counts as alive.
 *
 * @param {string} path of the folder, which is made
 * @param {(holder: number) => void} onWait told once which process has the lock
 * @returns {Promise<() => void>} releases the lock; callable from an exit handler
 */
export async function takeLock(path, onWait) {
  await mkdir(path, { recursive: true });
  for (let announced = false; ;) {
    const { number, holder } = await latestClaim(path);
    if (holder === undefined) {
      if (await claim(path, number + 1)) return () => giveUp(join(path, String(number + 1)));
      continue;
    }
    if (!announced) onWait(holder);
    announced = true;
    await sleep(250);
  }
}

async function claimNumbers(path) {
  return (await readdir(path)).filter((name) => /^[1-9]\d*$/.test(name)).map(Number);
}

async function latestClaim(path) {
  for (;;) {
    const number = Math.max(0, ...(await claimNumbers(path)));
    if (number === 0) return { number, holder: undefined };
    const text = await readFile(join(path, String(number)), 'utf8').catch(() => undefined);
    if (text !== undefined) return { number, holder: livingHolder(text) };
  }
}

/** Whether the claim of this number is now this process's. */
async function claim(path, number) {
  const file = join(path, String(number));
  const draft = join(path, `${randomBytes(6).toString('hex')}.new`);
  await writeFile(draft, JSON.stringify({ host: hostname(), process: process.pid, started: startOf(process.pid) }));
  try {
    // A hard link is made with its content or not at all, and only where there is no such file.
    await link(draft, file);
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const numbers = await claimNumbers(path);
  // A lower number than the highest was free only because others have followed it.
  const isLatest = Math.max(...numbers) === number;
  const outdated = isLatest ? numbers.filter((other) => other < number - 1) : [number];
  for (const other of outdated) await rm(join(path, String(other)), { force: true });
  return isLatest;
}

function giveUp(file) {
  try {
    truncateSync(file);
  } catch {
    // Somebody has followed it and taken it away.
  }
}

/** Undefined where the claim is given up, or its holder is gone (same host, no such process). */
function livingHolder(text) {
  try {
    const holder = JSON.parse(text);
    return holder.host !== hostname() || startOf(holder.process) === holder.started ? holder.process : undefined;
  } catch {
    return undefined;
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
