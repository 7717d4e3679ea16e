import assert from 'node:assert/strict';
import { it } from 'node:test';
import { table1Markdown } from '../../../../domain/report/table1/table1-markdown.js';
import { tumourResults } from '../../results/tumours.js';

it("table1Markdown has the paper's bold for over- and italic for underestimation", () => {
  const lines = table1Markdown(tumourResults()).split('\n');
  assert.equal(lines[0], '| Data set | Metric | LR CE | LR SD | U-Net CE | U-Net SD |');
  assert.equal(lines[4], '|  | ΔV (ml) | 0.250 | **276.4**▲ | _−6.778_▼ | — |');
  assert.equal(lines[2], '| tumours | CE | 0.250\\* | 0.250 | 0.250 | — |');
});
