import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import ts from 'typescript';

import { pipeline } from '../../steps/pipeline.js';
import { repositoryRoot } from '../support/paths.js';

/** The code of a step, under one version: `sameBytes` says why a change of the code did not need a new version. */
export interface PinnedCode {
  readonly version: number;
  readonly digest: string;
  readonly sameBytes?: string;
}

/** What code-identity.json contains. */
export interface CodeIdentity {
  /** By step: the code of its present version, oldest first. */
  readonly steps: Readonly<Record<string, readonly PinnedCode[]>>;
  /** By path: the digest of each module that some step reaches. */
  readonly modules: Readonly<Record<string, string>>;
}

/** The code of a step as it is now. */
export interface StepCode {
  readonly step: string;
  readonly version: number;
  readonly digest: string;
  /** The digest of each module that it reaches, by path, and the version of each package. */
  readonly modules: ReadonlyMap<string, string>;
}

export const codeIdentityFile = join(repositoryRoot, 'test', 'steps', 'code-identity.json');

interface Module {
  readonly digest: string;
  readonly imports: readonly string[];
  readonly packages: readonly string[];
}

const shortDigest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

const { dependencies } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
};

/**
 * The code that each step's implementation reaches by the import graph: what is imported at run time, statically, within
 * a function, or as the script of a thread, and the sources that set-up compiles into TensorFlow's binding for what loads
 * that. Types and comments do not count. Of another step, whose results it reads,
 * only the file itself counts, and not what that imports.
 */
export function codeOfSteps(root = repositoryRoot): StepCode[] {
  const known = new Map<string, Module>();
  const fileOf = (step: string): string => `steps/${step}.ts`;
  const others = new Set(pipeline.map(({ name }) => fileOf(name)));
  return pipeline.map(({ name, version }) => {
    const modules = new Map<string, string>();
    const open = [fileOf(name)];
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      if (modules.has(path)) continue;
      const found = known.get(path) ?? readModule(root, path);
      known.set(path, found);
      modules.set(path, found.digest);
      for (const name of found.packages) modules.set(name, dependencies[name] ?? '');
      if (found.packages.includes(bindingPackage))
        for (const [path, digest] of bindingSources(root)) modules.set(path, digest);
      if (path === fileOf(name) || !others.has(path)) open.push(...found.imports);
    }
    const sorted = [...modules].sort(([a], [b]) => (a < b ? -1 : 1));
    return { step: name, version, digest: shortDigest(JSON.stringify(sorted)), modules: new Map(sorted) };
  });
}

const bindingPackage = '@tensorflow/tfjs-node-gpu';
const bindingFolder = 'scripts/setup/binding';

function bindingSources(root: string): readonly (readonly [path: string, digest: string])[] {
  return readdirSync(join(root, bindingFolder)).map((name) => {
    const path = join(bindingFolder, name);
    const code = readFileSync(join(root, path), 'utf8').replace(/^ *\/\/.*\n/gm, '');
    return [path, shortDigest(code)];
  });
}

/** By source, because most files of two trees are the same. */
const transpiled = new Map<string, string>();

function readModule(root: string, path: string): Module {
  const source = readFileSync(join(root, path), 'utf8');
  const outputText = transpiled.get(source) ?? codeOf(source);
  transpiled.set(source, outputText);
  const imported = ts.preProcessFile(outputText, true, true).importedFiles.map(({ fileName }) => fileName);
  const threads = [...outputText.matchAll(/new URL\('(\.[^']+)'/g)].map(([, script = '']) => script);
  const files = [...imported, ...threads].filter((name) => name.startsWith('.'));
  return {
    digest: shortDigest(outputText),
    imports: files.map((name) => join(dirname(path), name).replace(/\.js$/, '.ts')),
    // Named as text, because a binding is not imported but loaded.
    packages: Object.keys(dependencies).filter((name) => new RegExp(`'${name}['/]`).test(outputText)),
  };
}

/** The source without types and comments. */
function codeOf(source: string): string {
  const { ESNext } = ts.ModuleKind;
  const options = { module: ESNext, target: ts.ScriptTarget.ES2022, removeComments: true, verbatimModuleSyntax: true };
  return ts.transpileModule(source, { compilerOptions: options }).outputText;
}

/**
 * What is wrong with the pinned code of the steps, in words that name the step: a change of its code needs a new version or
 * a statement that results keep their bytes.
 */
export function identityFaults(code: readonly StepCode[], { steps, modules }: CodeIdentity): string[] {
  return code.flatMap(({ step, version, digest, modules: own }) => {
    const pinned = steps[step] ?? [];
    const last = pinned.at(-1);
    const unexplained = pinned.slice(1).filter(({ sameBytes = '' }) => sameBytes.trim() === '');
    const faults = unexplained.map(
      (one) => `${step}: the code ${one.digest} does not say why results keep their bytes`,
    );
    if (last?.digest === digest && last.version === version) return faults;
    if (last?.version !== version) return [...faults, `${step}: version ${version} is not pinned; ${remedy}`];
    const changed = [...own].flatMap(([path, found]) => (modules[path] === found ? [] : [path]));
    const what = changed.length === 0 ? 'it no longer imports some modules' : changed.join(', ');
    return [
      ...faults,
      `${step}: its code has changed, but its version is still ${version}: ${what}. ${advice} ${remedy}`,
    ];
  });
}

const advice =
  'If results may have other bytes, raise the version; that also makes running sweeps begin anew. If they keep their bytes, say why.';
const remedy = 'Then run: node dist/test/steps/pin-code.js ["why results keep their bytes"]';

/** The identity with the present code pinned. Throws unless each change has a new version or a statement. */
export function pinnedCode(
  code: readonly StepCode[],
  before: CodeIdentity,
  sameBytes: string | undefined,
): CodeIdentity {
  const steps = code.map(({ step, version, digest }) => {
    const pinned = before.steps[step] ?? [];
    const last = pinned.at(-1);
    if (last?.digest === digest && last.version === version) return [step, pinned] as const;
    if (last?.version !== version) return [step, [{ version, digest }]] as const;
    if (sameBytes === undefined || sameBytes.trim() === '') {
      throw new Error(`${step} has other code under the same version ${version}: say why its results keep their bytes`);
    }
    return [step, [...pinned, { version, digest, sameBytes }]] as const;
  });
  const modules = new Map(code.flatMap(({ modules: own }) => [...own]));
  const sorted = [...modules].sort(([a], [b]) => (a < b ? -1 : 1));
  return { steps: Object.fromEntries(steps), modules: Object.fromEntries(sorted) };
}
