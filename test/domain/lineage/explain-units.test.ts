import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { explainUnits, type ExplainSources } from '../../../domain/lineage/explain-units.js';
import type { DescribedWork, DoneWork, PlannedWork } from '../../../domain/lineage/planned-work.js';
import { countCauses, shortReason, wordsOfDifference } from '../../../domain/lineage/reasons.js';
import { digestOfJson } from '../../../domain/plan/key.js';

interface Changes {
  readonly rate?: number;
  readonly seed?: number;
  readonly files?: string;
  readonly version?: number;
}

/** A sweep of four units: a scan, a training, its evaluation and a report that prints every setting. */
function described({ rate = 0.5, seed = 1, version = 1 }: Changes): DescribedWork[] {
  const unit = (name: string, parameters: object, needs: readonly string[], of = 1): DescribedWork => {
    const inputs = needs.map((need) => ({ unit: need, digest: '' }));
    return { unit: name, step: name.split(' ')[0] ?? '', version: of, parameters, inputs };
  };
  return [
    unit('scan flat', {}, []),
    unit('train flat/lr/ce/fold-0', { rate, seed }, ['scan flat'], version),
    unit('evaluate flat/lr/ce/fold-0', {}, ['scan flat', 'train flat/lr/ce/fold-0']),
    unit('report', { config: { rate, seed }, sweepId: `tiny-${rate}` }, ['evaluate flat/lr/ce/fold-0']),
  ];
}

/** The works of a sweep that has run: other bytes for every key, and for a scan for other files. */
function done(changes: Changes = {}): DoneWork[] {
  const results = new Map<string, string>();
  return described(changes).map((work): DoneWork => {
    const inputs = work.inputs.map(({ unit }) => ({ unit, digest: results.get(unit) ?? '' }));
    const key = digestOfJson({ ...work, inputs });
    const digest = digestOfJson(work.step === 'scan' ? { files: changes.files ?? 'a' } : { key });
    results.set(work.unit, digest);
    return { ...work, inputs, key, digest, at: null };
  });
}

/** The plan of a sweep over what earlier ones have recorded; `lost`: units whose results the store has lost. */
function planned(changes: Changes, recorded: readonly DoneWork[], lost: readonly string[] = []): PlannedWork[] {
  const results = new Map<string, string | null>();
  return described(changes).map((work): PlannedWork => {
    const inputs = work.inputs.map(({ unit }) => ({ unit, digest: results.get(unit) ?? null }));
    const key = inputs.every(({ digest }) => digest !== null) ? digestOfJson({ ...work, inputs }) : null;
    const found = recorded.find((one) => one.key === key && !lost.includes(one.unit))?.digest;
    const digest = work.step === 'scan' ? digestOfJson({ files: changes.files ?? 'a' }) : (found ?? null);
    results.set(work.unit, digest);
    return { ...work, inputs, key, digest, cached: digest !== null && digest === found };
  });
}

function explain(
  changes: Changes,
  recorded: readonly DoneWork[],
  more: Partial<ExplainSources> = {},
  lost: readonly string[] = [],
) {
  const sources = { recorded, casesOfScans: new Map(), checkpoints: new Map(), ...more };
  return explainUnits({ planned: planned(changes, recorded, lost), ...sources });
}

const verdicts = (explanations: ReturnType<typeof explain>): string[] => explanations.map(({ verdict }) => verdict);

describe('why a unit is computed', () => {
  it('is that it is new, or else nothing is computed', () => {
    assert.deepEqual(verdicts(explain({}, [])), ['new', 'new', 'new', 'new']);
    assert.deepEqual(verdicts(explain({}, done())), ['cached', 'cached', 'cached', 'cached']);
    assert.deepEqual(countCauses(explain({}, done())), []);
  });

  it('is the setting that changed, with both values, in the first unit that reads it', () => {
    const explanations = explain({ rate: 0.4 }, done());
    assert.deepEqual(verdicts(explanations), ['cached', 'changed', 'changed', 'changed']);
    const rate = { component: 'rate', before: 0.5, now: 0.4 };
    for (const one of explanations.slice(1)) {
      assert.deepEqual(one.causes, [{ unit: 'train flat/lr/ce/fold-0', differences: [rate] }], one.unit);
    }
    assert.deepEqual(explanations[1]?.differences, [rate]);
    assert.deepEqual(explanations[1].unchanged, ['version 1', 'scan flat']);
    assert.deepEqual(explanations[2]?.unchanged, ['version 1', 'scan flat']);
    assert.deepEqual(countCauses(explanations), [
      { because: 'train: rate 0.5 → 0.4', units: 3, steps: { train: 1, evaluate: 1, report: 1 } },
    ]);
  });

  it('is told in one line, however many changes there are', () => {
    assert.equal(shortReason('a: 1 → 2; b: 1 → 2; c: 1 → 2'), 'a: 1 → 2; b: 1 → 2; c: 1 → 2');
    assert.equal(shortReason('a; b; c; d'), 'a; b; c; and 1 more change (--why)');
    assert.equal(shortReason('a; b; c; d; e'), 'a; b; c; and 2 more changes (--why)');
    const units = ['train flat/lr/ce/fold-0', 'train flat/lr/ce/fold-1'];
    const difference = { component: 'missing inputs', before: units, now: [] };
    assert.equal(wordsOfDifference(difference), 'missing inputs 2 → 0');
  });

  it('is judged against the nearest of all earlier units, not the last one', () => {
    const explanations = explain({ rate: 0.4 }, [...done(), ...done({ rate: 0.3, seed: 7 })]);
    assert.deepEqual(explanations[1]?.differences, [{ component: 'rate', before: 0.5, now: 0.4 }]);
  });

  it('is not judged against a report of other data sets', () => {
    const others = done().map((work) => ({
      ...work,
      unit: work.unit.replace('flat', 'solid'),
      inputs: work.inputs.map((input) => ({ ...input, unit: input.unit.replace('flat', 'solid') })),
    }));
    const report = explain({ rate: 0.1 }, others).at(-1);
    assert.deepEqual([report?.unit, report?.verdict, report?.causes], ['report', 'new', []]);
  });

  it('is a version of its step or other data, named by what happened to its cases', () => {
    const newer = explain({ version: 2 }, done());
    assert.deepEqual(newer[1]?.differences, [{ component: 'version of the step', before: 1, now: 2 }]);
    const casesOfScans = new Map([
      [
        digestOfJson({ files: 'a' }),
        new Map([
          ['one', '1'],
          ['two', '2'],
        ]),
      ],
      [
        digestOfJson({ files: 'b' }),
        new Map([
          ['two', '3'],
          ['three', '4'],
        ]),
      ],
    ]);
    const explanations = explain({ files: 'b' }, done(), { casesOfScans });
    assert.deepEqual(verdicts(explanations), ['changed', 'changed', 'changed', 'changed']);
    const data = { added: ['three'], removed: ['one'], changed: ['two'] };
    assert.deepEqual(explanations[3]?.causes, [{ unit: 'scan flat', differences: [], data }]);
    assert.deepEqual(
      countCauses(explanations).map(({ because }) => because),
      ['scan flat: 1 case added, 1 case removed, 1 case changed'],
    );
  });

  it('is a result that the store has lost, for which others wait', () => {
    const explanations = explain({}, done(), {}, ['train flat/lr/ce/fold-0', 'report']);
    assert.deepEqual(verdicts(explanations), ['cached', 'lost', 'waiting', 'waiting']);
    assert.equal(countCauses(explanations)[0]?.because, 'results are missing from the store');
  });

  it('is an interruption, after which a training goes on from its checkpoint', () => {
    const key = done({ rate: 0.4 })[1]?.key ?? '';
    const explanations = explain({ rate: 0.4 }, done(), { checkpoints: new Map([[key, 3]]) });
    assert.deepEqual([explanations[1]?.verdict, explanations[1]?.epoch], ['resumable', 3]);
  });
});
