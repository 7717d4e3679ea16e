import { readFileSync, writeFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';

/** Memory in use and free now, for messages. */
export function memoryInWords(usedBytes: number): string {
  const gibibytes = (bytes: number): string => (bytes / 2 ** 30).toFixed(1);
  return `it had used ${gibibytes(usedBytes)} GiB; ${gibibytes(freemem())} of ${gibibytes(totalmem())} GiB are free now`;
}

/** How often the kernel has killed a process for want of memory since it started; 0 where it does not say. */
export function outOfMemoryKills(): number {
  return numberIn('/proc/vmstat', /^oom_kill (\d+)$/m);
}

/** The largest memory that a running process has used; 0 if it has ended. */
export function peakMemoryBytes(pid: number): number {
  return 1024 * numberIn(`/proc/${String(pid)}/status`, /^VmHWM:\s+(\d+) kB$/m);
}

/** The memory that a running process uses now; 0 if it has ended, and where the kernel does not say. */
export function residentBytes(pid: number): number {
  return 1024 * numberIn(`/proc/${String(pid)}/status`, /^VmRSS:\s+(\d+) kB$/m);
}

/** From here on, this process's largest memory is counted anew, where the kernel can do that. */
export function forgetPeakMemory(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Only Linux has it; elsewhere the peak is that of all jobs of this process.
  }
}

function numberIn(path: string, pattern: RegExp): number {
  try {
    return Number(pattern.exec(readFileSync(path, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
