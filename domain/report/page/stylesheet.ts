import { figureStylesheet } from '../../figures/figure-stylesheet.js';
import { galleryStylesheet } from './gallery-stylesheet.js';
import { customProperties, darkPalette, lightPalette, pagePalette } from '../../figures/palette.js';

/** The report's only style sheet, including that of its figures. */
export const stylesheet = `
:root{color-scheme:light dark;${customProperties(lightPalette)};--bad:#b3261e;--good:#2b7a46;--warn:#8a5a00;--warn-back:#fff6e0}
@media screen and (prefers-color-scheme:dark){:root{${customProperties(darkPalette)};--bad:#ff8a80;--good:#7fd19b;--warn:#f0c674;--warn-back:#2c2617}}
*{box-sizing:border-box}
body{margin:0 auto;padding:2rem 1.5rem 4rem;max-width:68rem;background:var(--page);color:var(--ink);overflow-wrap:break-word;
font:16px/1.5 system-ui,-apple-system,"Segoe UI","Liberation Sans",Arial,sans-serif}
h1{font-size:1.7rem;line-height:1.25;margin:0}h2{font-size:1.2rem;margin:2.6rem 0 .6rem}
h3{font-size:1rem;margin:0 0 .2rem}
p{margin:.4rem 0;max-width:48rem}
.note,.meta,figcaption,caption{color:var(--soft);font-size:.875rem}
.overall{margin:1rem 0 .6rem}.overall p{max-width:52rem}.overall p:first-child{font-size:1.25rem;line-height:1.4;font-weight:600}
.findings{display:grid;gap:.8rem;grid-template-columns:repeat(auto-fit,minmax(26rem,1fr));margin:.8rem 0 0}
.finding{border:1px solid var(--line);border-left:5px solid var(--line);border-radius:6px;padding:.8rem 1rem;break-inside:avoid}
.finding.biased{border-left-color:var(--bad)}.finding.unbiased{border-left-color:var(--good)}
.finding h3{display:flex;gap:.6rem;align-items:baseline;flex-wrap:wrap;overflow-wrap:anywhere}
.badge{font-size:.75rem;font-weight:600;border:1px solid currentColor;border-radius:1rem;padding:0 .6rem;color:var(--soft);white-space:nowrap}
.biased .badge{color:var(--bad)}.unbiased .badge{color:var(--good)}
.finding ul{margin:.4rem 0 0;padding-left:1.1rem;color:var(--soft);font-size:.875rem}
.warning{background:var(--warn-back);border-left:5px solid var(--warn);padding:.6rem 1rem;margin:1rem 0;border-radius:4px;overflow-wrap:anywhere}
.warning p{max-width:none}
figure{margin:0}figcaption{margin-top:.5rem;max-width:52rem}
.scroll{overflow-x:auto;container-type:inline-size}.scroll+.scroll{margin-top:1.6rem}
svg{display:block;width:100%;min-width:44rem;height:auto}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.4rem;margin:.2rem 0 .8rem;padding:0;list-style:none;font-size:.875rem}
.legend li{display:flex;align-items:center;gap:.4rem}.legend svg{width:26px;min-width:0;height:18px;flex:none}
${figureStylesheet(pagePalette)}
${galleryStylesheet}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9rem;width:100%}
caption{text-align:left;caption-side:bottom;padding-top:.5rem;position:sticky;left:0;max-width:min(52rem,100cqw)}
th,td{padding:.22rem .6rem;text-align:right;white-space:nowrap;vertical-align:top}
th{font-weight:600}th.text,td.text{text-align:left}th.wrap,td.wrap{white-space:normal;overflow-wrap:anywhere;min-width:9rem}
thead th{border-bottom:1px solid var(--ink)}thead .models th{border-bottom:1px solid var(--line);text-align:center}
tbody{border-bottom:1px solid var(--line)}tbody tr:first-child>*{padding-top:.45rem}tbody tr:last-child>*{padding-bottom:.45rem}
th.name{white-space:normal;overflow-wrap:break-word;min-width:8rem;max-width:14rem}
th.name small{display:block;font-weight:400;color:var(--soft)}
td.first{border-left:1px solid var(--line)}
td.over{font-weight:700;background:var(--over)}td.under{font-style:italic;background:var(--under)}td small{font-weight:400;font-style:normal;white-space:normal}td .note{font-size:.8125rem}.part{white-space:nowrap}
.switch>label{margin:0 1rem 0 .3rem;font-size:.875rem}.switch>div{margin-top:.5rem}
.switch>.paper,.switch>#table1-paper:checked~.own{display:none}.switch>#table1-paper:checked~.paper{display:block}
.marks{display:inline-block;width:1.5em;text-align:left;font-style:normal;font-weight:400}
dl{margin:.4rem 0}dt{font-weight:600;margin-top:.5rem;overflow-wrap:anywhere}dd{margin:0;max-width:52rem;overflow-wrap:anywhere}
code,pre{font:.8125rem/1.45 ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;overflow-wrap:anywhere}
pre{background:var(--panel);padding:.8rem;overflow-x:auto;border-radius:4px;white-space:pre-wrap}
footer{margin-top:3rem;border-top:1px solid var(--line);padding-top:.6rem;font-size:.8125rem;color:var(--soft)}
footer table{font-size:.8125rem}footer .wrap{min-width:6rem}
details{margin:.6rem 0}summary{cursor:pointer}
@media(max-width:40rem){body{padding:1rem}.findings{grid-template-columns:1fr}h1{font-size:1.25rem}.overall{margin:.6rem 0}.overall p{font-size:.875rem;line-height:1.4}.overall p:first-child{font-size:1rem}}
@media print{.switch>input,.switch>label{display:none}.switch>div.own,.switch>div.paper{display:block!important}
@page{margin:14mm}body{font-size:10pt;max-width:none;padding:0}.note,.meta,figcaption,.legend,.finding ul{font-size:8.5pt}code,pre{font-size:8pt}.overall p:first-child{font-size:12pt}h1{font-size:16pt}.scroll{overflow:visible;container-type:normal}.scroll svg{min-width:0}.pictures{grid-auto-columns:minmax(0,1fr)}
table,footer table{font-size:6.7pt;line-height:1.35}td .note,th small,table code{font-size:6.4pt}caption{position:static;max-width:none;font-size:8.5pt}th,td{white-space:normal;padding:.12rem .14rem}th.wrap,td.wrap{min-width:4.5rem}th.name{min-width:3rem}.pictures .head,.pictures .foot{font-size:7pt}table:has(thead th:nth-child(15)) thead th{overflow-wrap:anywhere}thead{break-inside:avoid}.marks{width:1.1em}
h2,h3,dt,.legend,summary{break-after:avoid}.legend,tbody,.pictures{break-inside:avoid}figcaption,caption{break-before:avoid;break-inside:avoid}*{print-color-adjust:exact}}
`;
