import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { checkLock } from '../../../domain/lock/lock-check.js';
import { frozenOf, type Frozen, type Lock, type LockableConfig } from '../../../domain/lock/lock.js';
import { canonicalJson, digestOfJson } from '../../../domain/plan/key.js';
import { lockNotice } from '../../../domain/report/page/lock-notice.js';

const dataSets = ['a', 'b'].map((name) => ({
  name,
  path: `/data/${name}`,
  participants: `/data/${name}.csv`,
  modalities: ['T1'],
}));

const config: LockableConfig & Readonly<Record<string, unknown>> = {
  name: 'lesions',
  seed: 1,
  dataSets,
  arms: { models: ['unet'], losses: ['ce', 'sd', { kind: 'focal', gamma: 2 }] },
  training: { maxEpochs: 6 },
  evaluation: { grid: 'native' },
  statistics: { significance: 0.05, correction: 'none' },
};

const [one, other] = ['1'.repeat(64), '2'.repeat(64)];
const found = {
  data: { a: { digest: one, cases: 4, files: 8 }, b: { digest: one, cases: 4, files: 8 } },
  splits: { a: { digest: one, cases: [2, 2] }, b: { digest: one, cases: [2, 2] } },
  steps: { train: 4, report: 5 },
};
const frozen = frozenOf(config, found);
const lock: Lock = { version: 1, name: 'lesions', lockedAt: '2026-11-28T21:05:00.000Z', ...frozen };

/** The deviations, as lines. */
function deviationsOf(now: Frozen, locked: Lock = lock): string[] {
  return checkLock(locked, now).deviations.map(
    ({ name, before, now: own }) => `${name}: ${JSON.stringify(before)} → ${JSON.stringify(own)}`,
  );
}

describe('a lock', () => {
  it('freezes arms, tests and the primary outcome, and leaves out where data lie', () => {
    assert.deepEqual(frozen.arms, ['unet/ce', 'unet/sd', 'unet/focal-2']);
    assert.deepEqual(frozen.tests, config.statistics);
    assert.deepEqual(frozen.primaryOutcome, { measure: 'volumeError', grid: 'native', difference: ['sd', 'ce'] });
    assert.doesNotMatch(canonicalJson(frozen), /\/data\//);
    const arms = (losses: LockableConfig['arms']['losses']): unknown =>
      frozenOf({ ...config, arms: { models: ['lr'], losses } }, found).primaryOutcome.difference;
    assert.deepEqual(arms(['sd', 'ce']), ['sd', 'ce']);
    assert.deepEqual(arms(['ce', 'softJaccard']), ['softJaccard', 'ce']);
    assert.equal(arms(['sd']), null);
  });

  it('is kept by a sweep that is as planned, wherever its data lie and in whatever order its data sets are', () => {
    const moved = {
      ...config,
      dataSets: config.dataSets
        .map((set) => ({ ...set, path: '/elsewhere', images: '/more', masks: '/less', participants: '/other.csv' }))
        .reverse(),
    };
    assert.deepEqual(deviationsOf(frozenOf(moved, found)), []);
    assert.equal(checkLock(lock, frozen).digest, digestOfJson(lock));
  });

  it('names each deviation of settings, arms, tests, data, folds and steps with both values', () => {
    const changed = {
      ...config,
      arms: { models: ['unet'], losses: ['ce', 'sd'] },
      training: { maxEpochs: 60 },
      evaluation: { grid: 'working' },
      statistics: { significance: 0.1, correction: 'none' },
    } as const;
    const now = frozenOf(changed, {
      data: { ...found.data, b: { digest: other, cases: 5, files: 10 } },
      splits: { ...found.splits, b: { digest: other, cases: [3, 2] } },
      steps: { train: 5, report: 5 },
    });
    assert.deepEqual(deviationsOf(now), [
      'arms: ["unet/ce","unet/sd","unet/focal-2"] → ["unet/ce","unet/sd"]',
      'data.b.cases: 4 → 5',
      `data.b.digest: "${one}" → "${other}"`,
      'data.b.files: 8 → 10',
      'primaryOutcome.grid: "native" → "working"',
      'settings.evaluation.grid: "native" → "working"',
      'settings.training.maxEpochs: 6 → 60',
      'splits.b.cases: [2,2] → [3,2]',
      `splits.b.digest: "${one}" → "${other}"`,
      'steps.train: 4 → 5',
      'tests.significance: 0.05 → 0.1',
    ]);
  });

  it('says which data sets were not there, and takes what could not be prepared for no deviation', () => {
    const early = { ...lock, data: { ...lock.data, b: null }, splits: { ...lock.splits, b: null } };
    assert.deepEqual(deviationsOf(frozen, early), []);
    assert.deepEqual(checkLock(early, frozen).unlocked, ['b']);
    const failed = { ...frozen, splits: { ...frozen.splits, a: null }, steps: { report: 5 } };
    assert.deepEqual(deviationsOf(failed), []);
  });

  it('is stated near the top of the report, with each deviation', () => {
    assert.equal(lockNotice(undefined).source, '');
    const kept = lockNotice(checkLock(lock, frozen)).source;
    assert.match(
      kept,
      /Locked on 2026-11-28 21:05 UTC by its own account \(SHA-256 <code>[0-9a-f]{64}<\/code>\): no deviations\. /,
    );
    assert.match(kept, /Primary outcome: volume error ΔV, paired difference SD − CE, on the native grid/);
    const now = { ...frozen, tests: { significance: '<b>' } };
    const broken = lockNotice(checkLock({ ...lock, data: { a: null } }, now)).source;
    assert.match(broken, /class="warning".*<strong>2 deviations<\/strong>/s);
    assert.match(broken, /<code>tests\.significance<\/code>: 0\.05 → &quot;&lt;b&gt;&quot;/);
    assert.match(broken, /<code>tests\.correction<\/code>: &quot;none&quot; → not set/);
    assert.match(broken, /Not there when it was locked, .*: a\./);
  });
});
