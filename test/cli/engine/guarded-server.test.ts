import assert from 'node:assert/strict';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { Connection } from '@temporalio/client';

import { assertEnded, onFolder, runCommandLine, startCommandLine } from '../../support/command-line.js';
import { certificatesCanBeMade, makeCertificates, startGuardedProxy } from '../../support/guarded-proxy.js';
import { killProcessesOf, processesCanBeFound } from '../../support/processes.js';
import { artifactsOf } from '../../support/sweeps/sweep-folders.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';
import { tinyConfig, writeConfig } from '../../support/sweeps/tiny-config.js';
import { waitFor } from '../../support/wait-for.js';

const skip = !processesCanBeFound
  ? 'there is no /proc to find processes in'
  : !certificatesCanBeMade && 'there is no openssl to make certificates with';
const root = temporaryFolderOfFile('guarded-server');
const apiKey = 'a-key-that-only-this-test-knows';

describe('a server that demands a certificate, an API key and a namespace', { skip, concurrency: 1 }, () => {
  let config: string;
  let proxy: Awaited<ReturnType<typeof startGuardedProxy>>;
  let credentials: Readonly<Record<string, string>>;

  before(async () => {
    config = await writeConfig(root, tinyConfig({ models: ['lr'], losses: ['ce'] }));
    await mkdir(join(root, 'certificates'));
    const certificates = makeCertificates(join(root, 'certificates'));
    const server = startCommandLine(['server', '--data-dir', join(root, 'server')]);
    const address = await waitFor('the address', () => /TEMPORAL_ADDRESS=(\S+)/.exec(server.output())?.[1]);
    const connection = await Connection.connect({ address });
    await connection.workflowService.registerNamespace({
      namespace: 'imaging',
      workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
    });
    await connection.close();
    proxy = await startGuardedProxy(address, certificates, apiKey);
    credentials = {
      TEMPORAL_NAMESPACE: 'imaging',
      TEMPORAL_API_KEY: apiKey,
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: certificates.authority,
      TEMPORAL_TLS_CLIENT_CERT_PATH: certificates.client.certificate,
      TEMPORAL_TLS_CLIENT_KEY_PATH: certificates.client.key,
    };
  });
  after(async () => {
    proxy.close();
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  it('lets a run and its worker in with these, and the results are the same as without a server', async () => {
    const [folder, undisturbed] = [join(root, 'data'), join(root, 'undisturbed')];
    const worker = startCommandLine(['worker', '--address', proxy.address, '--data-dir', folder], {
      environment: credentials,
    });
    const run = await runCommandLine(onFolder('run', config, folder, '--address', proxy.address), {
      environment: credentials,
    });
    assertEnded(run, 0);
    process.kill(worker.pid, 'SIGTERM');
    assertEnded(await worker.ended, 0);
    assert.equal(proxy.refused(), 0);
    assertEnded(await runCommandLine(onFolder('run', config, undisturbed)), 0);
    assert.deepEqual(await artifactsOf(folder), await artifactsOf(undisturbed));
  });

  it('keeps everybody else out: run and worker say that no server answers, and never print the key', async () => {
    const { TEMPORAL_TLS_CLIENT_CERT_PATH: _, TEMPORAL_TLS_CLIENT_KEY_PATH: __, ...withoutCertificate } = credentials;
    for (const environment of [withoutCertificate, { ...credentials, TEMPORAL_API_KEY: 'guessed' }]) {
      const before = proxy.refused();
      const folder = join(root, 'other');
      for (const verb of [onFolder('run', config, folder), ['worker', '--data-dir', folder]]) {
        const result = await runCommandLine([...verb, '--address', proxy.address], { environment });
        assert.notEqual(result.code, 0);
        assert.match(result.errors, /no Temporal server answers at localhost:\d+/);
        for (const secret of [apiKey, 'guessed']) assert.ok(!`${result.output}${result.errors}`.includes(secret));
      }
      assert.ok(proxy.refused() > before);
    }
  });
});
