import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import { randomStream, shuffled, type RandomStream } from '../../../domain/random/random-stream.js';

function draw(count: number, next: () => number): number[] {
  return Array.from({ length: count }, next);
}

function uniforms(count: number, stream: RandomStream): number[] {
  return draw(count, () => stream.uniform());
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('a random stream', () => {
  it('gives for a name the numbers that Python computes: SHA-256 of the name, then sfc32', () => {
    // test/fixtures/random/sfc32.py
    const stream = randomStream(2019, 'flat', 0, 'augment');
    assert.deepEqual(
      uniforms(4, stream),
      [0.21202470874413848, 0.540406790561974, 0.671933616977185, 0.18310423125512898],
    );
  });

  it('begins anew under the same name, and differs under any other', () => {
    const names = fc.array(fc.oneof(fc.string({ maxLength: 5 }), fc.nat(3)), { maxLength: 3 });
    fc.assert(
      fc.property(names, names, (one, other) => {
        const first = uniforms(4, randomStream(...one));
        assert.deepEqual(uniforms(4, randomStream(...one)), first);
        const same = JSON.stringify(one) === JSON.stringify(other);
        assert.equal(JSON.stringify(uniforms(4, randomStream(...other))) === JSON.stringify(first), same);
      }),
    );
  });

  it('tells names apart that are alike only when they are joined', () => {
    assert.notEqual(randomStream('a', 'b').uniform(), randomStream('ab').uniform());
    assert.notEqual(randomStream(1).uniform(), randomStream('1').uniform());
  });

  it('draws numbers in [0, 1) with mean 1/2 and variance 1/12', () => {
    const values = uniforms(20_000, randomStream('moments'));
    assert.ok(values.every((value) => value >= 0 && value < 1));
    // Five standard errors: 5 √(1/12/20000) = 0.0102 of the mean, 5 √(1/180/20000) = 0.0026 of the variance.
    assert.ok(Math.abs(mean(values) - 0.5) < 0.0102);
    assert.ok(Math.abs(mean(values.map((value) => (value - 0.5) ** 2)) - 1 / 12) < 0.0026);
  });

  it('draws normal numbers with the mean and the deviation asked for', () => {
    const random = randomStream('normal');
    const values = draw(20_000, () => random.normal(3, 2));
    // Five standard errors: 5 · 2/√20000 = 0.071 of the mean, 5 · 4 √(2/20000) = 0.2 of the variance.
    assert.ok(Math.abs(mean(values) - 3) < 0.071);
    assert.ok(Math.abs(mean(values.map((value) => (value - 3) ** 2)) - 4) < 0.2);
    // 95.45 % within two deviations, five standard errors of a share: 5 √(0.9545·0.0455/20000) = 0.0074.
    const within = values.filter((value) => Math.abs(value - 3) < 4).length / values.length;
    assert.ok(Math.abs(within - 0.9545) < 0.0074);
  });

  it('draws whole numbers below a bound, each as often', () => {
    const random = randomStream('whole');
    const counts = new Map<number, number>();
    for (let i = 0; i < 6000; i++) {
      const value = random.integerBelow(6);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    assert.deepEqual([...counts.keys()].sort(), [0, 1, 2, 3, 4, 5]);
    // Five standard errors: 5 √(6000 · 1/6 · 5/6) = 144.
    assert.ok([...counts.values()].every((count) => Math.abs(count - 1000) < 144));
  });

  it('draws between the bounds asked for', () => {
    const random = randomStream('between');
    assert.ok(draw(1000, () => random.uniformBetween(-2, 3)).every((value) => value >= -2 && value < 3));
  });
});

describe('a shuffle', () => {
  it('keeps every item, leaves the original alone and follows from the stream alone', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), (items) => {
        const before = [...items];
        const result = shuffled(items, randomStream('shuffle'));
        assert.deepEqual(items, before);
        assert.deepEqual([...result].sort(), [...items].sort());
        assert.deepEqual(shuffled(items, randomStream('shuffle')), result);
      }),
    );
  });

  it('gives each permutation of three as often', () => {
    const random = randomStream('permutations');
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = shuffled(['a', 'b', 'c'], random).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    assert.equal(counts.size, 6);
    assert.ok([...counts.values()].every((count) => Math.abs(count - 1000) < 144));
  });
});
