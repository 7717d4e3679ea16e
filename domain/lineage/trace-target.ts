import { parseUnitName, type NamedUnit } from '../plan/unit-name.js';
import { isMeasure, type MeasureName } from './traced-measure.js';

export interface TracedArm {
  readonly dataSet: string;
  readonly model: string;
  readonly loss: string;
}

/** What a trace begins at. */
export type TraceTarget =
  /** A number of Table 1 or, with a case, the case's own value. */
  | { readonly kind: 'value'; readonly arm: TracedArm; readonly measure: MeasureName; readonly caseId?: string }
  /** All values of a case. */
  | { readonly kind: 'row'; readonly arm: TracedArm; readonly caseId: string }
  /** A file of the report. */
  | { readonly kind: 'file'; readonly name: string }
  | { readonly kind: 'unit'; readonly named: NamedUnit };

/**
 * What the words of a trace mean: a cell `isles2017.unet.sd.volumeError`, one of its cases
 * `isles2017.unet.sd.volumeError.CASE`, a case's row `isles2017.unet.sd.CASE`, a file of the report `table1.csv`, or a
 * unit `train isles2017/unet/sd/fold-0`. The arms decide where names end, because those of losses and cases may
 * contain dots. Undefined if it is none of these.
 */
export function traceTarget(
  what: string,
  { arms, files }: { readonly arms: readonly TracedArm[]; readonly files: readonly string[] },
): TraceTarget | undefined {
  if (files.includes(what)) return { kind: 'file', name: what };
  for (const arm of arms) {
    const prefix = `${arm.dataSet}.${arm.model}.${arm.loss}.`;
    if (what.startsWith(prefix) && what.length > prefix.length) return valueTarget(arm, what.slice(prefix.length));
  }
  const named = parseUnitName(what);
  return named === undefined ? undefined : { kind: 'unit', named };
}

function valueTarget(arm: TracedArm, rest: string): TraceTarget {
  const dot = rest.indexOf('.');
  const first = dot < 0 ? rest : rest.slice(0, dot);
  if (!isMeasure(first)) return { kind: 'row', arm, caseId: rest };
  return { kind: 'value', arm, measure: first, ...(dot >= 0 && { caseId: rest.slice(dot + 1) }) };
}
