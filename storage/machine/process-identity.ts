import { readFileSync } from 'node:fs';

/**
 * What distinguishes a living process from a later one with the same number: the system's boot and the process's start
 * time since then. Undefined if no process with this number is alive; a zombie does not count as alive.
 */
function processIdentity(pid: number): string | undefined {
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

/** A process as recorded on disk, so that it can be recognised later. */
export interface RecordedProcess {
  readonly pid: number;
  readonly identity: string;
}

export function recordedProcess(pid: number): RecordedProcess {
  return { pid, identity: processIdentity(pid) ?? '' };
}

/** Whether a signal such as SIGSTOP has stopped the process, so that it does nothing until SIGCONT. */
export function isStopped({ pid, identity }: RecordedProcess): boolean {
  if (processIdentity(pid) !== identity) return false;
  try {
    return /^State:\s+[Tt]/m.test(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
  } catch {
    return false;
  }
}

export function isAlive({ pid, identity }: RecordedProcess): boolean {
  return processIdentity(pid) === identity;
}
