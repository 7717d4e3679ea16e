import type { OutcomeLaw } from '../../../domain/theory/analysis/laws/outcome-law.js';
import type { TheoryLoss } from '../../../domain/theory/analysis/losses/theory-loss.js';

const coarse = 20;
const zooms = 28;
const basins = 8;

/**
 * The least risk by trying: a grid over the p̂ of the uncertain groups (the certain ones at p), then ever finer grids
 * round its best points. Knows nothing of how the product minimises.
 */
export function leastRiskByTrying(loss: TheoryLoss, law: OutcomeLaw, shared: boolean): number {
  const free = Array.from(law.groupProbabilities.keys()).filter((g) => {
    const p = law.groupProbabilities[g] as number;
    return p > 0 && p < 1;
  });
  const dimensions = shared ? 1 : free.length;
  const predictions = Float64Array.from(law.groupProbabilities);
  const riskAt = (place: readonly number[]): number => {
    free.forEach((g, i) => (predictions[g] = place[shared ? 0 : i] as number));
    return loss.risk(law, predictions);
  };
  let tried = gridPoints(new Array<number>(dimensions).fill(0.5), 0.5, coarse).map((place) => ({
    place,
    risk: riskAt(place),
  }));
  tried = tried.sort((a, b) => a.risk - b.risk).slice(0, basins);
  for (let zoom = 0, reach = 1 / coarse; zoom < zooms; zoom++, reach /= 2) {
    tried = tried.map((best) =>
      gridPoints(best.place, reach, 4)
        .map((place) => ({ place, risk: riskAt(place) }))
        .reduce((a, b) => (b.risk < a.risk ? b : a), best),
    );
  }
  return Math.min(...tried.map(({ risk }) => risk));
}

function gridPoints(centre: readonly number[], reach: number, pieces: number): number[][] {
  return centre.reduce<number[][]>(
    (places, c) =>
      places.flatMap((place) =>
        Array.from({ length: pieces + 1 }, (_, i) => [
          ...place,
          Math.min(1, Math.max(0, c + reach * ((2 * i) / pieces - 1))),
        ]),
      ),
    [[]],
  );
}
