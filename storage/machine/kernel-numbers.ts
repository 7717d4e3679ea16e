import { readFileSync } from 'node:fs';

/** The number that a pattern finds in a file of the kernel; undefined where there is no such file, or no such line. */
export function kernelNumber(path: string, pattern: RegExp): number | undefined {
  const digits = pattern.exec(kernelText(path))?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** A file of the kernel; '' where there is none. */
export function kernelText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
