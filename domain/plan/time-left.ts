import { parseUnitName } from './unit-name.js';

/** How long a unit took, in seconds. */
export interface MeasuredUnit {
  readonly unit: string;
  readonly seconds: number;
}

interface Running {
  readonly since: number;
  /** The part that was done before. */
  readonly from: number;
  /** The part that is done, from 0 to 1. */
  readonly share: number;
}

/** What of a unit was done in this run. */
interface Ended {
  readonly unit: string;
  readonly share: number;
}

/** What had been done at a moment of this run. */
interface Mark {
  readonly now: number;
  readonly parts: readonly Ended[];
}

/** Before this time, all of the run tells its pace. */
const leastMarkSeconds = 60;
/** Between two marks, a run grows by this factor. */
const longerBy = 1.5;

/** The name of all kinds together. */
const anyKind = '';

/** What the first seconds tell of a pace is hardly more than chance. */
const leastSeconds = 15;
/** Less of a unit tells little of the whole. */
const leastShare = 0.05;

/**
 * Estimates how long the rest of a sweep takes. Units have weights: the mean time of those that differ only in fold and
 * repeat, else what their arithmetic says beside that of measured units of the same network or, without those, of all, else the
 * mean time of those of the same step and network, or of the same step. The weight that was done in a second of the last third to
 * half of this run, whatever ran side by side and however fast the machine is, then gives the time of the weight that is left:
 * a machine that other work has made slower is soon taken for what it is. Times are in seconds of any clock that stands still
 * while nothing runs.
 */
export class TimeLeft {
  private readonly seconds = new Map<string, { sum: number; count: number }>();
  private readonly running = new Map<string, Running>();
  private readonly ended: Ended[] = [];
  /** Of measured units of a step and network, and of all together, with what `rough` says of them. */
  private readonly measured = new Map<string, { seconds: number; rough: number }>();
  /** What was done at two earlier moments of this run. */
  private marks: readonly Mark[] = [{ now: 0, parts: [] }];

  /** `before`: units of earlier runs; `rough`: seconds that a unit takes by its arithmetic, if that is known. */
  constructor(
    before: readonly MeasuredUnit[],
    private readonly rough: (unit: string) => number | undefined = () => undefined,
  ) {
    for (const one of before) this.measure(one);
  }

  /** The part of a running unit that is done, from 0 to 1, and what of it was done before it was seen running. */
  runs(unit: string, share: number, now: number, from = 0): void {
    const known = this.running.get(unit) ?? { since: now, from: Math.min(from, share) };
    this.running.set(unit, { ...known, share });
  }

  /** A unit has a result; one that was seen running tells how long others will take. */
  ends(unit: string, now: number): void {
    const known = this.running.get(unit);
    this.running.delete(unit);
    const share = 1 - (known?.from ?? 0);
    if (known !== undefined && share >= leastShare) this.measure({ unit, seconds: (now - known.since) / share });
    this.ended.push({ unit, share });
  }

  /** A unit has failed or was stopped. */
  stops(unit: string): void {
    this.running.delete(unit);
  }

  /** Seconds until these units, running ones among them, have ended; undefined while nothing tells. */
  left(units: readonly string[], now: number): number | undefined {
    const all = new Set([...units, ...this.ended.map(({ unit }) => unit), ...this.running.keys()]);
    const known = [...all].map((unit) => [unit, this.weightOf(unit, now)] as const);
    // A step of which nothing is known yet is taken for a short one, as evaluations are beside trainings.
    const least = Math.min(...known.map(([, weight]) => weight ?? Infinity));
    if (least === Infinity) return undefined;
    const weights = new Map(known.map(([unit, weight]) => [unit, weight ?? least]));
    const sum = (parts: readonly Ended[]): number =>
      parts.reduce((total, { unit, share }) => total + share * (weights.get(unit) ?? 0), 0);
    const begun = [...this.running].map(([unit, one]) => ({ unit, share: doneNow(one) }));
    const parts = [...this.ended, ...begun];
    const [mark = { now: 0, parts: [] }] = this.marks;
    this.mark(now, parts);
    const rest = sum(units.map((unit) => ({ unit, share: 1 - (this.running.get(unit)?.share ?? 0) })));
    if (now < leastSeconds) return undefined;
    const [recent, done] = [sum(parts) - sum(mark.parts), sum(parts)];
    if (recent > 0 && now > mark.now) return (rest * (now - mark.now)) / recent;
    return done > 0 ? (rest * now) / done : undefined;
  }

  /** Keeps two moments of which the earlier lies a third to half of the run back, or more while there is no later one. */
  private mark(now: number, parts: readonly Ended[]): void {
    const last = this.marks.at(-1);
    if (last === undefined || now < leastMarkSeconds || now < longerBy * last.now) return;
    this.marks = [last, { now, parts }];
  }

  private measure({ unit, seconds }: MeasuredUnit): void {
    const rough = this.rough(unit);
    const kinds = kindsOf(unit);
    for (const kind of rough === undefined ? [] : [kinds[1], anyKind]) {
      const sums = this.measured.get(kind) ?? { seconds: 0, rough: 0 };
      this.measured.set(kind, { seconds: sums.seconds + seconds, rough: sums.rough + (rough ?? 0) });
    }
    for (const kind of kinds) {
      const { sum, count } = this.seconds.get(kind) ?? { sum: 0, count: 0 };
      this.seconds.set(kind, { sum: sum + seconds, count: count + 1 });
    }
  }

  private weightOf(unit: string, now: number): number | undefined {
    const kinds = kindsOf(unit);
    const beside = this.measured.get(kinds[1]) ?? this.measured.get(anyKind);
    for (const [index, kind] of kinds.entries()) {
      const rough = index > 0 ? this.rough(unit) : undefined;
      if (rough !== undefined && beside !== undefined) return (rough * beside.seconds) / beside.rough;
      const known = this.seconds.get(kind);
      if (known !== undefined) return known.sum / known.count;
      const alike = [...this.running].filter(
        ([other, one]) => doneNow(one) >= leastShare && kindsOf(other)[index] === kind,
      );
      if (alike.length === 0) continue;
      return alike.reduce((sum, [, one]) => sum + (now - one.since) / doneNow(one), 0) / alike.length;
    }
    return undefined;
  }
}

/** The part of a running unit that was done since it was seen. */
const doneNow = ({ share, from }: Running): number => share - from;

/** What a unit is, from what it shares with its other folds to its step alone. */
function kindsOf(unit: string): readonly [arm: string, network: string, step: string] {
  const { step = '', coordinates } = parseUnitName(unit) ?? {};
  const { dataSet, model, loss } = coordinates ?? {};
  return [[step, dataSet, model, loss].join(' '), [step, model].join(' '), step];
}
