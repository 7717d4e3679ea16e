import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { Server } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { startEmbeddedServer } from '../../../../cli/engine/server/embedded-server.js';
import { isAlive, recordedProcess } from '../../../../storage/machine/process-identity.js';
import { dataFolderAt } from '../../../../storage/store/data-folder.js';
import { killProcessesOf, processesCanBeFound, processesOf } from '../../../support/processes.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';

describe('the embedded server', { skip }, () => {
  it('is not started a second time on the same database, even if the first cannot be seen', async (test) => {
    const folder = dataFolderAt(await temporaryFolder(test));
    test.after(() => {
      killProcessesOf(folder.root);
    });
    const server = await startEmbeddedServer(folder);
    // What a process in another container would find.
    await rm(join(folder.temporal, 'server.json'));
    await assert.rejects(startEmbeddedServer(folder), {
      code: 'ARGUMENT_INVALID',
      message: /a Temporal server is still running in .*temporal.* another container or on another machine/,
    });
    assert.equal(processesOf(folder.root).filter(({ role }) => role === 'server').length, 1);
    await server.stop();
    await (await startEmbeddedServer(folder)).stop();
  });

  it('ends no process that a record merely names as the server', async (test) => {
    const folder = dataFolderAt(await temporaryFolder(test));
    const bystander = spawn('sleep', ['600']);
    test.after(() => {
      bystander.kill('SIGKILL');
      killProcessesOf(folder.root);
    });
    const record = { ...recordedProcess(bystander.pid ?? 0), port: 9, webPort: 9 };
    await mkdir(folder.temporal);
    await writeFile(join(folder.temporal, 'server.json'), JSON.stringify(record));
    await (await startEmbeddedServer(folder)).stop();
    assert.ok(isAlive(record));
  });

  it('takes other ports if another process has taken the free ones before it could', async (test) => {
    const folder = dataFolderAt(await temporaryFolder(test));
    const close = Reflect.get<Server, 'close'>(Server.prototype, 'close');
    const kept: Server[] = [];
    // The first port that is looked for stays open.
    const mock = test.mock.method(Server.prototype, 'close', function (this: Server, done?: () => void) {
      if (kept.length > 0) return close.call(this, done);
      kept.push(this.on('connection', (socket) => socket.destroy()));
      done?.();
      return this;
    });
    test.after(() => {
      mock.mock.restore();
      for (const server of kept) server.close();
      killProcessesOf(folder.root);
    });
    const server = await startEmbeddedServer(folder);
    const address = kept[0]?.address();
    assert.ok(typeof address === 'object' && address !== null);
    assert.notEqual(server.address, `127.0.0.1:${String(address.port)}`);
    await server.stop();
  });

  it('inherits no credentials', async (test) => {
    const folder = dataFolderAt(await temporaryFolder(test));
    process.env.TEMPORAL_API_KEY = 'secret-of-a-cluster';
    test.after(() => {
      delete process.env.TEMPORAL_API_KEY;
      killProcessesOf(folder.root);
    });
    const server = await startEmbeddedServer(folder);
    const [own] = processesOf(folder.root).filter(({ role }) => role === 'server');
    const environment = await readFile(`/proc/${String(own?.pid)}/environ`, 'utf8');
    assert.match(environment, /^PATH=|\0PATH=/);
    assert.doesNotMatch(environment, /secret|TEMPORAL/);
    await server.stop();
  });
});
