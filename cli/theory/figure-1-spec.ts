import type { TopLevelSpec } from 'vega-lite';

import { figure1Values, type Figure1Data } from '../../domain/theory/figure-1-data.js';
import { legendPanel, schemePanel } from './figure-1-parts.js';
import { biasPanel } from './figure-1-bias-panel.js';
import { riskPanel } from './figure-1-risk-panel.js';
import { chartConfig, paletteColours, type Palette } from './figure-style.js';

const rowLetters = ['A', 'B', 'C'];

/**
 * Fig. 1 of the paper as a Vega-Lite specification: rows N = 1, 4, 16; the scheme, three columns of soft Dice against
 * p̂ and one of bias and error against p_β, with the area of easy overestimation shaded.
 */
export function figure1Spec(data: Figure1Data, palette: Palette): TopLevelSpec {
  const colours = paletteColours[palette];
  const cells = figure1Values.regionCounts.flatMap((regions, row) => {
    const panels = data.panels.filter((panel) => panel.regions === regions);
    const isLast = row === figure1Values.regionCounts.length - 1;
    const bias = {
      grid: data.grid,
      colours,
      heading: row === 0 ? 'ΔV and p̂ − p' : '',
      xTitle: isLast ? 'probability p' : '',
    };
    return [
      schemePanel(regions, `${rowLetters[row]}: N = ${regions}`),
      ...panels.map((panel, column) =>
        riskPanel(panel, {
          grid: data.grid,
          colour: colours[column] as string,
          heading: row === 0 ? `μ = ${panel.volumeRatio}` : '',
          xTitle: isLast ? 'prediction p̂' : '',
          isFirst: column === 0,
        }),
      ),
      biasPanel(panels, bias),
    ];
  });
  const spec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    description: 'Soft Dice risk against prediction, and the volumetric bias of its minimiser',
    background: 'white',
    padding: 6,
    spacing: 12,
    vconcat: [{ columns: 5, align: 'each', spacing: 12, concat: cells }, legendPanel(colours)],
    config: chartConfig,
  };
  return spec as unknown as TopLevelSpec;
}
