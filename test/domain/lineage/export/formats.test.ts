import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import test from 'node:test';

import { exportFormats } from '../../../../domain/lineage/export/export-formats.js';
import type { ExportedSweep, ExportedUnit } from '../../../../domain/lineage/export/exported-sweep.js';
import { uuidOf, workId } from '../../../../domain/lineage/export/identifiers.js';
import { pseudonymsBy } from '../../../../domain/lineage/export/pseudonyms.js';
import { publicSweep } from '../../../../domain/lineage/export/public-sweep.js';
import { slsaStatement } from '../../../../domain/lineage/export/slsa-statement.js';

const digest = (digit: string): string => digit.repeat(64);

const scan: ExportedUnit = {
  ...{ unit: 'scan flat', step: 'scan', version: 2, key: digest('1'), sha256: digest('2'), parameters: { seed: 1 } },
  ...{ inputs: [], files: [], facts: { cases: '1 case' }, environment: { processor: 'any' }, epochs: [] },
  sources: [{ case: { dataSet: 'flat', id: 'Anna' }, role: 'label', sha256: digest('3'), path: '/home/anna/mask.png' }],
  ...{ readyAt: null, recordedAt: null },
};
const training: ExportedUnit = {
  ...{ ...scan, unit: 'train flat/lr/ce/fold-0', step: 'train', key: digest('4'), sha256: digest('5'), sources: [] },
  inputs: [{ unit: 'scan flat', sha256: scan.sha256 }],
  epochs: [{ epoch: 1, trainingLoss: 0.5, validationLoss: 0.25, learningRate: 0.1 }],
};

/** A sweep as version 0.1 has recorded it: without times. */
const sweep: ExportedSweep = {
  ...{ id: 'tiny-0123456789', name: 'tiny', specification: digest('6'), logHead: digest('7') },
  config: {
    $schema: '/home/anna/schema.json',
    dataSets: [{ name: 'flat', path: '/home/anna' }],
    split: { file: 'anna' },
  },
  steps: ['scan', 'train'].map((name) => ({ name, does: `does ${name}`, needs: [] })),
  units: [scan, training],
  failures: [{ unit: 'train flat/lr/ce/fold-1', step: 'train', kind: 'Diverged', message: 'in /home/anna', at: null }],
  report: { recorded: [], contents: [{ name: 'report.html', bytes: Buffer.from('Anna') }] },
  ...{ rows: [], means: [], startedAt: null, endedAt: null, operators: ['anna'], software: null },
};

test('a pseudonym is the HMAC-SHA-256 of what is named, by the key', () => {
  const key = Buffer.alloc(32, 7);
  const expected = (message: string): string => createHmac('sha256', key).update(message).digest('hex').slice(0, 16);
  const { ofCase, ofParticipant } = pseudonymsBy(key);
  assert.equal(ofCase('flat', 'Zoë "Z"'), `case-${expected('["case","flat","Zoë \\"Z\\""]')}`);
  assert.equal(ofParticipant('flat', 'Anna'), `participant-${expected('["participant","flat","Anna"]')}`);
  // Neither a participant nor another data set shows that it is the same name.
  const others = [ofCase('flat', 'Anna'), ofCase('other', 'Anna'), ofParticipant('flat', 'Anna')];
  assert.equal(new Set(others.map((name) => name.replace(/^.*-/, ''))).size, 3);
});

test('a public sweep has no key and no digest of a result, which would confirm a guess of the ids that it lists', () => {
  const shown = publicSweep(sweep, pseudonymsBy(Buffer.alloc(32)));
  const written = [...Object.values(exportFormats).flatMap((make) => [...make(shown).values()]), slsaStatement(shown)]
    .map((content) => Buffer.from(content).toString('utf8'))
    .join('');
  for (const { key, sha256 } of [scan, training])
    for (const secret of [key, sha256]) assert.ok(!written.includes(secret));
  assert.ok(!written.includes(sweep.specification));
  // Inputs are found by them, as in a private export.
  assert.equal(shown.units[1]?.inputs[0]?.sha256, shown.units[0]?.sha256);
  // Of the data sets' own files they stay.
  assert.ok(written.includes(digest('3')));
});

test('a public sweep has no place, person or message, whoever has written it', () => {
  const shown = publicSweep(sweep, pseudonymsBy(Buffer.alloc(32)));
  for (const make of Object.values(exportFormats)) {
    for (const [name, content] of make(shown)) {
      assert.doesNotMatch(`${name} ${Buffer.from(content).toString('utf8')}`, /anna/i);
    }
    assert.match([...make(sweep).values()].map((content) => Buffer.from(content).toString('utf8')).join(''), /anna/i);
  }
  assert.doesNotMatch(slsaStatement(shown), /anna/i);
});

test('a public sweep does not tell in which order the ids of its cases are', () => {
  const pseudonymOf: Readonly<Record<string, string>> = { ada: 'case-1', bob: 'case-2', yan: 'case-2', zoe: 'case-1' };
  const ofCase = (_: string, id: string): string => pseudonymOf[id] ?? '';
  /** What a pipeline makes of two cases, one after the other by their ids. */
  const madeOf = (...ids: readonly string[]): ExportedSweep => {
    const own = (id: string) => ({ dataSet: 'flat', id });
    const digestOf = (id: string): string => digest(ofCase('', id).slice(-1));
    const sources = ids.map((id) => ({ case: own(id), role: 'label', sha256: digestOf(id), path: id }));
    const prepared = ids.map((id, index): ExportedUnit => {
      const times = { readyAt: `2026-01-01T00:00:0${index}.000Z`, recordedAt: `2026-01-01T00:00:0${index + 1}.000Z` };
      const source = sources.filter((one) => one.case.id === id);
      return { ...scan, unit: 'preprocess one case', case: own(id), sha256: digestOf(id), sources: source, ...times };
    });
    const inputs = prepared.map(({ unit, sha256 }, index) => ({ unit, sha256, case: own(ids[index] ?? '') }));
    const files = ids.map((id, index) => ({
      ...{ name: `probability-000${index}.nii.gz`, sha256: digestOf(id), case: own(id) },
    }));
    const parameters = { dataSet: 'flat', importedFolds: [ids] };
    return { ...sweep, units: [...prepared, { ...scan, sources }, { ...training, inputs, files, parameters }] };
  };
  const pseudonyms = { ofCase, ofParticipant: ofCase, ofDigest: (sha256: string) => sha256 };
  // Zoe is the same case as Ada, and Yan the same as Bob.
  assert.deepEqual(publicSweep(madeOf('yan', 'zoe'), pseudonyms), publicSweep(madeOf('ada', 'bob'), pseudonyms));
});

test('folds that a config imports have pseudonyms', () => {
  const pseudonyms = pseudonymsBy(Buffer.alloc(32));
  const parameters = { dataSet: 'flat', importedFolds: [['Anna'], ['Bert']], folds: 2 };
  const { units } = publicSweep({ ...sweep, units: [{ ...scan, parameters }] }, pseudonyms);
  const importedFolds = [[pseudonyms.ofCase('flat', 'Anna')], [pseudonyms.ofCase('flat', 'Bert')]];
  assert.deepEqual(units[0]?.parameters, { dataSet: 'flat', importedFolds, folds: 2 });
});

test('where a format demands a time that the log does not have, the first of 1970 stands for it', () => {
  const events = [...exportFormats.openlineage(sweep).values()].join('').trim().split('\n');
  const parsed = events.map((line) => JSON.parse(line) as { eventTime: string; eventType: string });
  assert.deepEqual(
    parsed.map(({ eventType }) => eventType),
    ['START', 'START', 'COMPLETE', 'START', 'COMPLETE', 'START', 'FAIL', 'COMPLETE'],
  );
  for (const { eventTime } of parsed) assert.equal(eventTime, '1970-01-01T00:00:00.000Z');
  const runs = exportFormats.mlflow(sweep);
  const metas = [...runs].filter(([name]) => name.endsWith('/meta.yaml')).map(([, text]) => String(text));
  assert.equal(metas.length, 4); // the experiment, the sweep, a training, and one that has failed
  for (const meta of metas) assert.match(meta, /^(end|creation)_time: 0$/m);
  assert.doesNotMatch([...exportFormats.prov(sweep).values()].join(''), /1970|[tT]ime"/);
});

test('work has a UUID of its own, of version 8', () => {
  const ids = [scan, training, { ...scan, sha256: digest('8') }].map((unit) => uuidOf(workId(unit)));
  assert.equal(new Set(ids).size, 3);
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
