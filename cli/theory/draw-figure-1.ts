import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { figure1Csv, figure1Data, type Figure1Data } from '../../domain/theory/figure-1-data.js';
import { figure1Spec } from './figure-1-spec.js';
import type { Palette } from './figure-style.js';
import { renderPng, renderSvg } from './render-chart.js';

export interface DrawnFigure {
  readonly data: Figure1Data;
  readonly files: readonly string[];
}

/** Writes Fig. 1 as SVG, PNG and CSV into a folder, which is made if it is not there. */
export async function drawFigure1(request: {
  readonly folder: string;
  readonly points: number;
  readonly palette: Palette;
}): Promise<DrawnFigure> {
  const data = figure1Data(request.points);
  const svg = await renderSvg(figure1Spec(data, request.palette));
  const contents = { svg, png: await renderPng(svg), csv: figure1Csv(data) };
  await mkdir(request.folder, { recursive: true });
  const files = Object.entries(contents).map(([ending, content]) => ({
    path: join(request.folder, `figure-1.${ending}`),
    content,
  }));
  await Promise.all(files.map(({ path, content }) => writeFile(path, content)));
  return { data, files: files.map(({ path }) => path) };
}
