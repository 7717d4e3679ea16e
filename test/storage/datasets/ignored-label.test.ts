import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';

import { checkDataSets } from '../../../storage/datasets/check-data-sets.js';
import { findingsOf } from '../../support/data/findings-of.js';
import { writeMaskedCases } from '../../support/data/masked-cases.js';
import { configOf } from '../../support/data/prepare-data-set.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const nnunet = { kind: 'nnunet', modalities: ['T1'], preprocessing: { crop: [6, 6, 6] } };

async function withLabels(test: TestContext, labels: object): Promise<string> {
  const root = join(await temporaryFolder(test), 'data');
  await writeMaskedCases(root, { a: { 1: 5, 2: 3 }, b: { 1: 7 }, c: { 1: 2, 2: 9 } });
  await writeFile(join(root, 'dataset.json'), JSON.stringify({ channel_names: { 0: 'T1' }, labels }));
  return root;
}

/** The error that validate and the check of plan and run have in common; undefined if neither has one. */
async function refusalOf(root: string, label: object): Promise<string | undefined> {
  const findings = await findingsOf(root, { ...nnunet, label });
  const errors = findings.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  const config = configOf({ ...nnunet, path: root, label });
  const training = { ...config.training, validation: 'heldOut' as const };
  const folds = { ...config, training, split: { ...config.split, folds: 2 } };
  const check = await checkDataSets({ config: folds, importedFolds: null }, { own: { root } }).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const said = errors.filter((message) => message.includes('ignore'));
  assert.deepEqual(said, check === undefined ? [] : [check]);
  return check;
}

describe("nnU-Net's ignore label", () => {
  it('may be no value of the structure: the error names it and the rule to write', async (test) => {
    const root = await withLabels(test, { background: 0, t: 1, ignore: 2 });
    assert.equal(
      await refusalOf(root, { greaterThan: 0 }),
      `data set ${root}: label: { greaterThan: 0 } takes the value 2, which dataset.json calls "ignore", for structure; ` +
        'write label: { equals: 1 }',
    );
    assert.match((await refusalOf(root, {})) ?? '', /label \(values above 0, the default\) takes the value 2/);
    assert.match((await refusalOf(root, { equals: 2 })) ?? '', /label: \{ equals: 2 \} takes the value 2/);
    assert.match((await refusalOf(root, { anyOf: [1, 2] })) ?? '', /label: \{ anyOf: \[1, 2\] \} takes the value 2/);
  });

  it('is accepted where the rule leaves it out', async (test) => {
    const root = await withLabels(test, { background: 0, t: 1, ignore: 2 });
    assert.equal(await refusalOf(root, { equals: 1 }), undefined);
    assert.equal(await refusalOf(root, { anyOf: [1] }), undefined);
  });

  it('leaves the values of all other labels, also of regions, for the rule to write', async (test) => {
    const root = await withLabels(test, { background: 0, whole: [1, 2, 3], core: [2, 3], ignore: 4 });
    assert.match((await refusalOf(root, { greaterThan: 0 })) ?? '', /; write label: \{ anyOf: \[1, 2, 3\] \}$/);
  });

  it('concerns no data set without it', async (test) => {
    const root = await withLabels(test, { background: 0, t: 1, u: 2 });
    assert.equal(await refusalOf(root, { greaterThan: 0 }), undefined);
  });
});
