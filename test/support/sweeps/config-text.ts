import assert from 'node:assert/strict';

import type { WrittenConfig } from '../../../configs/config-schema.js';
import { DomainError } from '../../../domain/domain-error.js';
import { configOf as configAt, type ConfigProblem } from '../../../storage/sweeps/config-files.js';

/** A config without a fault. */
export const good = `name: try
seed: 1
dataSets:
  - name: flat
    kind: folder2d
    modalities: [grey]
    phantom: { dimensions: 2, cases: 6, shape: [27, 27], coreRadius: 5, regions: 2, regionRadius: 3, probability: 0.6 }
    preprocessing: { crop: [27, 27] }
split: { folds: 2 }
arms:
  models: [lr, unet]
  losses: [ce, sd]
`;

export function configOf(text: string): WrittenConfig {
  return configAt('try.yaml', text);
}

export function problemsOf(text: string): ConfigProblem[] {
  try {
    configOf(text);
  } catch (error) {
    assert.ok(error instanceof DomainError && error.code === 'CONFIG_INVALID', String(error));
    return error.details['problems'] as ConfigProblem[];
  }
  assert.fail('the config was accepted');
}

/** The only problem of the good config after a change. */
export function problemAfter(from: string, to: string): ConfigProblem {
  assert.ok(good.includes(from), `the config has no "${from}"`);
  const problems = problemsOf(good.replace(from, to));
  assert.equal(problems.length, 1, JSON.stringify(problems));
  return problems[0] as ConfigProblem;
}
