import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { repositoryRoot } from '../support/paths.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { codeIdentityFile, codeOfSteps, identityFaults, pinnedCode, type CodeIdentity } from './code-identity.js';

const code = codeOfSteps();
const pinned = JSON.parse(readFileSync(codeIdentityFile, 'utf8')) as CodeIdentity;

const modulesOf = (step: string): ReadonlyMap<string, string> =>
  code.find((one) => one.step === step)?.modules ?? new Map();

describe('the code of a step', () => {
  it('is that of its version, or says why results keep their bytes', () => {
    assert.deepEqual(identityFaults(code, pinned), []);
  });

  it('is what its implementation reaches, also within functions and in threads, without that of other steps', () => {
    const reached = [
      'domain/training/plateau.ts',
      'learning/training/fit.ts',
      'learning/losses/ce.ts',
      'steps/training/augment-thread.ts',
      'domain/augment/augment-case.ts',
      'steps/split.ts',
      '@tensorflow/tfjs-node-gpu',
      'scripts/setup/binding/winograd_convolution.h',
    ];
    for (const path of reached) assert.ok(modulesOf('train').has(path), path);
    // What the steps before it import, and types.
    for (const path of ['domain/split/leakage.ts', 'domain/training/training-settings.ts']) {
      assert.ok(!modulesOf('train').has(path), path);
    }
    assert.ok(!modulesOf('split').has('learning/training/fit.ts'));
  });

  it('may change in comments and types; another change names the step, the module and the remedy', async (test) => {
    const folder = await temporaryFolder(test);
    for (const room of ['configs', 'contracts', 'domain', 'learning', 'scripts', 'steps', 'storage']) {
      cpSync(join(repositoryRoot, room), join(folder, room), { recursive: true });
    }
    const path = join(folder, 'domain', 'split', 'leakage.ts');
    const source = readFileSync(path, 'utf8');
    writeFileSync(path, `// A comment.\nexport type Unused = number;\n${source}`);
    assert.deepEqual(identityFaults(codeOfSteps(folder), pinned), []);
    writeFileSync(path, `${source}\nexport const unused = 1;\n`);
    const changed = codeOfSteps(folder);
    const faults = identityFaults(changed, pinned);
    assert.equal(faults.length, 1);
    assert.match(
      faults[0] ?? '',
      /^split: its code has changed, but its version is still 1: domain\/split\/leakage\.ts\. .*pin-code/,
    );
    assert.throws(() => pinnedCode(changed, pinned, undefined), /split has other code under the same version 1/);
    const stated = pinnedCode(changed, pinned, 'the constant is not used');
    assert.deepEqual(identityFaults(changed, stated), []);
    const silent = {
      ...stated,
      steps: { ...stated.steps, split: stated.steps.split?.map(({ sameBytes: _, ...one }) => one) ?? [] },
    };
    assert.match(identityFaults(changed, silent)[0] ?? '', /does not say why/);
    const raised = changed.map((one) => (one.step === 'split' ? { ...one, version: 2 } : one));
    assert.match(identityFaults(raised, pinned)[0] ?? '', /split: version 2 is not pinned/);
    assert.deepEqual(identityFaults(raised, pinnedCode(raised, pinned, undefined)), []);
  });
});
