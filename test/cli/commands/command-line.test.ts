import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { assertEnded, onFolder, runCommandLine } from '../../support/command-line.js';
import { killProcessesOf, processesCanBeFound } from '../../support/processes.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { tinyConfig, writeConfig } from '../../support/sweeps/tiny-config.js';

const verbs = [
  ...[
    'run',
    'plan',
    'status',
    'rerun',
    'report',
    'compare',
    'inspect',
    'resample',
    'validate',
    'predict',
    'export',
    'augment',
    'evaluate',
  ],
  ...['theory', 'doctor', 'server', 'worker', 'config schema', 'trace', 'why', 'verify', 'gc', 'diff'],
  ...['pause', 'resume', 'cancel', 'upgrade', 'attach', 'logs', 'lock', 'import'],
  ...['setup', 'quickstart', 'init', 'completion'],
];

describe('volbias', () => {
  it('lists its verbs', async () => {
    const result = await runCommandLine(['--help']);
    assertEnded(result, 0);
    for (const verb of verbs) assert.match(result.output, new RegExp(`^ +${verb.split(' ')[0] ?? ''}\\b`, 'm'));
  });

  for (const verb of verbs) {
    it(`${verb} --help shows an example`, async () => {
      const result = await runCommandLine([...verb.split(' '), '--help']);
      assertEnded(result, 0);
      assert.match(result.output, new RegExp(`Examples?:\\n +volbias ${verb}`));
    });
  }

  const mistakes: [what: string, args: string[], told: RegExp][] = [
    ['no verb at all', [], /Usage: volbias/],
    ['an unknown verb', ['walk'], /unknown command 'walk'/],
    ['an unknown option', ['plan', '--fast', 'test/smoke.yaml'], /unknown option '--fast'/],
    ['a missing argument', ['plan'], /missing required argument 'config'\s+\(for usage, run: volbias plan --help\)/],
    ['an argument too many', ['doctor', 'who'], /too many arguments/],
    ['a missing config', ['run', 'nowhere.yaml'], /cannot read the config nowhere\.yaml: there is no such file/],
    [
      'a config that comes with the program',
      ['plan', 'elsewhere/losses.yaml'],
      /losses\.yaml: there is no such file; volbias has one of this name: .*configs\/losses\.yaml/,
    ],
    ['a config that is a folder', ['plan', 'configs'], /cannot read the config configs: it is a folder, not a file/],
    ['rerun without saying what', ['rerun', 'some-sweep'], /--failed/],
    ['a sweep that is not there', ['report', 'some-sweep'], /there is no sweep "some-sweep"/],
    [
      'a sweep that is only begun',
      ['report', 'lesions-0'],
      /"lesions-0" is the beginning of several sweeps: lesions-0{9}1, lesions-0{9}2/,
    ],
    [
      'the name of several sweeps, with which another begins',
      ['report', 'lesions'],
      /"lesions" is the name of several sweeps: lesions-0{9}1, lesions-0{9}2\n/,
    ],
    [
      'a sweep to keep that is only begun',
      ['gc', '--keep', 'lesions-0'],
      /"lesions-0" is the beginning of several sweeps/,
    ],
    ['a worker without a server', ['worker'], /no server: pass --address or set TEMPORAL_ADDRESS/],
    [
      'a figure together with given numbers',
      ['theory', '--n', '4', '--mu', '1', '--p', '0.5', '--output', 'figures'],
      /--output applies to figures only and cannot be combined with --n/,
    ],
    ['a worker with half a thread', ['worker', '--address', 'x:1', '--threads', '0.5'], /--threads is "0\.5"/],
    [
      'a worker with some memory',
      ['worker', '--address', 'x:1', '--memory', 'some'],
      /--memory is "some", expected a size such as 500MB or 20GiB/,
    ],
  ];
  for (const [what, args, told] of mistakes) {
    it(`ends with exit code 2 for ${what}, with a message and no stack trace`, async (test) => {
      const folder = await temporaryFolder(test);
      for (const id of ['lesions-0000000001', 'lesions-0000000002', 'lesions-second-0000000003'])
        await mkdir(join(folder, 'sweeps', id), { recursive: true });
      const result = await runCommandLine(args, { environment: { VOLBIAS_DATA_DIR: folder } });
      assertEnded(result, 2);
      assert.match(result.errors, told);
      assert.doesNotMatch(result.errors, /^ +at /m);
    });
  }

  it('reports a system error in one line', async (test) => {
    const folder = await temporaryFolder(test);
    const file = join(folder, 'file');
    await writeFile(file, '');
    const result = await runCommandLine(['theory', '--output', file]);
    assertEnded(result, 1);
    assert.equal(result.errors, `volbias: ${file}: something else has this name; choose another name\n`);
  });

  it('ends with exit code 3 if the data folder is corrupt', async (test) => {
    const folder = await temporaryFolder(test);
    const sweep = join(folder, 'sweeps', 'tiny-0123456789');
    await mkdir(sweep, { recursive: true });
    await writeFile(join(sweep, 'sweep.json'), '{ "cut');
    const result = await runCommandLine(onFolder('report', 'tiny-0123456789', folder));
    assertEnded(result, 3);
    assert.match(result.errors, /^volbias: .*sweep\.json is damaged/);
  });

  it('reports an unreachable server before it starts a worker', async (test) => {
    const folder = await temporaryFolder(test);
    const result = await runCommandLine(['worker', '--address', '127.0.0.1:1', '--data-dir', folder]);
    assertEnded(result, 1);
    assert.match(result.errors, /^volbias: no Temporal server answers at 127\.0\.0\.1:1/);
  });

  it('names the variable and the file of a certificate that cannot be read', async (test) => {
    const folder = await temporaryFolder(test);
    const certificate = join(folder, 'client.pem');
    const environment = { TEMPORAL_TLS_CLIENT_CERT_PATH: certificate };
    for (const verb of [onFolder('run', 'test/smoke.yaml', folder), ['worker', '--data-dir', folder]]) {
      const result = await runCommandLine([...verb, '--address', '127.0.0.1:1'], { environment });
      assertEnded(result, 2);
      assert.match(result.errors, /cannot be read: .*client\.pem'; check TEMPORAL_TLS_CLIENT_CERT_PATH\n$/);
    }
  });

  it('reports every problem of a config with its line before anything starts', async (test) => {
    const folder = await temporaryFolder(test);
    const config = join(folder, 'broken.yaml');
    await writeFile(
      config,
      'name: try\nseed: one\ndataSets: []\narms:\n  models: [lr, lr]\n  losses: []\nsplit: { folds: 0 }\n',
    );
    for (const verb of ['run', 'plan']) {
      const data = join(folder, verb);
      const result = await runCommandLine(onFolder(verb, config, data));
      assertEnded(result, 2);
      assert.match(result.errors, /5 problems in the config/);
      for (const line of [2, 3, 5, 6, 7]) assert.match(result.errors, new RegExp(`broken\\.yaml:${line}  `));
      assert.ok(!existsSync(data), `${verb} has made a data folder`);
    }
  });

  it('refuses to run or plan with a missing data set', async (test) => {
    const folder = await temporaryFolder(test);
    const config = await writeConfig(folder, tinyConfig({ dataSet: { path: 'missing' } }));
    for (const verb of ['run', 'plan']) {
      const result = await runCommandLine(onFolder(verb, config, join(folder, 'data')));
      assertEnded(result, 2);
      assert.ok(result.errors.includes(join(folder, 'missing')), result.errors);
    }
  });

  it('shows an empty status before the first run, and creates no folder', async (test) => {
    const folder = join(await temporaryFolder(test), 'data');
    const text = await runCommandLine(['status', '--data-dir', folder]);
    assertEnded(text, 0);
    assert.match(text.output, /No sweep has run in .* yet.*volbias init FOLDER/);
    const json = await runCommandLine(['status', '--data-dir', folder, '--json']);
    assert.deepEqual(JSON.parse(json.output), []);
    assert.ok(!existsSync(folder));
  });

  it('plans every unit of a new sweep, and writes nothing', async (test) => {
    const folder = await temporaryFolder(test);
    const config = await writeConfig(folder, tinyConfig({}));
    const data = join(folder, 'data');
    const result = await runCommandLine(onFolder('plan', config, data, '--json'));
    assertEnded(result, 0);
    const { sweep, steps } = JSON.parse(result.output) as {
      sweep: string;
      steps: { step: string; total: number; cached: number; toRun: number }[];
    };
    assert.match(sweep, /^tiny-[0-9a-f]{10}$/);
    assert.deepEqual(
      steps.map(({ step, total, cached, toRun }) => [step, total, cached, toRun]),
      [
        ['scan', 1, 0, 1],
        ['preprocess', 1, 0, 1],
        ['statistics', 1, 0, 1],
        ['split', 1, 0, 1],
        ['train', 8, 0, 8],
        ['evaluate', 8, 0, 8],
        ['join', 1, 0, 1],
        ['compare', 1, 0, 1],
        ['report', 1, 0, 1],
      ],
    );
    assert.ok(!existsSync(data));
    const text = await runCommandLine(onFolder('plan', config, data));
    assert.ok(text.output.includes(`23 units to run in sweep ${sweep}`));
  });

  it('reports what the machine has and lacks, also as JSON', async () => {
    const result = await runCommandLine(['doctor', '--json']);
    const checks = JSON.parse(result.output) as { name: string; ok: boolean; found: string; advice: string }[];
    assert.ok(checks.length > 3);
    for (const { name, ok, advice } of checks) assert.ok(name !== '' && (ok || advice !== ''), name);
    assert.equal(result.code, checks.every(({ ok }) => ok) ? 0 : 1);
  });

  it('prints a JSON Schema with every key of a config', async () => {
    const result = await runCommandLine(['config', 'schema']);
    assertEnded(result, 0);
    const schema = JSON.parse(result.output) as { properties: object; additionalProperties: boolean };
    assert.equal(schema.additionalProperties, false);
    for (const key of Object.keys(tinyConfig({}))) assert.ok(key in schema.properties, key);
  });

  it('gives up and names the log if its worker cannot start', { skip: !processesCanBeFound }, async (test) => {
    const folder = await temporaryFolder(test);
    test.after(() => {
      killProcessesOf(folder);
    });
    const config = await writeConfig(folder, tinyConfig({}));
    const data = join(folder, 'data');
    const result = await runCommandLine(onFolder('run', config, data), {
      environment: { VOLBIAS_TRAINING_SLOTS: 'none' },
    });
    assertEnded(result, 1);
    const log = join(data, 'logs', 'worker.log');
    assert.ok(result.errors.includes(log), result.errors);
    const [line = ''] = (await readFile(log, 'utf8')).split('\n');
    assert.match((JSON.parse(line) as { words: string }).words, /^VOLBIAS_TRAINING_SLOTS is "none"/);
  });
});
