import { pagePalette } from '../../figures/palette.js';

/**
 * Styles of the gallery. Columns come one after the other, so that there may be any number of them. Outlines are drawn by
 * reference, where a rule for `svg .outline` would not reach them.
 */
export const galleryStylesheet = `.pictures{display:grid;grid-auto-flow:column;grid-auto-columns:minmax(7rem,11rem);gap:.3rem;align-items:end;margin-top:.8rem}
.rows-1{grid-template-rows:repeat(3,auto)}.rows-3{grid-template-rows:repeat(5,auto)}
.pictures .head,.pictures .foot{font-size:.8125rem;line-height:1.35;overflow-wrap:anywhere}.pictures .head{font-weight:600}
.pictures .foot{align-self:start;color:var(--soft);font-variant-numeric:tabular-nums}
.pictures svg{min-width:0}.head svg{display:inline-block;width:18px;height:10px;margin-right:.3rem}
.picture{position:relative;background:#000}.picture.missing{align-self:stretch;display:grid;place-items:center;background:var(--panel);color:var(--soft);font-size:.8125rem}
.picture span{position:absolute;color:#fff;font-size:.6875rem;line-height:1;text-shadow:0 0 2px #000,0 0 2px #000}
.picture .left{left:2px;top:calc(50% - .34rem)}.picture .right{right:2px;top:calc(50% - .34rem)}.picture .top{top:2px;left:calc(50% - .25rem)}.picture .bottom{bottom:2px;left:calc(50% - .25rem)}
.outline{fill:none;stroke:currentColor;stroke-width:1.5}.outline.truth{stroke:#ffd92f;stroke-width:1.2}.outline.back{stroke:#000;stroke-width:2.4;stroke-opacity:.55}
${pagePalette.series.map((colour, index) => `.outline.series-${index}{color:${colour}}`).join('')}
.teaser{margin:1rem 0}.teaser .pictures{grid-auto-columns:minmax(5rem,13rem)}`;
