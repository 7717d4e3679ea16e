import { metrics } from '../../domain/evaluate/metrics.js';
import type { PairedNumber } from '../../domain/lineage/paired-numbers.js';
import type { SettingChange } from '../../domain/lineage/settings.js';
import type { SweepDifference, UnitDifference } from '../../domain/lineage/sweep-difference.js';
import { wordsOfDifference } from '../../domain/lineage/reasons.js';
import { counted, firstTen, formatInterval, formatNumber, formatP } from '../../domain/report/words/format-number.js';
import { textTable } from '../terminal/table.js';

/** How two sweeps differ, section by section; what is the same is named in a line. */
export function diffText(difference: SweepDifference): string {
  const { before, now, config, code, environment, data, splits, numbers } = difference;
  const sections: [name: string, lines: string[]][] = [
    ['config', changeLines(config)],
    ['code', changeLines(code)],
    ['environment', changeLines(environment)],
    [
      'data',
      data.flatMap(({ dataSet, added, removed, changed }) =>
        Object.entries({ added, removed, changed })
          .filter(([, cases]) => cases.length > 0)
          .map(([what, cases]) => `${dataSet}: ${counted(cases.length, 'case')} ${what}: ${firstTen(cases)}`),
      ),
    ],
    ['splits', splits.map(({ dataSet, cases }) => `${dataSet}: ${counted(cases.length, 'case')} in other folds`)],
  ];
  const same = sections.filter(([, lines]) => lines.length === 0).map(([name]) => name);
  const differing = numbers.filter((one) => one.before !== one.now);
  return [
    `${before} → ${now}`,
    ...sections.flatMap(([name, lines]) =>
      lines.length === 0 ? [] : [`${name}:`, ...lines.map((line) => `  ${line}`)],
    ),
    ...(same.length > 0 ? [`the same: ${same.join(', ')}`] : []),
    ...(differing.length === 0 ? ['All numbers are the same.'] : [numbersTable(differing)]),
    `${counted(numbers.length - differing.length, 'number')} of ${numbers.length} unchanged; tests are conditional on these trained networks`,
  ].join('\n');
}

/** A line for each change. */
export function changeLines(changes: readonly SettingChange[]): string[] {
  return changes.map(({ name, ...values }) => wordsOfDifference({ component: name, ...values }));
}

function numbersTable(numbers: readonly PairedNumber[]): string {
  const shown = (value: number | null): string => (value === null ? '–' : formatNumber(value));
  const cells = numbers.map(({ dataSet, model, loss, metric, before, now, paired }) => [
    ...[dataSet, `${model} ${loss}`, metrics[metric].label, shown(before), shown(now)],
    paired === null ? '–' : formatNumber(paired.mean),
    paired?.interval == null ? '–' : formatInterval(paired.interval),
    paired === null ? '–' : formatP(paired.pValue),
    String(paired?.cases ?? 0),
  ]);
  return textTable(['data set', 'arm', 'measure', 'before', 'now', 'difference', '95 %', 'test', 'cases'], cells);
}

/** How a unit differs between two sweeps. */
export function unitDiffText({ unit, before, now, keys, differences, results }: UnitDifference): string {
  const [old, own] = keys;
  return [
    `${unit}: ${before} → ${now}`,
    old === own ? `  the same key, ${own}` : `  key ${old} → ${own}`,
    ...changeLines(differences).map((line) => `  ${line}`),
    ...(results.length === 0 ? ['  the same result'] : changeLines(results).map((line) => `  result: ${line}`)),
  ].join('\n');
}
