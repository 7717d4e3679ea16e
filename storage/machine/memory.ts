import { writeFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';

import { kernelNumber } from './kernel-numbers.js';

/** Memory in use and free now, for messages. */
export function memoryInWords(usedBytes: number): string {
  const free = (freemem() / 2 ** 30).toFixed(1);
  return `it had used ${gibibytes(usedBytes)}; ${free} of ${gibibytes(totalmem())} are free now`;
}

/** Such as `1.5 GiB`. */
export function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

/** How often the kernel has killed a process for want of memory since it started; 0 where it does not say. */
export function outOfMemoryKills(): number {
  return kernelNumber('/proc/vmstat', /^oom_kill (\d+)$/m) ?? 0;
}

/** The largest memory that a running process has used; 0 if it has ended. */
export function peakMemoryBytes(pid: number): number {
  return 1024 * (kernelNumber(`/proc/${String(pid)}/status`, /^VmHWM:\s+(\d+) kB$/m) ?? 0);
}

/** The memory that a running process uses now; 0 if it has ended, and where the kernel does not say. */
export function residentBytes(pid: number): number {
  return 1024 * (kernelNumber(`/proc/${String(pid)}/status`, /^VmRSS:\s+(\d+) kB$/m) ?? 0);
}

/** From here on, this process's largest memory is counted anew, where the kernel can do that. */
export function forgetPeakMemory(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Only Linux has it; elsewhere the peak is that of all jobs of this process.
  }
}
