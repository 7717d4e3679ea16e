import { freemem, totalmem } from 'node:os';
import { dirname, join } from 'node:path';

import { kernelNumber, kernelText } from './kernel-numbers.js';

/** Memory in bytes: what can be had now without taking it from anybody, and what can be had at most. */
export interface AvailableMemory {
  readonly free: number;
  readonly total: number;
}

/**
 * This machine's memory, or less where a control group (a container, a batch job, a service) limits this process. What
 * the kernel can drop, such as cached files, is free. `root` is where /proc and /sys are.
 */
export function availableMemory(root = '/'): AvailableMemory {
  const machine = machineMemory(root);
  const limits = [...unifiedLimits(root), ...olderLimits(root)];
  return {
    free: Math.max(0, Math.min(machine.free, ...limits.map(({ total, used }) => total - used))),
    total: Math.min(machine.total, ...limits.map(({ total }) => total)),
  };
}

function machineMemory(root: string): AvailableMemory {
  const path = join(root, 'proc/meminfo');
  const kibibytes = (name: string): number | undefined =>
    kernelNumber(path, new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm'));
  const [free, total] = [kibibytes('MemAvailable'), kibibytes('MemTotal')];
  if (free === undefined || total === undefined) return { free: freemem(), total: totalmem() };
  return { free: free * 1024, total: total * 1024 };
}

interface Limit {
  readonly total: number;
  readonly used: number;
}

/** Limits of control groups, version 2: of this process's group and all groups above it. */
function unifiedLimits(root: string): Limit[] {
  const own = /^0::(\/.*)$/m.exec(kernelText(join(root, 'proc/self/cgroup')))?.[1];
  if (own === undefined) return [];
  const limits: Limit[] = [];
  for (let group = own; ; group = dirname(group)) {
    const folder = join(root, 'sys/fs/cgroup', group);
    // "max" where there is no limit.
    const total = kernelNumber(join(folder, 'memory.max'), /^(\d+)$/m);
    const used = kernelNumber(join(folder, 'memory.current'), /^(\d+)$/m);
    const cached = kernelNumber(join(folder, 'memory.stat'), /^inactive_file (\d+)$/m) ?? 0;
    if (total !== undefined && used !== undefined) limits.push({ total, used: used - cached });
    if (group === '/') return limits;
  }
}

/** The limit of this process's control group, version 1. Without a limit, the file has a huge number. */
function olderLimits(root: string): Limit[] {
  const own = /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(\/.*)$/m.exec(kernelText(join(root, 'proc/self/cgroup')))?.[1];
  if (own === undefined) return [];
  // A container sees its own group at the top.
  for (const folder of [join(root, 'sys/fs/cgroup/memory', own), join(root, 'sys/fs/cgroup/memory')]) {
    const total = kernelNumber(join(folder, 'memory.limit_in_bytes'), /^(\d+)$/m);
    const used = kernelNumber(join(folder, 'memory.usage_in_bytes'), /^(\d+)$/m);
    const cached = kernelNumber(join(folder, 'memory.stat'), /^total_inactive_file (\d+)$/m) ?? 0;
    if (total !== undefined && used !== undefined) return [{ total, used: used - cached }];
  }
  return [];
}
