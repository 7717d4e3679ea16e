/**
 * Who may import whom: at least one rule for each room. "Types" means `import type`, which leaves nothing at run time.
 * A rule that does not exempt types applies to them as well.
 */

const rooms = 'activities cli configs contracts domain learning scripts steps storage test worker workflows'.split(' ');

/** Patterns of the paths inside the given rooms, or of the given files. */
const inside = (...places) =>
  places.map((place) => `^${place.includes('.') ? place.replaceAll('.', '\\.') + '$' : place + '/'}`);

/** Patterns of the npm packages with the given names, wherever npm has installed them. */
const packages = (...names) => names.map((name) => `(^|/)node_modules/${name}/`);

const builtIn = (name) => `^(node:)?${name}$`;
const builtIns = (names) => names.split(' ').map(builtIn);

/** The room may import what is listed and nothing else. */
const only = (name, comment, from, allowed, extra = {}) => ({
  name,
  comment,
  severity: 'error',
  from: typeof from === 'string' ? { path: inside(from) } : from,
  to: { pathNot: allowed, ...extra },
});

/** The same for run-time imports only: a second rule says where types may come from. */
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
      'What crosses Temporal is described in the types of these rooms only.',
      'contracts',
      inside('contracts', 'configs', 'domain'),
    ),
    only('configs-stand-alone', 'The config schema depends on zod and on no other room.', 'configs', [
      ...inside('configs'),
      ...packages('zod'),
    ]),
    only(
      'domain-computes-only',
      'domain/ is pure: no disk, clock, network, Temporal or TensorFlow, so that a number depends on its inputs alone.',
      { path: inside('domain'), pathNot: inside('domain/plan', 'domain/formats') },
      [...inside('domain'), ...packages('@noble/hashes', 'csv-stringify', 'd3-contour', 'd3-scale', 'd3-shape')],
    ),
    only(
      'formats-compute-only',
      'Only domain/formats/ uses nifti-reader-js: it checks the input and knows what the library misreads.',
      'domain/formats',
      [...inside('domain'), ...packages('@noble/hashes', 'nifti-reader-js')],
    ),
    onlyAtRunTime(
      'plan-is-replayed',
      'Workflows call domain/plan/, so Temporal replays whatever it calls, for years: it calls only itself.',
      'domain/plan',
      [...inside('domain/plan', 'domain/domain-error.ts'), ...packages('@noble/hashes', 'canonicalize')],
    ),
    only(
      'plan-imports-types-of-domain-contracts-and-configs',
      'The plan leads from a config to the graph of units: it needs only the types of these.',
      'domain/plan',
      [...inside('domain', 'contracts', 'configs'), ...packages('@noble/hashes', 'canonicalize')],
    ),
    {
      name: 'pipeline-enters-the-theory-by-its-prediction',
      comment:
        'The pipeline imports only domain/theory/prediction/, which minimises with domain/theory/analysis/; figures and tables of ' +
        'the theory are for `volbias theory`.',
      severity: 'error',
      from: {
        path: inside(...rooms),
        pathNot: inside('domain/theory', 'cli', 'test'),
      },
      to: { path: inside('domain/theory'), pathNot: inside('domain/theory/prediction') },
    },
    only(
      'learning-knows-tensors-only',
      'learning/ is TensorFlow over arrays: its caller reads and writes files, so it can be tested without any.',
      'learning',
      // node:module, because a native binding has no `import`.
      [...inside('learning', 'domain'), ...packages('@noble/hashes', '@tensorflow/[^/]+'), builtIn('module')],
    ),
    only(
      'storage-knows-no-engine',
      'storage/ is everything on disk; reading a lineage must not require Temporal or TensorFlow.',
      'storage',
      [
        ...inside('storage', 'domain', 'contracts', 'configs'),
        ...packages('sharp', 'csv-parse', 'yaml', 'zod', 'tar-stream', 'fzstd', '@bokuweb/zstd-wasm'),
        ...packages('@aws-sdk/client-s3'),
        ...builtIns(
          'child_process crypto events fs fs/promises os path stream stream/promises timers/promises url util zlib',
        ),
      ],
    ),
    {
      name: 'storage-starts-flock-only',
      comment: 'storage/ starts no processes; Node has no flock, so the lock of a file needs the program of this name.',
      severity: 'error',
      from: { path: inside('storage'), pathNot: inside('storage/files/file-lock.ts') },
      to: { path: builtIn('child_process') },
    },
    only(
      'workflows-decide-only',
      'workflows/ is deterministic; it sees activities only as types in contracts/, so neither imports the other.',
      'workflows',
      [
        ...inside('workflows', 'contracts', 'domain/plan', 'domain/domain-error.ts'),
        ...packages('@temporalio/(workflow|common)'),
      ],
    ),
    only(
      'activities-are-thin',
      'activities/ are the steps as Temporal sees them; worker/ passes in what starts processes, which workflows never see.',
      'activities',
      [
        ...inside('activities', 'contracts', 'domain', 'steps', 'storage'),
        ...packages('@temporalio/activity', '@temporalio/client', '@temporalio/common'),
      ],
    ),
    only(
      'steps-join-the-rooms-that-work',
      'steps/ says what each step reads, makes and does; the engine, processes and the terminal belong elsewhere.',
      'steps',
      [
        ...inside('steps', 'contracts', 'configs', 'domain', 'learning', 'storage'),
        ...packages('zod'),
        ...['os', 'path', 'worker_threads'].map(builtIn),
      ],
    ),
    {
      name: 'steps-load-tensorflow-when-they-run',
      comment:
        'The plan and the report read the steps without TensorFlow, so a step imports learning/ inside its `run`.',
      severity: 'error',
      from: { path: inside('steps') },
      to: { path: inside('learning'), dependencyTypesNot: ['type-only', 'dynamic-import'] },
    },
    {
      name: 'activities-are-handed-their-store',
      comment: 'worker/ decides which store is used; activities know only its interface (types are exempt).',
      severity: 'error',
      from: { path: inside('activities') },
      to: {
        path: '^storage/(store/(shared/)?[^/]+-artifact-store|store/shared/open-store|machine/runtime-record)[.]ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'worker-leaves-terminal-and-tests',
      comment: 'worker/ connects everything except the terminal, the tests and the scripts.',
      severity: 'error',
      from: { path: inside('worker') },
      to: { path: inside('cli', 'test', 'scripts') },
    },
    {
      name: 'worker-is-the-root',
      comment:
        'worker/ connects everything, so importing it pulls everything in. The embedded mode may use its messages and settings.',
      severity: 'error',
      from: { path: inside(...rooms), pathNot: inside('worker', 'test', 'cli') },
      to: { path: inside('worker') },
    },
    {
      name: 'cli-imports-no-computing-process',
      comment: 'cli/ is the terminal: it starts instantly and never loads TensorFlow or the engine itself.',
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
      comment: 'The embedded mode imports only the types of worker/, because the worker is a separate process.',
      severity: 'error',
      from: { path: inside('cli') },
      to: { path: inside('worker'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'scripts-stand-alone',
      comment: 'Set-up runs before anything is installed, so it may import only Node itself.',
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
        'processes that cli/ and worker/ start, the database of Temporal’s server, the build of the workflow bundle, the package\u2019s own version, and checking which inputs ' +
        'of predict exist.',
      severity: 'error',
      from: {
        path: inside('cli', 'worker', 'activities', 'steps', 'contracts', 'configs', 'domain', 'learning', 'workflows'),
        pathNot: inside(
          'cli/engine/server/server-database.ts',
          'cli/engine/server/spawn-server.ts',
          'cli/engine/embedded-worker.ts',
          'cli/main.ts',
          'cli/predict/input-cases.ts',
          'worker/bundle-workflows.ts',
        ),
      },
      to: { path: [builtIn('fs'), builtIn('fs/promises')] },
    },
    {
      name: 'no-cycles',
      comment: 'Files in an import cycle are really one file.',
      severity: 'error',
      from: { path: inside(...rooms) },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-missing-files',
      comment: 'Every import must resolve.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-development-packages-in-the-product',
      comment: 'Packages that the product needs at run time belong in dependencies.',
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
