import { makingOf, type Making, type UnitMaking } from '../../domain/report/making.js';
import type { LogInspection } from '../store/log-inspection.js';
import { workFinder } from '../store/work-records.js';

/**
 * What a log says, up to the line that records a report, of the work behind it. Nothing if that line records none. Equal for
 * each reader of the log, whatever has been appended since.
 */
export function makingOfReport({ records, lines }: Pick<LogInspection, 'records' | 'lines'>, line: string): Making {
  const end = lines.indexOf(line);
  const known = records.slice(0, end + 1);
  const works = known.flatMap((record) => (record.kind === 'artifact' ? [record.spec] : []));
  const report = known[end]?.kind === 'artifact' ? works.at(-1) : undefined;
  if (report === undefined) return makingOf([]);
  const find = workFinder(works);
  const resumptions = countByKey(known.flatMap((record) => (record.kind === 'resumption' ? [record.spec.key] : [])));
  const failures = countByKey(known.flatMap((record) => (record.kind === 'failure' ? [record.spec.key] : [])));
  return makingOf(
    report.inputs.map((input): UnitMaking => {
      const { key = '', resources } = find(input, report) ?? {};
      return {
        unit: input.unit,
        ...(resources !== undefined && { resources }),
        resumptions: resumptions.get(key) ?? 0,
        failures: failures.get(key) ?? 0,
      };
    }),
  );
}

function countByKey(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
