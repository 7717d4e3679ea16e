import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * What tells a living process from a later one that has been given the same number: the boot of the system and when the
 * process was started since. Undefined where no process of that number lives; one that has ended, but that nobody has
 * waited for, does not.
 */
export function processIdentity(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    // The program name, in parentheses, may contain anything. The fields after it start with the third, the state.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state] = fields;
    const started = fields[22 - 3];
    return state === 'Z' || state === 'X' ? undefined : `${bootId()} ${started ?? ''}`;
  } catch {
    return undefined;
  }
}

const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

/**
 * Where a process number means something: the host, its boot, and the namespace of its process numbers, which two
 * containers of one host do not share.
 */
export function processSpace(): string {
  return `${hostname()} ${bootId()} ${readlinkSync('/proc/self/ns/pid')}`;
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
