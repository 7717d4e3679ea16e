import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/**
 * Start time of a process, which distinguishes it from a later process with the same id. Undefined if no process with
 * this id is alive; a zombie counts as dead.
 */
export function processIdentity(pid: number): string | undefined {
  return existsSync('/proc/self/stat') ? fromProc(pid) : fromPs(pid);
}

function fromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    // The program name, in parentheses, may contain anything. The fields after it start with the third, the state.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state] = fields;
    const started = fields[22 - 3];
    if (state === 'Z' || state === 'X') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${started ?? ''}`;
  } catch {
    return undefined;
  }
}

function fromPs(pid: number): string | undefined {
  const { status, stdout } = spawnSync('ps', ['-p', String(pid), '-o', 'stat=,lstart='], { encoding: 'utf8' });
  const [state = '', ...started] = status === 0 ? stdout.trim().split(/\s+/) : [];
  return state === '' || state.startsWith('Z') ? undefined : started.join(' ');
}

/** A process as recorded on disk, so that it can be recognised later. */
export interface RecordedProcess {
  readonly pid: number;
  readonly identity: string;
}

export function recordedProcess(pid: number): RecordedProcess {
  return { pid, identity: processIdentity(pid) ?? '' };
}

export function isAlive({ pid, identity }: RecordedProcess): boolean {
  return processIdentity(pid) === identity;
}
