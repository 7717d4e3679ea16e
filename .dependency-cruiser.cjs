/**
 * Who may import whom: one rule for each room. "types" means `import type`, which leaves nothing at run time; rules
 * that do not say so hold for types as well.
 */

const rooms = [
  'activities',
  'cli',
  'configs',
  'contracts',
  'domain',
  'learning',
  'scripts',
  'steps',
  'storage',
  'test',
  'worker',
  'workflows',
];

/** Paths inside the given rooms, or files. */
const inside = (...places) =>
  places.map((place) => `^${place.includes('.') ? place.replaceAll('.', '\\.') + '$' : place + '/'}`);

/** The npm packages with the given names, wherever npm has put them. */
const packages = (...names) => names.map((name) => `(^|/)node_modules/${name}/`);

const builtIn = (name) => `^(node:)?${name}$`;

/** A room may import what is listed, and nothing else. */
const only = (name, comment, from, allowed, extra = {}) => ({
  name,
  comment,
  severity: 'error',
  from: typeof from === 'string' ? { path: inside(from) } : from,
  to: { pathNot: allowed, ...extra },
});

/** The same for what is left at run time: types may come from the rooms that a second rule allows. */
const onlyAtRunTime = (name, comment, from, allowed) =>
  only(name, comment, from, allowed, { dependencyTypesNot: ['type-only'] });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    onlyAtRunTime(
      'contracts-do-nothing',
      'contracts/ is what crosses Temporal: workflows load it, so at run time it may import nothing but itself.',
      'contracts',
      inside('contracts'),
    ),
    only(
      'contracts-import-types-of-configs-and-domain',
      'What crosses Temporal is described by these words only.',
      'contracts',
      inside('contracts', 'configs', 'domain'),
    ),
    only('configs-stand-alone', "The config's form depends on zod and on nothing of ours.", 'configs', [
      ...inside('configs'),
      ...packages('zod'),
    ]),
    only(
      'domain-computes-only',
      'domain/ is pure: no disk, clock, network, Temporal or TensorFlow, so that a number depends on its inputs alone.',
      { path: inside('domain'), pathNot: inside('domain/plan', 'domain/formats') },
      [...inside('domain'), ...packages('@noble/hashes', 'csv-stringify', 'd3-scale', 'd3-shape')],
    ),
    only(
      'formats-compute-only',
      'nifti-reader-js is for domain/formats/, which checks what it is given and knows what it misreads.',
      'domain/formats',
      [...inside('domain'), ...packages('@noble/hashes', 'nifti-reader-js')],
    ),
    onlyAtRunTime(
      'plan-is-replayed',
      'Workflows call domain/plan/, so whatever it calls is replayed by Temporal for years: it calls itself only.',
      'domain/plan',
      [...inside('domain/plan', 'domain/domain-error.ts'), ...packages('@noble/hashes', 'canonicalize')],
    ),
    only(
      'plan-imports-types-of-domain-contracts-and-configs',
      'From a config to the graph of units: nothing but the words for these.',
      'domain/plan',
      [...inside('domain', 'contracts', 'configs'), ...packages('@noble/hashes', 'canonicalize')],
    ),
    {
      name: 'pipeline-needs-the-prediction-only',
      comment:
        'Of the theory the pipeline uses domain/theory/prediction/; the rest is the product behind `volbias theory`.',
      severity: 'error',
      from: {
        path: inside(...rooms),
        pathNot: inside('domain/theory/analysis', 'domain/theory/figures', 'cli', 'test'),
      },
      to: { path: inside('domain/theory'), pathNot: inside('domain/theory/prediction') },
    },
    only(
      'learning-knows-tensors-only',
      'learning/ is TensorFlow over arrays: files come and go through its caller, so that it can be tested without any.',
      'learning',
      // node:module, because a native binding has no `import`.
      [...inside('learning', 'domain'), ...packages('@noble/hashes', '@tensorflow/[^/]+'), builtIn('module')],
    ),
    only(
      'storage-knows-no-engine',
      'storage/ is disk and buckets; whoever reads a lineage must not need Temporal or TensorFlow for it.',
      'storage',
      [
        ...inside('storage', 'domain', 'contracts', 'configs'),
        ...packages('sharp', 'csv-parse', 'yaml', 'zod'),
        ...[
          'crypto',
          'fs',
          'fs/promises',
          'os',
          'path',
          'stream',
          'stream/promises',
          'timers/promises',
          'url',
          'util',
          'zlib',
        ].map(builtIn),
      ],
    ),
    only(
      'workflows-decide-only',
      'workflows/ is deterministic; it sees activities as the types in contracts/, so that neither drags the other in.',
      'workflows',
      [
        ...inside('workflows', 'contracts', 'domain/plan', 'domain/domain-error.ts'),
        ...packages('@temporalio/workflow'),
      ],
    ),
    only(
      'activities-are-thin',
      'activities/ are the steps as Temporal sees them; what starts processes is handed in by worker/, and workflows never meet it.',
      'activities',
      [
        ...inside('activities', 'contracts', 'domain', 'steps', 'storage'),
        ...packages('@temporalio/activity', '@temporalio/client', '@temporalio/common'),
      ],
    ),
    only(
      'steps-join-the-rooms-that-work',
      'steps/ says what each step reads, makes and does; the engine, processes and the terminal are for others.',
      'steps',
      [
        ...inside('steps', 'contracts', 'configs', 'domain', 'learning', 'storage'),
        ...packages('zod'),
        ...['os', 'path', 'worker_threads', 'zlib'].map(builtIn),
      ],
    ),
    {
      name: 'steps-load-tensorflow-when-they-run',
      comment: 'plan and the report read the steps without TensorFlow, so a step imports learning/ inside its `run`.',
      severity: 'error',
      from: { path: inside('steps') },
      to: { path: inside('learning'), dependencyTypesNot: ['type-only', 'dynamic-import'] },
    },
    {
      name: 'activities-are-handed-their-store',
      comment: 'Which store it is, is decided in worker/; activities know the interface (types are free).',
      severity: 'error',
      from: { path: inside('activities') },
      to: {
        path: '^storage/(store/[^/]+-artifact-store|machine/runtime-record)[.]ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'worker-leaves-terminal-and-tests',
      comment: 'worker/ joins everything but the terminal and the tests.',
      severity: 'error',
      from: { path: inside('worker') },
      to: { path: inside('cli', 'test', 'scripts') },
    },
    {
      name: 'worker-is-the-root',
      comment:
        'worker/ is where things are put together; who imports it drags everything in. The embedded mode may name its messages and settings.',
      severity: 'error',
      from: { path: inside(...rooms), pathNot: inside('worker', 'test', 'cli') },
      to: { path: inside('worker') },
    },
    {
      name: 'cli-imports-no-computing-process',
      comment: 'cli/ is the terminal: it starts in an instant and never loads TensorFlow or the engine itself.',
      severity: 'error',
      from: { path: inside('cli') },
      to: {
        path: [
          ...inside('activities', 'learning', 'workflows', 'test', 'scripts'),
          ...packages('@tensorflow/[^/]+', '@temporalio/(worker|activity|workflow|core-bridge)'),
        ],
      },
    },
    {
      name: 'cli-starts-worker-by-its-entry',
      comment:
        "Of worker/ the embedded mode knows the entry's messages and settings as types; the worker is another process.",
      severity: 'error',
      from: { path: inside('cli') },
      to: { path: inside('worker'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'scripts-stand-alone',
      comment: 'Set-up runs before anything is installed: node itself and nothing else.',
      severity: 'error',
      from: { path: inside('scripts') },
      to: { pathNot: inside('scripts'), dependencyTypesNot: ['core'] },
    },
    {
      name: 'nothing-imports-scripts-or-tests',
      comment: 'The product must not depend on set-up or on its own tests.',
      severity: 'error',
      from: { path: inside(...rooms), pathNot: inside('scripts', 'test') },
      to: { path: inside('scripts', 'test') },
    },
    {
      name: 'files-are-for-storage',
      comment:
        'Files are read and written in storage/, where errors name them and writes are atomic. Exceptions: logs and folders of the ' +
        'processes that cli/ and worker/ start, the build of the workflow bundle, the package\u2019s own version, and looking which inputs ' +
        'of predict exist.',
      severity: 'error',
      from: {
        path: inside('cli', 'worker', 'activities', 'steps', 'contracts', 'configs', 'domain', 'learning', 'workflows'),
        pathNot: inside(
          'cli/engine/embedded-server.ts',
          'cli/engine/embedded-worker.ts',
          'cli/main.ts',
          'cli/predict/input-cases.ts',
          'worker/bundle-workflows.ts',
          'worker/child-process-runner.ts',
        ),
      },
      to: { path: [builtIn('fs'), builtIn('fs/promises')] },
    },
    {
      name: 'no-cycles',
      comment: 'A cycle means that two files are one.',
      severity: 'error',
      from: { path: inside(...rooms) },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-missing-files',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-development-packages-in-the-product',
      comment: 'What runs must be in dependencies.',
      severity: 'error',
      from: { path: inside(...rooms), pathNot: inside('test') },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist/', '^test/fixtures/', '^\\.(?!\\.?/)'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
