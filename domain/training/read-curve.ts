import { curveCsv } from './curve-csv.js';

/** The losses of a training's epochs, the first epoch first. */
export interface LossCurve {
  readonly trainingLoss: readonly number[];
  readonly validationLoss: readonly number[];
}

const [header = ''] = curveCsv([]).split('\n');

/** The losses in the text of a learning curve, as `curveCsv` writes it; undefined for any other text. */
export function readCurve(text: string): LossCurve | undefined {
  const [first, ...lines] = text.trimEnd().split('\n');
  if (first !== header) return undefined;
  const rows = lines.map((line) => line.split(',').map(Number));
  const isWhole = rows.every((row, index) => row[0] === index + 1 && row.length === header.split(',').length);
  if (!isWhole) return undefined;
  return { trainingLoss: rows.map(([, loss = NaN]) => loss), validationLoss: rows.map(([, , loss = NaN]) => loss) };
}

/** At most so many of a curve's epochs, from 1, evenly spread, with their losses: the first and the last are among them. */
export function thinned(losses: readonly number[], most: number): (readonly [epoch: number, loss: number])[] {
  const last = losses.length - 1;
  const count = Math.min(losses.length, most);
  const chosen = Array.from({ length: count }, (_, nth) => Math.round((nth * last) / Math.max(1, count - 1)));
  return chosen.map((index) => [index + 1, losses[index] ?? NaN] as const);
}
