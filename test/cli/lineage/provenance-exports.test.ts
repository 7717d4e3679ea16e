import assert from 'node:assert/strict';
import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { exportProvenance, type ProvenanceRequest } from '../../../cli/lineage/export-provenance.js';
import { operatorName } from '../../../storage/machine/operator.js';
import { assertEnded, onFolder, runCommandLine, type CommandLineResult } from '../../support/command-line.js';
import { writeNamedPatients, type NamedPatients } from '../../support/data/named-patients.js';
import { check, formsOf, needing, textsOf, type MlflowAnswer } from '../../support/exports.js';
import { killProcessesOf, processesCanBeFound } from '../../support/processes.js';
import { filesBelow, sweepIdOf } from '../../support/sweeps/sweep-folders.js';
import { openTestStore } from '../../support/sweeps/test-store.js';
import { tinyConfig, tinyLearningRates, writeConfig } from '../../support/sweeps/tiny-config.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('provenance-exports');
const folder = join(root, 'data of the clinic');
const project = openTestStore(folder);
const formats = ['ro-crate', 'prov', 'openlineage', 'in-toto', 'mlflow'] as const;
type Format = (typeof formats)[number];

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const signingKey = join(root, 'signing-key.pem');
const verifyingKey = join(root, 'verifying-key.pem');
const pseudonymKey = join(root, 'pseudonym-key');

describe('the provenance of a sweep, exported', { skip, concurrency: 1 }, () => {
  let patients: NamedPatients;
  let sweep: string;

  const exported = async (format: Format, name: string, more: Partial<ProvenanceRequest> = {}): Promise<string> => {
    const output = join(root, name);
    const key = format === 'in-toto' ? { key: signingKey } : {};
    await exportProvenance(project, { sweep, format, output, privacy: 'public', ...key, ...more });
    return output;
  };
  const runExport = (...more: string[]): Promise<CommandLineResult> =>
    runCommandLine(['export', sweep, '--data-dir', folder, ...more]);

  before(async () => {
    await writeFile(signingKey, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await writeFile(verifyingKey, publicKey.export({ type: 'spki', format: 'pem' }));
    patients = await writeNamedPatients(root);
    // The U-Net's trainings diverge: the report has gaps, and messages name folders.
    const training = { learningRate: { ...tinyLearningRates, unet: 1e30 } };
    const tiny = tinyConfig({ losses: ['ce'], training, dataSet: patients.dataSet });
    const config = await writeConfig(root, { ...tiny, split: { file: patients.folds } });
    assertEnded(await runCommandLine(onFolder('run', config, folder)), 4);
    sweep = await sweepIdOf(folder, 'tiny');
    for (const format of formats) {
      await exported(format, `${format}-public`, { pseudonymKey });
      await exported(format, `${format}-private`, { privacy: 'private' });
    }
  });
  after(async () => {
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  it('names no case, participant, place, user or machine unless it is private', async () => {
    const secrets = [...patients.cases, ...patients.participants, patients.folder, patients.folds, folder, root];
    const names = [operatorName(), hostname()].map((name) => new RegExp(`(?<!\\w)${name}(?!\\w)`));
    for (const format of formats) {
      const texts = await textsOf(join(root, `${format}-public`));
      assert.ok(texts.size > 0);
      for (const [name, text] of texts) {
        for (const form of secrets.flatMap(formsOf)) assert.ok(!text.includes(form), `${format}: ${name} has ${form}`);
        for (const pattern of names) assert.doesNotMatch(text, pattern, `${format}: ${name}`);
        assert.doesNotMatch(name, /\.(png|nii|gz|safetensors|html)$/);
      }
    }
    // The search finds them where they are.
    const textOf = async (name: string): Promise<string> => [...(await textsOf(join(root, name))).values()].join('');
    for (const format of formats) {
      const text = await textOf(`${format}-private`);
      for (const id of patients.cases)
        assert.ok(
          formsOf(id).some((form) => text.includes(form)),
          `${format}: ${id}`,
        );
    }
    assert.match(await textOf('prov-private'), new RegExp(`"prov:label":"${operatorName()}"`));
  });

  it('has the same bytes each time, and other pseudonyms by another key', async () => {
    for (const format of formats) {
      const again = await exported(format, `${format}-again`, { pseudonymKey });
      assert.deepEqual(await textsOf(again), await textsOf(join(root, `${format}-public`)), format);
    }
    const other = join(root, 'prov-other');
    const printed = await runExport('--format', 'prov', '--output', other);
    assertEnded(printed, 0);
    assert.ok(printed.output.includes(`keep ${other}.pseudonym-key, and hand it to nobody`));
    const [texts, before] = [await textsOf(other), await textsOf(join(root, 'prov-public'))];
    assert.notDeepEqual(texts, before);
    // The key that was made lies beside the export, for its owner only.
    const made = await stat(`${other}.pseudonym-key`);
    assert.equal(made.mode & 0o777, 0o600);
    assert.match(await readFile(`${other}.pseudonym-key`, 'utf8'), /^[0-9a-f]{64}\n$/);
  });

  it('calls a case the same in every format', async () => {
    const table = await readFile(join(root, 'ro-crate-public', 'report', 'cases.csv'), 'utf8');
    const pseudonyms = new Set(table.match(/case-[0-9a-f]{16}/g));
    assert.equal(pseudonyms.size, patients.cases.length);
    for (const format of formats.filter((one) => one !== 'mlflow')) {
      const texts = [...(await textsOf(join(root, `${format}-public`))).values()].join('');
      assert.deepEqual(new Set(texts.match(/case-[0-9a-f]{16}/g)), pseudonyms, format);
    }
  });

  it('refuses what would mix exports or publish the key, and flags that do not belong together', async () => {
    const output = join(root, 'refused');
    const refused: [Format, Partial<ProvenanceRequest>, RegExp][] = [
      ['prov', { output: join(root, 'prov-public') }, /--output .* is not empty/],
      ['prov', { pseudonymKey: join(output, 'key') }, /lies in the export/],
      ['prov', { pseudonymKey: signingKey }, /is no key of pseudonyms/],
      ['in-toto', { key: pseudonymKey }, /expected an unencrypted Ed25519 private key/],
    ];
    for (const [format, request, words] of refused) await assert.rejects(exported(format, 'refused', request), words);
    const inToto = exportProvenance(project, { sweep, format: 'in-toto', output, privacy: 'private' });
    await assert.rejects(inToto, /needs --key/);
    const flags: [string[], RegExp][] = [
      [[], /expected --arm, to export networks, --format, to export provenance, or --bundle, to export all/],
      [['--format', 'prov', '--arm', 'lr/ce'], /cannot be used with option '--arm/],
      [['--format', 'prov', '--key', signingKey], /--key goes with --format in-toto only/],
      [['--arm', 'lr/ce', '--privacy', 'public'], /--privacy goes with a --format only/],
      [['--sweep', 'other-0123456789', '--arm', 'lr/ce'], /two sweeps given/],
    ];
    for (const [given, words] of flags) {
      const result = await runExport('--output', output, ...given);
      assertEnded(result, 2);
      assert.match(result.errors, words);
    }
    assert.deepEqual(await filesBelow(output), []);
    assertEnded(await runExport('--arm', 'lr/ce', '--output', join(root, 'networks')), 0);
  });

  it('is signed: the envelope verifies by the public key, and by no other', async () => {
    const envelope = JSON.parse(await readFile(join(root, 'in-toto-public', `${sweep}.intoto.jsonl`), 'utf8')) as {
      payload: string;
      payloadType: string;
      signatures: { keyid: string; sig: string }[];
    };
    const payload = Buffer.from(envelope.payload, 'base64');
    const [signature] = envelope.signatures;
    assert.ok(signature !== undefined && envelope.signatures.length === 1);
    // DSSE's pre-authentication encoding: "DSSEv1" and, each with its length in bytes, type and payload.
    const signed = Buffer.from(
      `DSSEv1 ${envelope.payloadType.length} ${envelope.payloadType} ${payload.length} ${payload.toString('utf8')}`,
    );
    const key = createPublicKey(await readFile(verifyingKey));
    assert.ok(verify(null, signed, key, Buffer.from(signature.sig, 'base64')));
    const other = generateKeyPairSync('ed25519').publicKey;
    assert.ok(!verify(null, signed, other, Buffer.from(signature.sig, 'base64')));
    const der = key.export({ type: 'spki', format: 'der' });
    assert.equal(signature.keyid, createHash('sha256').update(der).digest('hex'));

    const statement = JSON.parse(payload.toString('utf8')) as {
      subject: { name: string; digest: { sha256: string } }[];
      predicate: { runDetails: { byproducts: { uri?: string; digest?: { sha256: string } }[] } };
    };
    assert.deepEqual(
      statement.subject.map(({ name }) => name),
      ['cases.csv', 'significance.csv', 'table1.csv', 'table1.md', 'table1.tex', 'table1.txt'],
    );
    // That of cases.csv is the digest of the one with pseudonyms.
    for (const { name, digest } of statement.subject.slice(1)) {
      const bytes = await readFile(join(folder, 'sweeps', sweep, 'report', name));
      assert.equal(createHash('sha256').update(bytes).digest('hex'), digest.sha256, name);
    }
    const head = statement.predicate.runDetails.byproducts[0]?.digest?.sha256 ?? '';
    const results = statement.predicate.runDetails.byproducts.slice(1);
    assert.ok(results.every(({ uri, digest }) => digest === undefined && uri?.includes('hmac-sha256')));
    assertEnded(await runCommandLine(['verify', '--head', head, '--data-dir', folder]), 0);
  });

  const crateModules = ['rocrate_validator', 'rocrate'];
  it('is a Provenance Run Crate, by roc-validator', needing(crateModules), () => {
    for (const privacy of ['public', 'private']) {
      assert.match(check('check_ro_crate.py', join(root, `ro-crate-${privacy}`)), /^0 issues in \d\d+ checks$/m);
    }
  });

  it('is read as PROV by the package prov', needing(['prov']), () => {
    const { kinds, same } = JSON.parse(check('check_prov.py', join(root, 'prov-private', 'prov.json'))) as {
      kinds: Record<string, number>;
      same: boolean;
    };
    assert.ok(same);
    // scan, preprocess, 6 cases, statistics, split, 2 trainings, 2 evaluations, join, compare, report
    const { Activity, Generation, Agent, Delegation } = kinds;
    assert.deepEqual([Activity, Generation, Agent, Delegation], [17, 17, 2, 1]);
  });

  it('is made of events that OpenLineage’s classes know', needing(['openlineage.client']), () => {
    const counts: unknown = JSON.parse(
      check('check_openlineage.py', join(root, 'openlineage-public', 'openlineage.jsonl')),
    );
    // The sweep, its 17 pieces of work, and 2 trainings that have diverged.
    assert.deepEqual(counts, { START: 20, COMPLETE: 18, FAIL: 2 });
  });

  const envelopeModules = ['securesystemslib', 'cryptography', 'in_toto_attestation'];
  it('is verified by securesystemslib, and has the form of SLSA provenance', needing(envelopeModules), () => {
    const path = join(root, 'in-toto-private', `${sweep}.intoto.jsonl`);
    const statement = JSON.parse(check('check_envelope.py', path, verifyingKey)) as { predicateType: string };
    assert.equal(statement.predicateType, 'https://slsa.dev/provenance/v1');
  });

  it('opens in MLflow, with every epoch and the numbers of Table 1', needing(['mlflow']), async () => {
    const { experiment, runs, downloaded } = JSON.parse(
      check('check_mlflow.py', undefined, undefined, join(root, 'mlflow-private')),
    ) as MlflowAnswer;
    const shown = JSON.parse(
      check('check_mlflow.py', undefined, undefined, join(root, 'mlflow-public')),
    ) as MlflowAnswer;
    // Trainings may begin at the same time: then their ids, which differ, decide their order.
    const byName = (found: MlflowAnswer['runs']) => new Map(found.map(({ name, metrics }) => [name, metrics]));
    assert.deepEqual(byName(shown.runs), byName(runs));
    const [own, ...trainings] = runs;
    assert.equal(experiment, sweep);
    assert.deepEqual([own?.name, own?.status, own?.user], [sweep, 'FAILED', operatorName()]);
    const table = JSON.parse(await readFile(join(folder, 'sweeps', sweep, 'report', 'table1.json'), 'utf8')) as {
      table: { dataSets: { arms: { means: Record<string, number> }[] }[] };
    };
    const { means } = table.table.dataSets[0]?.arms[0] ?? { means: {} };
    assert.ok(Object.keys(means).length > 0);
    for (const [name, mean] of Object.entries(means)) assert.equal(own?.metrics[`flat.lr.ce.${name}`], mean, name);
    assert.ok(own?.artifacts.includes('report/report.html') && downloaded !== null);
    const names = trainings.map(({ name, status, trainingLoss }) => [name, status, trainingLoss.length]).sort();
    assert.deepEqual(names, [
      ['train flat/lr/ce/fold-0', 'FINISHED', 3],
      ['train flat/lr/ce/fold-1', 'FINISHED', 3],
      ['train flat/unet/ce/fold-0', 'FAILED', 0],
      ['train flat/unet/ce/fold-1', 'FAILED', 0],
    ]);
    for (const { parent, duration } of trainings) assert.ok(parent === own?.id && duration >= 0);
    assert.equal(trainings.find(({ name }) => name.endsWith('lr/ce/fold-0'))?.params.learningRate, '0.5');
  });
});
