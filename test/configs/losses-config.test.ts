import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { z } from 'zod';

import { lossSchema } from '../../configs/loss-schema.js';
import { readSweepContentFor } from '../../storage/sweeps/sweep-content.js';
import { repositoryRoot } from '../support/paths.js';

const { config } = await readSweepContentFor(join(repositoryRoot, 'configs', 'losses.yaml'));

/** Every name and kind in the JSON Schema of a loss. */
function kindsIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { enum: names, const: kind } = schema as { enum?: string[]; const?: string };
  return [...(names ?? []), ...(kind === undefined ? [] : [kind]), ...Object.values(schema).flatMap(kindsIn)];
}

describe('configs/losses.yaml', () => {
  it('trains with every kind of loss that a config may state', () => {
    const kinds = config.arms.losses.map((loss) => (typeof loss === 'string' ? loss : loss.kind));
    assert.deepEqual([...kinds].sort(), [...new Set(kindsIn(z.toJSONSchema(lossSchema)))].sort());
    assert.equal(kinds.length, 12);
  });

  it('has data sets that differ in the probability of their uncertain regions alone', () => {
    const [first, ...others] = config.dataSets.map(({ name, phantom, ...rest }) => ({
      ...{ name: name.replace(/\d+/, ''), phantom: { ...phantom, probability: 0 } },
      ...rest,
    }));
    for (const other of others) assert.deepEqual(other, first);
    const stated = config.dataSets.map(({ name, phantom }) => [name, phantom?.probability]);
    assert.deepEqual(
      stated,
      [20, 40, 60, 80].map((percent) => [`p-${String(percent)}`, percent / 100]),
    );
  });
});
