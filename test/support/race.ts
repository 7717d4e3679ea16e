import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Runs a program in several processes from the same moment on and returns what they print to standard error. The
 * program prints a line when it is ready, then waits until its standard input ends.
 */
export async function runAtOnce(program: string, processes: number): Promise<string> {
  const children = Array.from({ length: processes }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', program]),
  );
  let errors = '';
  for (const child of children) child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = children.map((child) => once(child, 'close'));
  await Promise.all(children.map((child) => once(child.stdout, 'data')));
  for (const child of children) child.stdin.end();
  await Promise.all(ended);
  return errors;
}
