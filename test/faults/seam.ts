/**
 * Preloaded into every process of a run (NODE_OPTIONS=--import …/seam.js), this stands between the product and the file
 * system: it counts the calls that change something below the data folder, and at a chosen one it disturbs the run as
 * `SeamOrder` says. The product knows nothing of it.
 */
import { appendFileSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'; // prettier-ignore
import files, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { isMainThread } from 'node:worker_threads';

import type { SeamOrder } from './seam-order.js';
import { numbers, volatileDisk, type VolatileDisk } from './volatile-disk.js';

const text = process.env.VOLBIAS_TEST_FAULT;
if (text !== undefined && isMainThread) intervene(JSON.parse(text) as SeamOrder);

function intervene(order: SeamOrder): void {
  if (order.clockDays !== undefined) shiftClock(order.clockDays);
  if (order.reverseFolders === true) reverseFolders();
  const { root, scratch, at } = order;
  const calls = join(scratch, 'calls');
  const script = process.argv[1] ?? '';
  const role = /cli\/main\.js$/.test(script)
    ? 'command line'
    : /worker\/main\.js$/.test(script)
      ? 'worker'
      : 'computing';
  mkdirSync(scratch, { recursive: true });
  const disk = volatileDisk(scratch);
  let seen = 0;

  /** Before each call that changes something. */
  const step = (operation: string, path: string): void => {
    if (!path.startsWith(root)) return;
    const name = relative(root, path);
    appendFileSync(calls, `${process.pid}\t${operation}\t${name}\t${role}\n`);
    if (at === undefined || (at.role !== undefined && at.role !== role)) return;
    if (at.operation !== undefined && at.operation !== operation) return;
    if (at.path !== undefined && !new RegExp(at.path).test(name)) return;
    if (++seen === at.nth && claim(join(scratch, 'fired'))) act(operation, path);
  };

  const act = (operation: string, path: string): void => {
    const { action = 'hold', seed = 0 } = order;
    if (action === 'ENOSPC' || action === 'EIO') {
      throw Object.assign(new Error(`${action}: injected, ${operation} '${path}'`), {
        code: action,
        syscall: operation,
        path,
      });
    }
    if (action === 'power' || action === 'reordered') {
      disk.cut(action === 'power' ? () => 0 : numbers(seed));
      process.kill(-processGroup(), 'SIGKILL');
    }
    // The test does what it wants to this process, or to others, and then lets it go on.
    writeFileSync(join(scratch, 'held'), String(process.pid));
    while (!existsSync(join(scratch, 'go'))) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  };

  watch(step, disk);
}

/** Whether this process is the first to make the file. */
function claim(path: string): boolean {
  try {
    openSync(path, 'wx');
    return true;
  } catch {
    return false;
  }
}

/** Field 5 of /proc/self/stat; the name in field 2 is node's. */
function processGroup(): number {
  return Number(readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ')[2]);
}

type Step = (operation: string, path: string) => void;

/** Replaces the calls that change something by ones that report first. */
function watch(step: Step, disk: VolatileDisk): void {
  const { open, rename, rm, mkdir, writeFile } = files;
  const pathOf = (path: unknown): string => resolve(String(path));

  const opened = async (...args: Parameters<typeof open>): Promise<FileHandle> => {
    const path = pathOf(args[0]);
    const writes = typeof args[1] === 'string' && args[1] !== 'r';
    if (writes) step('open', path);
    const isNew = writes && !existsSync(path);
    if (writes && String(args[1]).startsWith('w')) disk.flushedFile(path);
    const handle = await open(...args);
    if (isNew) {
      disk.changed(dirname(path), () => {
        rmSync(path);
      });
    }
    return watched(handle, path, statSync(path).isDirectory());
  };

  const watched = (handle: FileHandle, path: string, isFolder: boolean): FileHandle => {
    for (const name of ['write', 'writeFile', 'appendFile', 'truncate'] as const) {
      const original = handle[name].bind(handle) as (...args: unknown[]) => Promise<unknown>;
      const reporting = (...args: unknown[]): Promise<unknown> => {
        step(name === 'truncate' ? name : 'write', path);
        disk.writing(path);
        return original(...args);
      };
      Object.assign(handle, { [name]: reporting });
    }
    const sync = handle.sync.bind(handle);
    const syncing = async (): Promise<void> => {
      step('sync', path);
      await sync();
      if (isFolder) disk.flushedFolder(path);
      else disk.flushedFile(path);
    };
    return Object.assign(handle, { sync: syncing, datasync: syncing });
  };

  Object.assign(files, {
    open: opened,
    rename: async (from: string, to: string) => {
      const [source, target] = [pathOf(from), pathOf(to)];
      step('rename', target);
      const before = disk.keep(target);
      await rename(from, to);
      disk.moved(source, target);
      disk.changed(dirname(target), () => {
        renameSync(target, source);
        if (before !== undefined) renameSync(before, target);
      });
    },
    rm: async (path: string, options?: Parameters<typeof rm>[1]) => {
      const target = pathOf(path);
      if (existsSync(target)) step('rm', target);
      const before = disk.keep(target);
      await rm(path, options);
      if (before !== undefined) {
        disk.changed(dirname(target), () => {
          renameSync(before, target);
        });
      }
    },
    mkdir: async (path: string, options?: Parameters<typeof mkdir>[1]) => {
      const target = pathOf(path);
      if (!existsSync(target)) step('mkdir', target);
      const first = await mkdir(path, options);
      if (first !== undefined) {
        disk.changed(dirname(first), () => {
          rmSync(first, { recursive: true });
        });
      }
      return first;
    },
    writeFile: async (...args: Parameters<typeof writeFile>) => {
      const path = pathOf(args[0]);
      step('write', path);
      const isNew = !existsSync(path);
      await writeFile(...args);
      disk.writing(path);
      if (isNew) {
        disk.changed(dirname(path), () => {
          rmSync(path);
        });
      }
    },
  });
  syncBuiltinESMExports();
}

function shiftClock(days: number): void {
  const RealDate = Date;
  const now = (): number => RealDate.now() + days * 86_400_000;
  globalThis.Date = class extends RealDate {
    constructor(...args: unknown[]) {
      // The types of Date's many constructors cannot be passed through.
      super(...((args.length === 0 ? [now()] : args) as [number]));
    }
    static override now = now;
  } as DateConstructor;
}

/** Folders are read in the opposite order. */
function reverseFolders(): void {
  const { readdir } = files;
  Object.assign(files, {
    readdir: async (...args: Parameters<typeof readdir>) => (await readdir(...args)).reverse(),
  });
  syncBuiltinESMExports();
}
