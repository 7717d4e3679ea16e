import { z } from 'zod';

import { digestPattern } from '../../contracts/patterns.js';
import { writeFileAtomically } from '../files/atomic-file.js';
import { parsed } from '../files/parsed.js';
import type { DataFolder } from '../store/data-folder.js';
import { readStoredFile } from '../files/stored-file.js';

const peaks = z.record(z.string().regex(digestPattern), z.int().positive());

/** Shapes that are remembered: a sweep has one for each data set, network and loss. */
const mostShapes = 1000;

/**
 * The largest memory, in bytes, that trainings of each shape have used: all that have the same settings but other
 * cases. A damaged record is only forgotten: it is measured again.
 */
export class MemoryPeaks {
  private readonly known = new Map<string, number>();
  private writing: Promise<unknown> = Promise.resolve();

  private constructor(private readonly path: string) {}

  static async read({ memoryPeaks }: DataFolder): Promise<MemoryPeaks> {
    const own = new MemoryPeaks(memoryPeaks);
    const text = await readStoredFile(memoryPeaks).then(String, () => '{}');
    try {
      for (const [shape, bytes] of Object.entries(parsed(peaks, text, memoryPeaks))) own.known.set(shape, bytes);
    } catch {
      // It is written anew with the next peak.
    }
    return own;
  }

  of(shape: string): number | undefined {
    return this.known.get(shape);
  }

  /** The largest of all; undefined if none is known. */
  largest(): number | undefined {
    return this.known.size === 0 ? undefined : Math.max(...this.known.values());
  }

  /** Notes that a training of this shape has used so much. */
  note(shape: string, bytes: number): void {
    if (bytes <= (this.known.get(shape) ?? 0)) return;
    // Those noted last stay.
    this.known.delete(shape);
    this.known.set(shape, bytes);
    const [oldest] = this.known.keys();
    if (this.known.size > mostShapes && oldest !== undefined) this.known.delete(oldest);
    const text = `${JSON.stringify(Object.fromEntries(this.known), null, 2)}\n`;
    this.writing = this.writing.then(() => writeFileAtomically(this.path, text)).catch(() => undefined);
  }

  /** Resolves when everything noted is written. */
  written(): Promise<unknown> {
    return this.writing;
  }
}
