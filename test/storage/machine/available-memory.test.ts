import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, it } from 'node:test';

import { availableMemory } from '../../../storage/machine/available-memory.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';

const root = temporaryFolderOfFile('available-memory');
const MiB = 2 ** 20;

/** A machine of 16 GiB with 12 GiB available, and these files of the kernel. */
async function machine(files: Readonly<Record<string, string>>): Promise<void> {
  const meminfo = `MemTotal:       ${16 * 2 ** 20} kB\nMemFree:         1024 kB\nMemAvailable:   ${12 * 2 ** 20} kB\n`;
  for (const [name, text] of Object.entries({ 'proc/meminfo': meminfo, ...files })) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
}

describe('the available memory', () => {
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('is what the kernel says is available', async () => {
    await machine({});
    assert.deepEqual(availableMemory(root), { free: 12 * 2 ** 30, total: 16 * 2 ** 30 });
  });

  it('is limited by the control groups of this process and those above; cached files do not count', async () => {
    await machine({
      'proc/self/cgroup': '0::/batch.slice/job-7\n',
      'sys/fs/cgroup/batch.slice/job-7/memory.max': 'max\n',
      'sys/fs/cgroup/batch.slice/job-7/memory.current': `${100 * MiB}\n`,
      'sys/fs/cgroup/batch.slice/memory.max': `${1000 * MiB}\n`,
      'sys/fs/cgroup/batch.slice/memory.current': `${900 * MiB}\n`,
      'sys/fs/cgroup/batch.slice/memory.stat': `anon ${500 * MiB}\ninactive_file ${400 * MiB}\nactive_file 0\n`,
    });
    assert.deepEqual(availableMemory(root), { free: 500 * MiB, total: 1000 * MiB });
  });

  it('is limited by the only control group that a container sees', async () => {
    await machine({
      'proc/self/cgroup': '0::/\n',
      'sys/fs/cgroup/memory.max': `${2000 * MiB}\n`,
      'sys/fs/cgroup/memory.current': `${2100 * MiB}\n`,
    });
    assert.deepEqual(availableMemory(root), { free: 0, total: 2000 * MiB });
  });

  it('is limited by control groups of version 1', async () => {
    await machine({
      'proc/self/cgroup': '5:cpu,memory:/docker/0123\n1:name=systemd:/docker/0123\n',
      'sys/fs/cgroup/memory/memory.limit_in_bytes': `${4000 * MiB}\n`,
      'sys/fs/cgroup/memory/memory.usage_in_bytes': `${1500 * MiB}\n`,
      'sys/fs/cgroup/memory/memory.stat': `cache ${900 * MiB}\ntotal_inactive_file ${500 * MiB}\n`,
    });
    assert.deepEqual(availableMemory(root), { free: 3000 * MiB, total: 4000 * MiB });
  });

  it('is what Node says where there is no /proc', () => {
    const { free, total } = availableMemory(join(root, 'nothing'));
    assert.equal(total, totalmem());
    assert.ok(free > 0 && free <= total && Math.abs(free - freemem()) < total / 2);
  });
});
