import { grouped } from '../plan/grouped.js';
import { parseUnitName } from '../plan/unit-name.js';

/** What the log says of a unit's work. */
export interface UnitMaking {
  /** Its name in the sweep. */
  readonly unit: string;
  /** Absent in records of older versions. */
  readonly resources?: {
    readonly peakMemoryBytes: number;
    /** Wall time; of resumed work, since its last resumption. */
    readonly seconds?: number;
    /** Of all threads. */
    readonly processorSeconds?: number;
  };
  /** How often it went on from a checkpoint. */
  readonly resumptions: number;
  /** How often it failed before it succeeded. */
  readonly failures: number;
}

/** What units have used together. */
export interface MakingRow {
  /** Absent for the tests, which are over all arms. */
  readonly dataSet?: string;
  /** Absent for what all arms of a data set share. */
  readonly arm?: { readonly model: string; readonly loss: string };
  readonly units: number;
  /** Sums over the units; null if no record says so. */
  readonly seconds: number | null;
  readonly processorSeconds: number | null;
  /** The largest of any unit's process; null if no record says so. */
  readonly peakMemoryBytes: number | null;
  /** Units that went on from a checkpoint, and those that failed before. */
  readonly resumed: number;
  readonly failed: number;
}

/** How a report's numbers were made: rows for each data set and for each of its arms, in the order of the units. */
export interface Making {
  readonly rows: readonly MakingRow[];
}

/** Gathers units by data set and arm. */
export function makingOf(units: readonly UnitMaking[]): Making {
  const groups = grouped(units, ({ unit }) => {
    const { dataSet, model, loss } = placeOf(unit);
    return JSON.stringify([dataSet, model, loss]);
  });
  return { rows: [...groups.values()].map(rowOf) };
}

function rowOf(units: readonly UnitMaking[]): MakingRow {
  const { dataSet, model, loss } = placeOf(units[0]?.unit ?? '');
  const known = units.flatMap(({ resources }) => resources ?? []);
  return {
    ...(dataSet !== undefined && { dataSet }),
    ...(model !== undefined && loss !== undefined && { arm: { model, loss } }),
    units: units.length,
    seconds: sumOf(known.flatMap(({ seconds }) => seconds ?? [])),
    processorSeconds: sumOf(known.flatMap(({ processorSeconds }) => processorSeconds ?? [])),
    peakMemoryBytes: known.length === 0 ? null : Math.max(...known.map(({ peakMemoryBytes }) => peakMemoryBytes)),
    resumed: units.filter(({ resumptions }) => resumptions > 0).length,
    failed: units.filter(({ failures }) => failures > 0).length,
  };
}

function placeOf(unit: string): { readonly dataSet?: string; readonly model?: string; readonly loss?: string } {
  return parseUnitName(unit)?.coordinates ?? {};
}

function sumOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}
