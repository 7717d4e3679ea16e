import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The compiled bench of this name. */
const script = (name: string): string => fileURLToPath(new URL(`./${name}.js`, import.meta.url));

/** The output of a program that computes with this many threads. Throws with what it wrote if it fails. */
export function outputOf(threads: number, command: string, args: readonly string[]): string {
  const env = {
    ...process.env,
    TF_CPP_MIN_LOG_LEVEL: '2',
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: '1',
    OMP_NUM_THREADS: String(threads),
    TF_ENABLE_ONEDNN_OPTS: '1',
  };
  const { stdout, stderr, status } = spawnSync(command, args, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stderr}`);
  return stdout;
}

/** The output of another bench's program. */
export function outputOfBench(threads: number, name: string, args: readonly string[] = []): string {
  return outputOf(threads, process.execPath, [script(name), ...args]);
}

/** A bench that prints its own lines. */
export function runHere(name: string): void {
  const { status } = spawnSync(process.execPath, [script(name)], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`the bench ${name} failed`);
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
