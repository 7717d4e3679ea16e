import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import sharp from 'sharp';

import { inlineSvg, standaloneSvg, type Figure } from '../../../domain/figures/figure.js';
import { figureStylesheet } from '../../../domain/figures/figure-stylesheet.js';
import { lightPalette, pagePalette } from '../../../domain/figures/palette.js';
import { biasFigure } from '../../../domain/report/figures/bias-figure.js';
import { caseFigure } from '../../../domain/report/figures/case-figure.js';
import { learningFigure } from '../../../domain/report/figures/learning-figure.js';
import { traceWords } from '../../../domain/report/words/trace-words.js';
import { markup } from '../../../domain/markup/markup.js';
import { resultsOf } from '../../../domain/results/results-of.js';
import { defaultLossSettings } from '../../../domain/theory/analysis/losses/loss-settings.js';
import { figure1 } from '../../../domain/theory/figures/figure-1.js';
import { figure1Data } from '../../../domain/theory/figures/figure-1-data.js';
import { lossCurves, lossFigureValues } from '../../../domain/theory/figures/loss-curves.js';
import { lossFigure } from '../../../domain/theory/figures/loss-figure.js';
import { figure1Palette, lossFigurePalette } from '../../../domain/theory/figures/palettes.js';
import { syntheticOrigins } from '../report/synthetic-origins.js';
import { syntheticResultsInput, syntheticTheory } from '../report/synthetic-report-input.js';
import { syntheticTraining } from '../report/synthetic-trainings.js';

const results = resultsOf({ ...syntheticResultsInput(), theory: syntheticTheory });
const trace = traceWords('quickstart-5f2c9a1be0', syntheticOrigins(syntheticResultsInput()));
const curves = lossCurves({ ...lossFigureValues, points: 11, settings: defaultLossSettings });

const figures = [
  { name: 'biases', figure: biasFigure(results, trace), palette: lightPalette },
  { name: 'cases', figure: caseFigure(results, trace), palette: lightPalette },
  {
    name: 'trainings',
    figure: learningFigure(
      results,
      ['ce', 'sd'].map((loss) => syntheticTraining([1, 0.5, 0.2, 0.3], { loss })),
      trace,
    ),
    palette: lightPalette,
  },
  { name: 'Fig. 1', figure: figure1(figure1Data(11)), palette: figure1Palette('paper') },
  { name: 'losses', figure: lossFigure(curves), palette: lossFigurePalette('grey') },
] as const;

describe('figures', () => {
  for (const { name, figure, palette } of figures) {
    it(`of ${name} draw with classes that the style sheet knows, and name no colour themselves`, () => {
      const { source } = inlineSvg(figure);
      const rules = figureStylesheet(palette);
      const classes = [...source.matchAll(/class="([^"]*)"/g)].flatMap(([, names = '']) => names.split(' '));
      const unknown = new Set(classes.filter((known) => !new RegExp(`\\.${known}[,{]`).test(rules)));
      assert.deepEqual([...unknown], []);
      assert.doesNotMatch(source, /style=|fill="|stroke="|NaN|undefined|−?Infinity/);
    });

    it(`of ${name} are files that need nothing else and that librsvg draws`, async () => {
      const svg = standaloneSvg(figure, palette);
      assert.doesNotMatch(svg, /var\(|<script|href|url\(|@import/);
      const { width, height } = await sharp(Buffer.from(svg)).metadata();
      assert.deepEqual([width, height], [Math.round(figure.width + 16), Math.round(figure.height + 16)]);
      const { data, info } = await sharp(Buffer.from(svg)).raw().toBuffer({ resolveWithObject: true });
      const seen = new Set<number>();
      for (let i = 0; i < data.length; i += info.channels) seen.add(data.readUIntBE(i, 3));
      assert.ok(seen.has(0xffffff) && palette.series.slice(0, 2).every((hex) => seen.has(parseInt(hex.slice(1), 16))));
    });
  }

  it('of the report are broken on a page between their rows only, where nothing is drawn across', () => {
    for (const { figure } of figures.slice(0, 3)) {
      const { parts = [], height, content, label, width } = figure;
      assert.ok(parts.length >= 4);
      assert.deepEqual([parts[0]?.top, parts.at(-1)?.bottom], [0, height]);
      parts.slice(1).forEach(({ top }, index) => assert.equal(top, parts[index]?.bottom));
      assert.equal(parts.map((part) => part.content.source).join(''), content.source);
      for (const { name, top, bottom } of parts) {
        const begin = `<svg viewBox="0 ${top} ${width} ${bottom - top}" role="img" aria-label="${label}: ${name}">`;
        assert.ok(inlineSvg(figure).source.includes(begin), begin);
      }
      for (const part of parts) {
        const heights = [...part.content.source.matchAll(/ y="([-\d.]+)"/g)].map(([, y]) => Number(y));
        assert.ok(heights.length > 5 && heights.every((y) => y >= part.top && y <= part.bottom - 2), part.name);
      }
    }
  });

  it('take their colours from the page, so that they follow its theme', () => {
    assert.doesNotMatch(figureStylesheet(pagePalette), /#[0-9a-f]{3}/);
  });

  it('say in words what they show, whatever the words are', () => {
    const figure: Figure = { width: 10, height: 20, label: 'a < "b" & c', content: markup`<g/>` };
    assert.match(
      inlineSvg(figure).source,
      /^<svg viewBox="0 0 10 20" role="img" aria-label="a &lt; &quot;b&quot; &amp; c">/,
    );
    assert.match(standaloneSvg(figure, lightPalette), /<title>a &lt; &quot;b&quot; &amp; c<\/title>/);
  });
});
