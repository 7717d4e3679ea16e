import type { ArmMatrix } from '../../domain/plan/arm-matrices.js';
import type { ProgressCell } from '../../domain/plan/progress-matrix.js';

/** Lines with a table of arms by folds for each data set, without borders. */
export function matrixLines(matrices: readonly ArmMatrix<ProgressCell>[]): string[] {
  return matrices.flatMap(({ dataSet, folds, rows }) => {
    const cells = [
      [dataSet, ...folds.map((fold) => `fold ${fold}`)],
      ...rows.map(({ arm, cells: own }) => [arm, ...own.map(({ mark }) => mark)]),
    ];
    const widths = [0, ...folds.keys()].map((_, column) =>
      Math.max(...cells.map((row) => [...(row[column] ?? '')].length)),
    );
    return cells.map((row) => `  ${row.map((text, column) => padded(text, widths[column] ?? 0)).join('  ')}`.trimEnd());
  });
}

const padded = (text: string, width: number): string => `${text}${' '.repeat(width - [...text].length)}`;
