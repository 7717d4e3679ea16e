import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { readParticipants } from '../../../storage/datasets/participants.js';
import { found, refusal, tree } from '../../support/data/data-set-trees.js';

function manifest(...lines: readonly string[]): string {
  const root = tree('i.nii', 'm.nii', 'x;y.nii');
  writeFileSync(join(root, 'manifest.csv'), lines.map((line) => `${line}\r\n`).join(''));
  return root;
}

const expected = { a: ['i.nii', 'm.nii'] };

describe('a table of a spreadsheet', () => {
  it('may have semicolons or tabs between its cells', async () => {
    assert.deepEqual(await found('manifest', manifest('case;label;T1', 'a;m.nii;i.nii'), ['T1']), expected);
    assert.deepEqual(await found('manifest', manifest('case\tlabel\tT1', 'a\tm.nii\ti.nii'), ['T1']), expected);
    const quoted = manifest('"case, or id";case;label;T1', '"1,5";a;m.nii;"x;y.nii"');
    assert.deepEqual(await found('manifest', quoted, ['T1']), { a: ['x;y.nii', 'm.nii'] });
    const path = join(tree(), 'participants.csv');
    writeFileSync(path, 'case;participant\na;P, 1\n');
    assert.deepEqual([...(await readParticipants(path))], [['a', 'P, 1']]);
  });

  it('keeps semicolons in cells where commas separate', async () => {
    assert.deepEqual(await found('manifest', manifest('case,label,T1', 'a,m.nii,x;y.nii'), ['T1']), {
      a: ['x;y.nii', 'm.nii'],
    });
  });

  it('may write its columns in other capitals, unless two are alike', async () => {
    assert.deepEqual(await found('manifest', manifest('Case, LABEL,t1', 'a, m.nii,i.nii'), ['T1']), expected);
    const exact = manifest('Case,case,label,T1', 'b,a,m.nii,i.nii');
    assert.deepEqual(await found('manifest', exact, ['T1']), expected);
    await refusal('manifest', manifest('case,label,t1,T1 ', 'a,m.nii,i.nii,i.nii'), ['tI'], /no column tI/);
  });

  it('is told which of its columns may be meant', async () => {
    await refusal(
      'manifest',
      manifest('Subject,mask,Flar', 'a,m.nii,i.nii'),
      ['FLAIR', 'T2'],
      /no column case \(did you mean Subject\?\), label \(did you mean mask\?\), FLAIR \(did you mean Flar\?\), T2; it has Subject, mask, Flar/,
    );
  });
});
