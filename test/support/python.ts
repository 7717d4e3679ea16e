import { execFileSync } from 'node:child_process';

/** A Python that has these modules: the one that VOLBIAS_TEST_PYTHON names, else python3; undefined if it lacks them. */
export function pythonWith(...modules: readonly string[]): string | undefined {
  const python = process.env['VOLBIAS_TEST_PYTHON'] ?? 'python3';
  try {
    execFileSync(python, ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' });
    return python;
  } catch {
    return undefined;
  }
}
