import type { Palette } from './palette.js';

/** Dash patterns that distinguish lines without colour: `.dash-0` is solid. */
const dashes = ['none', '6 3', '2 2', '8 3 2 3', '4 4', '1 3', '10 3'];

/**
 * Styles of the figures' classes. A page includes them once for all its figures, with `pagePalette`. An SVG file embeds
 * them with literal colours, because not every renderer supports custom properties.
 */
export function figureStylesheet({ series, ...colour }: Palette): string {
  return `svg{font-size:12px;fill:${colour.ink}}
svg .page{fill:${colour.page}}svg .panel{fill:${colour.panel}}svg .over{fill:${colour.over}}svg .under{fill:${colour.under}}
svg .ink{fill:${colour.ink}}svg .soft{fill:${colour.soft};opacity:.65}svg .on-ink{fill:${colour.page}}
svg .heading{font-size:13px;font-weight:600}svg .note,svg .tick{font-size:11px;fill:${colour.soft}}
svg .value{font-weight:600}svg .series-name{font-weight:700}
svg .frame,svg .axis{stroke:${colour.soft};fill:none}svg .grid{stroke:${colour.line};fill:none}
svg .zero{stroke:${colour.ink};stroke-width:1.5;fill:none}svg .theory{stroke:${colour.ink};stroke-width:1.4;fill:none}
${series.map((value, index) => `svg .series-${index}{color:${value}}`).join('')}
svg .mark,svg .value,svg .series-name{fill:currentColor}
svg .curve,svg .stem,svg .whisker,svg .mean,svg .dots{stroke:currentColor;fill:none}
svg .curve{stroke-width:1.8;stroke-linejoin:round}svg .thin{stroke-width:1.1}svg .whisker{stroke-width:1.6}
svg .halo{stroke:${colour.page}}
svg .stem{stroke-width:6;opacity:.28}svg .mean{stroke-width:1.5;stroke-dasharray:7 4}
svg .dots{stroke-width:4.5;stroke-linecap:round;opacity:.55}svg .dots.series-1{stroke-linecap:square;stroke-width:3.6}
${dashes.map((value, index) => `svg .dash-${index}{stroke-dasharray:${value}}`).join('')}`;
}
