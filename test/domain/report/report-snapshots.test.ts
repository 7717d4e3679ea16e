import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { reportSnapshots, snapshotFolder } from './report-snapshots.js';

describe('the synthetic report', () => {
  const snapshots = reportSnapshots();

  it('has the page and figures that are stored', () => {
    assert.deepEqual([...snapshots.keys()].sort(), storedNames().sort());
  });

  for (const [name, text] of snapshots) {
    it(`has the stored bytes of ${name}; write-snapshots.js stores those of a change that is meant`, () => {
      const stored = readFileSync(join(snapshotFolder, name), 'utf8').split('\n');
      const lines = text.split('\n');
      const first = lines.findIndex((line, index) => line !== stored[index]);
      // A page of differences would hide the first.
      if (first >= 0) assert.equal(lines[first]?.slice(0, 2000), stored[first]?.slice(0, 2000), `line ${first + 1}`);
      assert.equal(lines.length, stored.length);
      assert.ok(text === stored.join('\n'));
    });
  }
});

function storedNames(): string[] {
  return readdirSync(snapshotFolder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(html|svg)$/.test(name),
  );
}
