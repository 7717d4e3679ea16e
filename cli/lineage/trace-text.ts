import { settingsOf } from '../../domain/lineage/settings.js';
import type { Trace, TracedCase, TracedEvent, TracedWork } from '../../domain/lineage/trace.js';
import { counted, firstTen, withUnit } from '../../domain/report/words/format-number.js';
import { cut, treeLines, type Branch } from '../terminal/tree.js';

/** A trace as a tree of lines. */
export function traceText(trace: Trace): string {
  const { inputs, files, cases, actions, environment, values, unit, key, digest } = trace;
  const units = inputs.filter((work) => work.case === undefined);
  const branches: Branch[] = [
    { text: `made by ${unit}: key ${key}, sha256 ${digest}` },
    ...(values === undefined ? [] : [{ text: 'values', below: factsOf(values) }]),
    ...(cases.length === 0 ? [] : [{ text: counted(cases.length, 'case'), below: cut(cases.map(caseBranch)) }]),
    { text: counted(units.length, 'unit'), below: units.map(workBranch) },
    {
      text: `${counted(inputs.length - units.length, 'prepared case')}, ${counted(files.length, 'file')}`,
      below: cut(filesOf(trace)),
    },
    { text: 'computed on', below: environment.map(machineBranch) },
    ...(actions.length === 0 ? [] : [{ text: 'what happened', below: actions.map(eventBranch) }]),
  ];
  return [titleOf(trace), ...treeLines(branches)].join('\n');
}

function titleOf({ what, value, measuredIn, grid, cases }: Trace): string {
  if (value === null) return what;
  const size = measuredIn === null ? value : withUnit(String(value), measuredIn);
  const defined = cases.filter((one) => one.value !== null);
  const mean = cases.length === 1 ? '' : `, the mean over ${counted(defined.length, 'case')}`;
  return `${what} = ${size}${mean}${grid === null ? '' : `, on the ${grid} grid`}`;
}

function factsOf(facts: Readonly<Record<string, string | number | null>>): Branch[] {
  return Object.entries(facts).map(([name, value]) => ({ text: `${name} ${value ?? '—'}` }));
}

function caseBranch({ case: id, value, predictions }: TracedCase): Branch {
  return {
    text: value === null ? id : `${id}: ${value}`,
    below: predictions.map(({ unit, file, sha256 }) => ({ text: `${unit}: ${file}, sha256 ${sha256}` })),
  };
}

function workBranch(work: TracedWork): Branch {
  const { unit, version, key, digest, inputs, parameters, files, facts, failures, resumptions } = work;
  const before = [
    ...(failures > 0 ? [`after ${counted(failures, 'failure')}`] : []),
    ...(resumptions > 0 ? [`resumed ${counted(resumptions, 'time')}`] : []),
  ];
  const settings = settingsOf(parameters).map(({ name, value }) => `${name}=${JSON.stringify(value)}`);
  return {
    text: [unit, ...factsOf(facts).map(({ text }) => text), ...before].join(', '),
    below: [
      { text: `key ${key}, version ${version} of the step, sha256 ${digest}` },
      { text: recordedIn(work) },
      ...(inputs.length === 0 ? [] : [{ text: `from ${firstTen(inputs.map((input) => input.unit))}` }]),
      ...(settings.length === 0 ? [] : [{ text: `settings ${settings.join(' ')}` }]),
      ...cut(files.map(({ name, sha256 }) => ({ text: `${name}: sha256 ${sha256}` }))),
    ],
  };
}

function recordedIn({ at, sweep, software }: TracedWork): string {
  if (at === null) return 'recorded by volbias 0.1';
  const { version = '', commit } = software ?? {};
  return `recorded at ${at} for ${sweep ?? 'any sweep'} by volbias ${version}${commit === undefined ? '' : ` (${commit})`}`;
}

/** The measured cases' files before those of the other cases. */
function filesOf({ files, cases }: Trace): Branch[] {
  const own = new Set(cases.map((one) => one.case));
  const sorted = files.toSorted((a, b) => Number(own.has(b.case)) - Number(own.has(a.case)));
  return sorted.map(({ path, sha256, role, case: id }) => ({ text: `${path} (${id}, ${role}): sha256 ${sha256}` }));
}

function machineBranch({ made, facts }: Trace['environment'][number]): Branch {
  return {
    text: made.map(({ step, units }) => `${step} ×${units}`).join(', '),
    below: facts.map(({ name, value }) => ({ text: `${name} ${value}` })),
  };
}

function eventBranch({ at, kind, ...facts }: TracedEvent): Branch {
  const words = Object.entries(facts).filter(([, value]) => typeof value === 'string' || typeof value === 'number');
  return { text: [at, kind, ...words.map(([name, value]) => `${name} ${String(value)}`)].join(' ') };
}
