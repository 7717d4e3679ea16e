import { DomainError } from '../../domain/domain-error.js';
import type { AvailableMemory } from '../../storage/machine/available-memory.js';
import { gibibytes } from '../../storage/machine/memory.js';
import type { MemoryPeaks } from '../../storage/machine/memory-peaks.js';

/** A training that was admitted. */
export interface Stay {
  /** What it uses now, and the largest that it has used, in bytes. */
  uses(now: number, peak: number): void;
  /** From now on, it needs no more than it has needed: its first epoch is over. */
  isMeasured(): void;
  /** The system had too little memory for it. */
  ranOut(): void;
  leave(): void;
}

interface Guest {
  readonly shape: string;
  now: number;
  peak: number;
  measured: boolean;
}

export interface AdmissionOptions {
  readonly memory: () => AvailableMemory;
  readonly peaks: MemoryPeaks;
  /** All trainings together may use so many bytes; undefined: all that there is. */
  readonly budget: number | undefined;
}

const secondsBetweenLooks = 1;

/** What trainings that ran out of memory need at least, compared with what they had. */
const moreMemory = 1.25;

/**
 * Admits trainings to this machine's memory. One begins as soon as the memory that is free, less what the others will
 * still take, covers the largest that a training of its shape (all with the same settings) has ever used. A shape that
 * was never measured counts as the largest known one; while none is known, trainings begin one after the other, each
 * once the first epoch of the one before is over.
 */
export class MemoryAdmission {
  private readonly guests = new Set<Guest>();
  private readonly lonely = new Set<string>();
  private waiting = 0;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly options: AdmissionOptions) {}

  /** Whether a training waits for memory: another worker may have more. */
  isCrowded(): boolean {
    return this.waiting > 0;
  }

  /**
   * Resolves when a training may begin; calls `onWait` every second until then. OUT_OF_MEMORY if it needs more than
   * there can ever be here; rejects with the signal's reason if that aborts.
   */
  async enter(shape: string, signal: AbortSignal, onWait: (reason: string) => void): Promise<Stay> {
    this.waiting++;
    try {
      for (;;) {
        signal.throwIfAborted();
        const reason = this.obstacle(shape);
        if (reason === undefined) return this.admit(shape);
        onWait(reason);
        await this.change();
      }
    } finally {
      this.waiting--;
    }
  }

  /** Why a training of this shape cannot begin now; undefined if it can. */
  private obstacle(shape: string): string | undefined {
    const { peaks, budget = Infinity } = this.options;
    const { free: freeHere, total: totalHere } = this.options.memory();
    const guests = [...this.guests];
    const used = guests.reduce((sum, { now }) => sum + now, 0);
    const total = Math.min(totalHere, budget);
    const needed = peaks.of(shape);
    if (needed !== undefined && needed > total) {
      const here =
        budget < totalHere ? `its worker may use ${gibibytes(total)}` : `this machine has ${gibibytes(total)}`;
      throw new DomainError('OUT_OF_MEMORY', `it needs ${gibibytes(needed)} of memory; ${here}`);
    }
    if (guests.length > 0 && (this.lonely.has(shape) || guests.some((guest) => this.lonely.has(guest.shape)))) {
      return 'for the end of another training, since there was too little memory for two';
    }
    const assumed = needed ?? peaks.largest();
    if (assumed === undefined) return guests.length === 0 ? undefined : 'for the first epoch of another training';
    const free =
      Math.min(freeHere, budget - used) - guests.reduce((sum, guest) => sum + this.growth(guest, assumed), 0);
    // Alone and never measured: this is how it is measured.
    if (needed === undefined && guests.length === 0) return undefined;
    if (free >= assumed) return undefined;
    return `for ${gibibytes(assumed)} of memory: ${gibibytes(Math.max(0, free))} are free`;
  }

  /** What a training may still take. */
  private growth({ shape, now, peak, measured }: Guest, assumed: number): number {
    const known = this.options.peaks.of(shape);
    const most = Math.max(peak, known ?? 0, measured || known !== undefined ? 0 : assumed);
    return Math.max(0, most - now);
  }

  private admit(shape: string): Stay {
    const { peaks } = this.options;
    const guest: Guest = { shape, now: 0, peak: 0, measured: false };
    this.guests.add(guest);
    return {
      uses: (now, peak) => {
        Object.assign(guest, { now, peak: Math.max(guest.peak, peak) });
        if (guest.measured) peaks.note(shape, guest.peak);
      },
      isMeasured: () => {
        if (guest.measured || guest.peak === 0) return;
        guest.measured = true;
        peaks.note(shape, guest.peak);
        this.tell();
      },
      ranOut: () => {
        if (this.guests.size > 1) this.lonely.add(shape);
        else peaks.note(shape, Math.ceil(moreMemory * Math.max(guest.peak, peaks.of(shape) ?? 0)));
      },
      leave: () => {
        if (this.guests.delete(guest)) this.tell();
      },
    };
  }

  /** Waits for a change, or a second: memory outside this worker changes too. */
  private change(): Promise<void> {
    return new Promise((resolve) => {
      const go = (): void => {
        clearTimeout(timer);
        this.listeners.delete(go);
        resolve();
      };
      const timer = setTimeout(go, secondsBetweenLooks * 1000);
      this.listeners.add(go);
    });
  }

  private tell(): void {
    for (const go of [...this.listeners]) go();
  }
}
