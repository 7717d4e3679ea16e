import { inspectBinding, installBinding, loadTensorFlow } from './parts/binding.mjs';
import { build, inspectBuild } from './parts/build.mjs';
import { readJson, writeAtomically } from './system/files.mjs';
import { inspectPackages, installPackages } from './parts/packages.mjs';
import { inspectPrerequisites } from './prerequisites.mjs';
import { SetupProblem } from './system/problem.mjs';
import { openStaging } from './system/staging.mjs';
import { fetchTemporalCli, inspectTemporalCli } from './parts/temporal-cli.mjs';
import { fetchTensorFlow, inspectTensorFlow } from './parts/tensorflow.mjs';

/**
 * The state of every part of set-up. Changes nothing.
 *
 * @param {import('./context.mjs').Context} context
 * @param {{thorough?: boolean, everything?: boolean}} options thorough: digest the libraries instead of trusting size
 *   and modification time; everything: also inspect tools that are not needed at present
 */
async function inspectAll(context, options) {
  const packages = await inspectPackages(context);
  const tensorflow = await inspectTensorFlow(context, options);
  const binding = await inspectBinding(context, tensorflow.tensorflow);
  const temporal = await inspectTemporalCli(context, options);
  const built = await inspectBuild(context);
  const needs = {
    changes: ![packages, tensorflow, binding, temporal, built].every(({ ok }) => ok),
    packages: !packages.ok,
    downloads: ![tensorflow, temporal].every(({ ok, given }) => ok || given === true),
    compiler: !binding.ok,
    cacheMegabytes: tensorflow.ok ? 0 : (context.pins.tensorflow.variants[tensorflow.variant]?.diskMegabytes ?? 0),
  };
  const prerequisites = await inspectPrerequisites(context, needs, options);
  return { prerequisites, packages, tensorflow, binding, temporal, build: built };
}

/**
 * The rows that `--check` and `volbias doctor` print.
 *
 * @returns {Promise<{name: string, ok: boolean, found: string, advice: string}[]>}
 */
export async function checkSetup(context) {
  const state = await inspectAll(context, { thorough: true, everything: true });
  const { tensorflow, binding } = state;
  const rows = [
    { name: 'Node.js', ok: true, found: process.versions.node, advice: '' },
    ...state.prerequisites,
    { name: 'npm packages', ...state.packages },
    { ...tensorflow, name: `TensorFlow ${tensorflow.name}`.trim() },
    { name: 'TensorFlow binding', ...binding },
    { name: 'Temporal CLI', ...state.temporal },
    { name: 'build', ...state.build },
  ];
  if (state.packages.ok && tensorflow.ok && binding.ok) {
    rows.splice(-2, 0, { name: 'TensorFlow loads', ...(await loadTensorFlow(context, tensorflow.tensorflow)) });
  }
  return rows.map(({ name, ok, found, advice }) => ({ name, ok, found, advice }));
}

/**
 * Installs and builds whatever is missing or outdated, and prints one line for each part.
 *
 * @param {import('./context.mjs').Context} context
 */
export async function setUp(context, { thorough = false } = {}) {
  let state = await inspectAll(context, { thorough });
  refuseMissing(context, state);
  const parts = [state.packages, state.tensorflow, state.binding, state.temporal, state.build];
  if (!parts.every(({ ok }) => ok)) {
    const staging = await openStaging(context);
    state = await inspectAll(context, { thorough });
    await completeParts(context, state, staging, thorough);
  } else {
    await completeParts(context, state, '', thorough);
  }
}

/** Completes the parts in order of dependency; a part that is in order is only reported. */
async function completeParts(context, state, staging, thorough) {
  const { log } = context;
  if (!state.packages.ok) await installPackages(context);
  log.line(`npm packages: ${state.packages.ok ? state.packages.found : 'installed'}`);

  let { tensorflow } = state;
  if (!tensorflow.ok) {
    await fetchTensorFlow(context, tensorflow.variant, staging);
    tensorflow = await inspectTensorFlow(context);
  }
  log.line(`TensorFlow ${tensorflow.name}: ${state.tensorflow.ok ? tensorflow.found : 'installed in the cache'}`);

  const known = await inspectBinding(context, tensorflow.tensorflow);
  const made = known.ok
    ? { binding: known.binding, how: known.found }
    : await installBinding(context, tensorflow.tensorflow, staging);
  log.line(`TensorFlow binding: ${made.how}`);

  let { temporal } = state;
  if (!temporal.ok) {
    await fetchTemporalCli(context, staging);
    temporal = await inspectTemporalCli(context, { thorough });
  }
  log.line(`Temporal CLI ${temporal.found}`);

  const { binding } = made;
  await writeRecord(context, {
    version: 1,
    temporalCli: temporal.temporalCli,
    tensorflow: tensorflow.tensorflow,
    binding,
  });
  if (!state.build.ok) await build(context);
  log.line(`build: ${state.build.ok ? state.build.found : 'done'}`);
}

async function writeRecord(context, record) {
  const before = await readJson(context.recordFile);
  if (JSON.stringify(before) === JSON.stringify(record)) return;
  await writeAtomically(context.recordFile, `${JSON.stringify(record, undefined, 2)}\n`);
}

/** Reports all missing prerequisites at once, each with advice, and settings that point to nothing usable. */
function refuseMissing({ installed }, { prerequisites, tensorflow, temporal, build: built }) {
  const faults = prerequisites.filter(({ ok }) => !ok);
  // What is compiled comes with the package.
  if (installed && !built.ok) faults.push({ ...built, name: 'compiled code' });
  // A path in a setting belongs to the user: set-up does not replace it.
  const given = [
    { ...tensorflow, name: 'TensorFlow' },
    { ...temporal, name: 'Temporal CLI' },
  ];
  faults.push(...given.filter(({ ok, given: named }) => !ok && named === true));
  if (faults.length === 0) return;
  const lines = faults.map(({ name, found, advice }) => `  ${name}: ${found}\n    → ${advice}`);
  throw new SetupProblem('something is missing or unusable', lines.join('\n'));
}
