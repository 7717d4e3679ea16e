import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { drawFolds } from '../../../domain/split/draw-folds.js';
import { checkedFolds } from '../../../domain/split/checked-folds.js';
import { innerValidation } from '../../../domain/split/inner-validation.js';
import { assertNoLeakage } from '../../../domain/split/leakage.js';
import type { SplitCase } from '../../../domain/split/participants.js';

const settings = { folds: 5, stratify: 'volumeTercile', seed: 7, name: 'a' } as const;

/** Cases of as many participants as the list is long, with that many cases each. */
function casesOf(
  casesEach: readonly number[],
  volume: (participant: number, index: number) => number = (p) => p,
): SplitCase[] {
  return casesEach.flatMap((count, participant) =>
    Array.from({ length: count }, (_, index) => ({
      id: `case-${participant}-${index}`,
      participant: `p${participant}`,
      volume: volume(participant, index),
    })),
  );
}

const anyCases = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.double({ min: 0, max: 100, noNaN: true })), {
    minLength: 5,
    maxLength: 40,
  })
  .map((list) =>
    casesOf(
      list.map(([count]) => count),
      (participant) => list[participant]?.[1] ?? 0,
    ),
  );

describe('drawFolds', () => {
  it('puts every case in exactly one fold and every participant in only one', () => {
    fc.assert(
      fc.property(
        anyCases,
        fc.constantFrom('volumeTercile', 'none'),
        fc.integer({ min: 2, max: 5 }),
        (cases, stratify, folds) => {
          const drawn = drawFolds(cases, { ...settings, stratify, folds });
          assert.equal(drawn.length, folds);
          assert.deepEqual(drawn.flat().sort(), cases.map(({ id }) => id).sort());
          assert.ok(drawn.every((fold) => fold.length > 0));
          assert.doesNotThrow(() => checkedFolds(drawn, cases));
          for (const fold of drawn) assert.deepEqual(fold, [...fold].sort());
        },
      ),
    );
  });

  it('balances folds and their terciles to within one case if each participant has one case', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 90 }), fc.integer({ min: 2, max: 5 }), (count, folds) => {
        const cases = casesOf(Array.from({ length: count }, () => 1));
        const drawn = drawFolds(cases, { ...settings, folds });
        const spread = (sizes: readonly number[]): number => Math.max(...sizes) - Math.min(...sizes);
        assert.ok(spread(drawn.map((fold) => fold.length)) <= 1);
        const volumes = new Map(cases.map(({ id, volume }) => [id, volume]));
        const largest = Math.round((2 * count) / 3);
        assert.ok(spread(drawn.map((fold) => fold.filter((id) => (volumes.get(id) ?? 0) >= largest).length)) <= 1);
      }),
    );
  });

  it('balances large participants with small ones', () => {
    for (let seed = 0; seed < 20; seed++) {
      const drawn = drawFolds(casesOf([4, 1, 1, 1, 1, 1, 1, 1, 1]), { folds: 3, stratify: 'none', seed, name: 'a' });
      assert.deepEqual(
        drawn.map((fold) => fold.length),
        [4, 4, 4],
      );
    }
  });

  it('depends on seed and name, not on the order of the cases', () => {
    const cases = casesOf([1, 2, 1, 1, 3, 1, 1, 2, 1, 1, 1, 1]);
    const drawn = drawFolds(cases, settings);
    assert.deepEqual(drawFolds([...cases].reverse(), settings), drawn);
    assert.notDeepEqual(drawFolds(cases, { ...settings, seed: 8 }), drawn);
    assert.notDeepEqual(drawFolds(cases, { ...settings, name: 'b' }), drawn);
  });

  it('rejects more folds than participants, and duplicate cases', () => {
    assert.throws(() => drawFolds(casesOf([3, 3, 3, 3]), settings), { code: 'SPLIT_INVALID' });
    assert.throws(() => drawFolds([...casesOf([1, 1, 1, 1, 1]), ...casesOf([1])], settings), { code: 'SPLIT_INVALID' });
    assert.throws(
      () =>
        drawFolds(
          casesOf([1, 1, 1, 1, 1], () => NaN),
          settings,
        ),
      { code: 'ARGUMENT_INVALID' },
    );
  });
});

describe('innerValidation', () => {
  it('takes a fifth of the participants, kept whole, and a different fifth for each fold', () => {
    const cases = casesOf(Array.from({ length: 40 }, (_, participant) => 1 + (participant % 2)));
    const inner = { stratify: 'volumeTercile', seed: 1, name: 'a' } as const;
    const { training, validation } = innerValidation(cases, { ...inner, fold: 0 });
    assert.deepEqual([...training, ...validation].sort(), cases.map(({ id }) => id).sort());
    assert.doesNotThrow(() => checkedFolds([training, validation], cases));
    assert.ok(Math.abs(validation.length - cases.length / 5) <= 2);
    assert.notDeepEqual(innerValidation(cases, { ...inner, fold: 1 }).validation, validation);
    assert.deepEqual(innerValidation(cases, { ...inner, fold: 0 }).validation, validation);
  });

  it('splits two participants one to one, and rejects a single one', () => {
    const inner = { stratify: 'none', seed: 1, name: 'a', fold: 0 } as const;
    assert.equal(innerValidation(casesOf([1, 1]), inner).validation.length, 1);
    assert.throws(() => innerValidation(casesOf([5]), inner), { code: 'SPLIT_INVALID' });
  });
});

describe('checkedFolds', () => {
  const cases = casesOf([1, 1, 2]);

  it('accepts one list of case ids per fold', () => {
    const folds = checkedFolds(
      [
        ['case-2-1', 'case-2-0'],
        ['case-0-0', 'case-1-0'],
      ],
      cases,
    );
    assert.deepEqual(folds, [
      ['case-2-0', 'case-2-1'],
      ['case-0-0', 'case-1-0'],
    ]);
  });

  it('lists every problem', () => {
    assert.throws(
      () =>
        checkedFolds(
          [
            ['case-0-0', 'case-2-0', 'other'],
            ['case-0-0', 'case-2-1'],
          ],
          cases,
        ),
      (error: Error) => {
        assert.match(error.message, /case-0-0 is listed twice/);
        assert.match(error.message, /case-1-0 is in no fold/);
        assert.match(error.message, /other is not in the data set/);
        assert.match(error.message, /participant p2 is in folds 0 and 1/);
        return true;
      },
    );
  });

  it('rejects no folds, a single fold and empty folds', () => {
    for (const folds of [[], [cases.map(({ id }) => id)]]) {
      assert.throws(() => checkedFolds(folds, cases), { code: 'SPLIT_INVALID', message: /at least 2/ });
    }
    assert.throws(() => checkedFolds([cases.map(({ id }) => id), []], cases), /empty/);
  });
});

describe('assertNoLeakage', () => {
  const cases = [
    { id: 'a', participant: 'p', imageDigest: '1' },
    { id: 'b', participant: 'p', imageDigest: '2' },
    { id: 'c', participant: 'q', imageDigest: '1' },
  ];

  it('accepts folds without leakage', () => {
    assert.doesNotThrow(() => {
      assertNoLeakage([['a', 'b', 'c'], []], cases);
    });
    assert.doesNotThrow(() => {
      assertNoLeakage([['a'], ['x']], cases);
    });
  });

  it('rejects a participant in two folds', () => {
    assert.throws(() => {
      assertNoLeakage([['a', 'c'], ['b']], cases);
    }, /participant p is in two folds \(cases a and b\)/);
  });

  it('rejects identical images under two names in two folds', () => {
    assert.throws(() => {
      assertNoLeakage([['a', 'b'], ['c']], cases);
    }, /a and c have identical images/);
  });
});
