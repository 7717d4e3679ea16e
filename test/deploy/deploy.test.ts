import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';

import { parse } from 'yaml';
import { z } from 'zod';

import { runCommandLine } from '../support/command-line.js';
import { repositoryRoot } from '../support/paths.js';

const folder = join(repositoryRoot, 'deploy');
const read = (...path: readonly string[]): string => readFileSync(join(folder, ...path), 'utf8');

const compose = z.object({
  services: z.record(
    z.string(),
    z.object({
      image: z.string(),
      command: z.array(z.string()).optional(),
      ports: z.array(z.string()).optional(),
      depends_on: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
});

describe('the files of deploy/', () => {
  let options: readonly string[];

  before(async () => {
    const { output } = await runCommandLine(['worker', '--help']);
    options = [...output.matchAll(/^ +(--[a-z-]+)/gm)].map(([, option = '']) => option);
  });

  const assertKnown = (command: readonly string[]): void => {
    assert.equal(command[0], 'worker');
    for (const word of command.filter((one) => one.startsWith('--'))) assert.ok(options.includes(word), word);
  };

  it('have a Slurm script that is valid, and options that the worker has', () => {
    const script = read('slurm', 'workers.sbatch');
    const checked = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
    assert.equal(checked.status, 0, checked.stderr);
    const [, command = ''] = /npx volbias (.*)$/m.exec(script) ?? [];
    assertKnown(command.split(' '));
    assert.match(script, /^#SBATCH --signal=USR1@120$/m);
  });

  it('have a systemd unit that starts the package’s command and gives trainings time to save', () => {
    const unit = read('systemd', 'volbias-worker.service');
    const [, program, verb] = /^ExecStart=\S*\/(\w+) (\w+)$/m.exec(unit) ?? [];
    const { bin } = z.object({ bin: z.record(z.string(), z.string()) }).parse(packageJson());
    assert.ok(program !== undefined && program in bin);
    assert.equal(verb, 'worker');
    const [, seconds] = /^TimeoutStopSec=(\d+)$/m.exec(unit) ?? [];
    assert.ok(Number(seconds) > 90);
  });

  it('have a Dockerfile whose scripts the package has', () => {
    const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(packageJson());
    const used = [...read('docker', 'Dockerfile').matchAll(/npm run (\w+)/g)].map(([, name = '']) => name);
    assert.ok(used.length > 0);
    for (const name of used) assert.ok(name in scripts, name);
  });

  it('have a compose file whose services need each other, publish to this machine only, and have known options', () => {
    const { services } = compose.parse(parse(read('docker', 'compose.yaml'), { merge: true }));
    for (const { command, ports = [], depends_on: needs = {} } of Object.values(services)) {
      if (command !== undefined) assertKnown(command);
      for (const port of ports) assert.match(port, /^127\.0\.0\.1:/);
      for (const name of Object.keys(needs)) assert.ok(name in services, name);
    }
    assert.ok(Object.values(services).filter(({ command }) => command !== undefined).length >= 2);
  });
});

function packageJson(): unknown {
  return JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8'));
}
