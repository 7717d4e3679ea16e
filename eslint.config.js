import eslint from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const rooms = [
  'activities',
  'cli',
  'configs',
  'contracts',
  'domain',
  'learning',
  'steps',
  'storage',
  'test',
  'worker',
  'workflows',
];

/** Rooms where the same inputs must give the same bytes, whatever the clock, the machine or the order of work. */
const pureRooms = ['contracts', 'domain', 'learning', 'workflows'];

const impurity = (object, property, message) => ({ object, property, message });

export default defineConfig(
  globalIgnores(['dist/', 'node_modules/', '**/.*/', 'test/fixtures/']),
  eslint.configs.recommended,
  {
    files: rooms.map((room) => `${room}/**/*.ts`),
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-floating-promises': [
        'error',
        // node:test awaits its own suites and tests.
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['describe', 'it', 'test', 'suite'], package: 'node:test' },
          ],
        },
      ],
      // Numbers and booleans print as expected.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/restrict-plus-operands': ['error', { allowNumberAndString: true }],
      // Under noUncheckedIndexedAccess, typed arrays are read as `array[i] as number`. The rule would demand `!`, which
      // stays forbidden, so that every such place can be found.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      // A callback may return anything: `() => list.push(x)` is not an error.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // A callback that may or may not be async returns `void | Promise<void>`.
      '@typescript-eslint/no-invalid-void-type': 'off',
      // Object literals may stand for tfjs-node's classes, which are plain records.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Only plain ASCII is spread into characters, never text that people read.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      eqeqeq: ['error', 'smart'],
      'no-console': 'error',
      'max-lines': ['error', { max: 250 }],
    },
  },
  {
    files: pureRooms.map((room) => `${room}/**/*.ts`),
    rules: {
      'no-restricted-properties': [
        'error',
        impurity('Math', 'random', 'Randomness comes from a RandomStream argument.'),
        impurity('Date', 'now', 'No clock here: pass the time, or measure it outside.'),
        impurity('performance', 'now', 'No clock here: pass the time, or measure it outside.'),
        impurity('process', 'env', 'Settings come as arguments.'),
      ],
      'no-restricted-globals': [
        'error',
        ...['process', 'globalThis', 'fetch', 'WebSocket', 'crypto', 'setTimeout', 'setInterval'].map((name) => ({
          name,
          message: 'No system, network, clock or randomness here: pass what is needed as an argument.',
        })),
      ],
      'no-restricted-syntax': [
        'error',
        { selector: "CallExpression[callee.name='Date']", message: 'No clock here: pass the time.' },
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'No clock here: pass the time.' },
      ],
    },
  },
  {
    // Only the command line prints.
    files: ['cli/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // A test may be async without awaiting anything.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    // A page's scripts run in a browser.
    files: ['cli/watch/page/*.js'],
    languageOptions: { globals: { document: 'readonly', EventSource: 'readonly' } },
    rules: {
      'no-restricted-properties': [
        'error',
        ...['innerHTML', 'outerHTML', 'insertAdjacentHTML'].map((property) => ({
          property,
          message: 'Names come from configs and files: set them as text.',
        })),
      ],
    },
  },
  {
    files: ['scripts/**/*.mjs', '*.js', '*.cjs'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'AbortController',
          'clearInterval',
          'clearTimeout',
          'console',
          'fetch',
          'module',
          'performance',
          'process',
          'setInterval',
          'setTimeout',
          'URL',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
);
