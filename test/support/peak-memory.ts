import { readFileSync } from 'node:fs';

/**
 * Peak resident memory of this process in bytes. Not getrusage's, which on Linux begins at the size of the process that
 * started this one.
 */
export function peakMemory(): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}
