import { casesCsv } from './csv/cases-csv.js';
import { qualityCsv } from './csv/quality-csv.js';
import { significanceCsv } from './csv/significance-csv.js';
import { table1Csv } from './csv/table1-csv.js';
import { trainingCsv } from './csv/training-csv.js';
import { figureFiles } from './figures/figure-files.js';
import { renderReport } from './page/render-report.js';
import { table1Page } from './page/table1-page.js';
import type { PartialCounts, ReportInput } from './report-input.js';
import { table1Json } from './table1/table1-json.js';
import { table1Latex } from './table1/table1-latex.js';
import { table1Markdown } from './table1/table1-markdown.js';
import { table1Text } from './table1/table1-text.js';
import { partialHeading, partialWords } from './words/partial-words.js';

/**
 * The files of a report, by name. They only format the results, so each number has the same source in all of them. Those of a
 * sweep that is not finished say so, tables for programs and figures by their names: `partial-cases.csv`.
 */
export function reportFiles(input: ReportInput): Readonly<Record<string, string>> {
  const { results, partial } = input;
  const tables = {
    'significance.csv': significanceCsv(results),
    'cases.csv': casesCsv(results.source.rows, results.repeats),
    'quality.csv': qualityCsv(results.dataSets),
    'training.csv': trainingCsv(input.trainings, results.repeats),
    'table1.csv': table1Csv(results),
  };
  return {
    'report.html': renderReport(input),
    'table1.txt': partialLines(partial) + table1Text(results),
    'table1.md': table1Markdown(results, partial),
    'table1.tex': table1Latex(results, partial),
    'table1.html': table1Page(input),
    'table1.json': table1Json(results, partial),
    ...namedFor(partial, { ...tables, ...figureFiles(input) }),
  };
}

function namedFor(
  partial: PartialCounts | undefined,
  files: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (partial === undefined) return files;
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => [name.replace(/[^/]+$/, (file) => `partial-${file}`), text]),
  );
}

function partialLines(counts: PartialCounts | undefined): string {
  return counts === undefined ? '' : `WARNING: ${partialHeading}\n${partialWords(counts)}\n\n`;
}
