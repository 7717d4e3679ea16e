import type { Figure } from '../../figures/figure.js';
import { columnHeadings } from '../../figures/headings.js';
import { legend, lineSample, sampleWidth, type LegendEntry } from '../../figures/legend.js';
import { panelGrid } from '../../figures/panel-grid.js';
import { seriesMark } from '../../figures/series-mark.js';
import { box, words } from '../../figures/shapes.js';
import { markup, type Markup } from '../../markup/markup.js';
import { figure1Values, type Figure1Data } from './figure-1-data.js';
import { biasPanel, lineOpacities, riskPanel, schemePanel } from './figure-1-panels.js';

const { regionCounts, volumeRatios, probabilities } = figure1Values;
const schemeWidth = 100;
const legendHeight = 60;

/**
 * Fig. 1 of the paper. Rows: N = 1, 4, 16. Columns: the scheme, three panels of soft Dice against p̂, and one panel of
 * bias and error against p_β, with the region of easy overestimation shaded. Series: μ = 0.25, 1, 4.
 */
export function figure1({ grid: values, panels }: Figure1Data): Figure {
  const grid = panelGrid({
    rows: regionCounts.length,
    columns: volumeRatios.length + 1,
    panelWidth: 112,
    panelHeight: schemeWidth,
    left: schemeWidth + 46,
    columnGap: 30,
    right: 4,
    top: 20,
    below: 40,
  });
  const rows = regionCounts.map((regions, row) => {
    const alike = panels.filter((panel) => panel.regions === regions);
    const axisTitles = row === regionCounts.length - 1;
    const { top, bottom } = grid.panel(row, 0);
    const scheme = schemePanel(regions, { left: 0, right: schemeWidth, top, bottom });
    const letter = words('heading', `${'ABC'.charAt(row)}: N = ${regions}`, {
      x: schemeWidth / 2,
      y: top - 8,
      anchor: 'middle',
    });
    const risks = alike.map((panel, column) =>
      riskPanel(panel, { values, series: column, place: grid.panel(row, column), axisTitles }),
    );
    const bias = biasPanel(alike, { values, place: grid.panel(row, volumeRatios.length), axisTitles });
    return markup`${letter}${scheme}${risks}${bias}
`;
  });
  const names = [...volumeRatios.map((ratio) => `μ = ${ratio}`), 'ΔV and p̂ − p'];
  return {
    width: grid.width,
    height: grid.height + legendHeight,
    label: 'Soft Dice risk against prediction, and the volumetric bias of its minimiser',
    content: markup`${columnHeadings(names, grid, 8)}${rows}${legends(grid.height + 14)}`,
  };
}

/** The legend below the figure: opacities of p_β, colours and marks of μ, line styles, the shaded region. */
function legends(top: number): Markup {
  const middle = sampleWidth / 2;
  const risk = probabilities.map((p, i): LegendEntry => {
    const sample = markup`<g opacity="${lineOpacities[i] ?? 1}">${lineSample()}</g>`;
    return { sample, text: String(p) };
  });
  const minimum = { sample: seriesMark(0, middle, 0, 40), text: 'least risk' };
  const bias = volumeRatios.map((ratio, i): LegendEntry => {
    const sample = markup`<g class="series-${i}">${lineSample()}${seriesMark(i, middle, 0, 40)}</g>`;
    return { sample, text: String(ratio) };
  });
  const area = box('over', { left: 0, right: sampleWidth, top: -7, bottom: 7 });
  const kinds = [
    { sample: lineSample(), text: 'bias ΔV (in units of sγ)' },
    { sample: lineSample('curve thin dash-1'), text: 'error p̂ − p' },
    { sample: area, text: 'overestimates though p < ½' },
  ];
  const [second, third] = [top + 20, top + 40];
  return markup`${words('', 'A–C 1–3, p:', { x: 0, y: top + 4 })}${legend([...risk, minimum], { x: 78, y: top }, { across: 74 })}
${words('', 'A–C 4, μ:', { x: 0, y: second + 4 })}${legend(bias, { x: 78, y: second }, { across: 74 })}
${legend(kinds, { x: 0, y: third }, { across: 196 })}`;
}
