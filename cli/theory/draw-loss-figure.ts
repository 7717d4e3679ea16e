import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TopLevelSpec } from 'vega-lite';

import { figure1Values } from '../../domain/theory/figure-1-data.js';
import { lossCurves, lossCurvesCsv, type BiasCurve } from '../../domain/theory/loss-curves.js';
import type { LossSettings } from '../../domain/theory/losses/loss-settings.js';
import { chartConfig, type Palette } from './figure-style.js';
import { renderPng, renderSvg } from './render-chart.js';

const regions = 4;
const points = 101;
const batches = [1, 4, 16, 64];

const parts = [
  { part: 'losses', title: 'Losses' },
  { part: 'predictions', title: 'Soft Dice' },
  { part: 'batches', title: 'Batch soft Dice' },
] as const;

/** Okabe and Ito's colours, which colour-blind readers tell apart; lines also differ in their dashes. */
const safeColours = ['#000000', '#e69f00', '#56b4e9', '#009e73', '#0072b2', '#d55e00', '#cc79a7', '#8c8c00', '#777777'];
const greys = ['#000000', '#777777', '#aaaaaa', '#000000', '#777777', '#aaaaaa', '#000000', '#777777', '#aaaaaa'];
const dashes = [
  [1, 0],
  [1, 0],
  [6, 3],
  [2, 2],
  [8, 3, 2, 3],
  [4, 4],
  [1, 0],
  [6, 2],
  [2, 4],
];

/** Writes the bias curves of all losses (N = 4) as SVG, PNG and CSV into a folder. */
export async function drawLossFigure(request: {
  readonly folder: string;
  readonly settings: LossSettings;
  readonly palette: Palette;
}): Promise<{ readonly files: readonly string[] }> {
  const { settings } = request;
  const curves = lossCurves({ regions, volumeRatios: figure1Values.volumeRatios, points, settings, batches });
  const svg = await renderSvg(lossFigureSpec(curves, request.palette));
  const contents = { svg, png: await renderPng(svg), csv: lossCurvesCsv(curves) };
  await mkdir(request.folder, { recursive: true });
  const files = Object.entries(contents).map(([ending, content]) => ({
    path: join(request.folder, `figure-losses.${ending}`),
    content,
  }));
  await Promise.all(files.map(({ path, content }) => writeFile(path, content)));
  return { files: files.map(({ path }) => path) };
}

/** Rows: losses, one p̂ or own, batches; columns: μ. Bias over the uncertain volume, so that all panels share a scale. */
export function lossFigureSpec(curves: readonly BiasCurve[], palette: Palette): TopLevelSpec {
  const rows = parts.map(({ part, title }, row) => {
    const labels = [...new Set(curves.filter((curve) => curve.part === part).map((curve) => curve.label))];
    const colours = palette === 'grey' ? greys : safeColours;
    return {
      spacing: 14,
      hconcat: figure1Values.volumeRatios.map((mu, column) => ({
        width: 230,
        height: 190,
        title: row === 0 ? `μ = ${mu}, N = ${regions}` : '',
        data: { values: pointsOf(curves.filter((curve) => curve.part === part && curve.volumeRatio === mu)) },
        mark: { type: 'line', strokeWidth: 2.2 },
        encoding: {
          x: {
            field: 'p',
            type: 'quantitative',
            scale: { domain: [0, 1] },
            axis: { values: [0, 0.5, 1], format: '~g', title: row === parts.length - 1 ? 'probability p' : '' },
          },
          y: {
            field: 'bias',
            type: 'quantitative',
            scale: { domain: [-0.6, 0.8] },
            axis: { values: [-0.5, 0, 0.5], title: column === 0 ? 'ΔV / V(β)' : '', labels: column === 0 },
          },
          color: {
            field: 'curve',
            type: 'nominal',
            sort: labels,
            scale: { domain: labels, range: colours.slice(0, labels.length) },
            legend: { title },
          },
          strokeDash: {
            field: 'curve',
            type: 'nominal',
            sort: labels,
            scale: { domain: labels, range: dashes.slice(0, labels.length) },
            legend: { title, symbolSize: 600 },
          },
          order: { field: 'p' },
        },
      })),
      resolve: { legend: { color: 'shared', strokeDash: 'shared' } },
    };
  });
  const spec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    background: 'white',
    padding: 6,
    spacing: 16,
    vconcat: rows,
    resolve: { scale: { color: 'independent', strokeDash: 'independent' } },
    config: { ...chartConfig, legend: { ...chartConfig.legend, labelLimit: 1000, titleLimit: 1000 } },
  };
  return spec as unknown as TopLevelSpec;
}

function pointsOf(curves: readonly BiasCurve[]): { curve: string; p: number; bias: number }[] {
  return curves.flatMap(({ label, volumeRatio, probabilities, biases }) =>
    probabilities.map((p, i) => ({ curve: label, p, bias: (biases[i] as number) / volumeRatio })),
  );
}
