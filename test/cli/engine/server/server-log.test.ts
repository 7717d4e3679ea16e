import assert from 'node:assert/strict';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';

import { followServerLog } from '../../../../cli/engine/server/server-log.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';

/** What Temporal's server has written, as it was started on such a database. */
const written: readonly (readonly [string, string, string | undefined])[] = [
  ['a file without tables', 'SQL logic error: no such table: namespaces (1)', 'database damaged'],
  ['random bytes', 'file is not a database (26)', 'database damaged'],
  ['damaged pages', 'database disk image is malformed (11)', 'database damaged'],
  ['a full disk', 'SQL logic error: cannot rollback - no transaction is active (1)', undefined],
  ['a full disk', 'database or disk is full (13)', undefined],
  ['a taken port', 'listen tcp 127.0.0.1:7233: bind: address already in use', 'port taken'],
];

for (const [cause, words, fault] of written) {
  it(`a server that says "${words}" has found ${cause}: ${fault ?? 'nothing is put aside'}`, async (t) => {
    const log = join(await temporaryFolder(t), 'server.log');
    await writeFile(log, 'database disk image is malformed, in an earlier run\n');
    const followed = await followServerLog(log);
    assert.equal(await followed.fault(), undefined);
    await appendFile(log, `{"level":"error","error":"${words}"}\n`);
    assert.equal(await followed.fault(), fault);
  });
}
