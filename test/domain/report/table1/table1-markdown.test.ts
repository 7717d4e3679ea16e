import assert from 'node:assert/strict';
import { it } from 'node:test';
import { table1Markdown } from '../../../../domain/report/table1/table1-markdown.js';
import { tumourResults } from '../../results/tumours.js';

it("table1Markdown has the paper's bold for over- and italic for underestimation", () => {
  const lines = table1Markdown(tumourResults()).split('\n');
  assert.equal(lines[0], '| Data set | Metric | LR CE | LR SD | U-Net CE | U-Net SD |');
  assert.equal(lines[4], '|  | ΔV (ml) | 0.250 | **276.4**▲ | _−6.778_▼ | — |');
  const heading = lines.findIndex((line) => line.startsWith('| Data set | Arm |'));
  assert.equal(
    lines[heading + 2],
    '| tumours (ml) | LR CE | +0.250 | +0.500 to +2.50, p = 0.60 | +1.00 to +2.00, p = 0.40 | shown, p = 0.010 |',
  );
  assert.equal(lines[2], '| tumours | CE | 0.250\\* | 0.250 | 0.250 | — |');
});
