import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import type { Config } from '../../../../configs/config-schema.js';
import { randomStream, shuffled } from '../../../../domain/random/random-stream.js';
import { renderReport } from '../../../../domain/report/page/render-report.js';
import { formatNumber, formatSigned } from '../../../../domain/report/words/format-number.js';
import type { TheoryBias } from '../../../../domain/results/results.js';
import type { MethodsConfig } from '../../../../domain/report/words/methods-config.js';
import {
  losses,
  models,
  syntheticReportInput,
  syntheticResultsInput,
  syntheticRows,
  syntheticTheory,
} from '../synthetic-report-input.js';

const emptyElements = new Set(['meta', 'br']);

/** Fails if an element is unclosed or closed out of order, which browsers would silently repair. */
function assertBalanced(page: string): void {
  const open: string[] = [];
  for (const [tag, closing, name = ''] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/g)) {
    if (closing === '/') assert.equal(name, open.pop());
    else if (!tag.endsWith('/>') && !emptyElements.has(name)) open.push(name);
  }
  assert.deepEqual(open, []);
}

function textOf(page: string): string {
  return page
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
}

const hostileName = `<img src=x onerror="alert('1')">&\u0000\u202e`;

describe('renderReport', () => {
  it('says of every figure and table on which grid it was measured', () => {
    for (const [grid, own, other] of [
      ['native', 'native grid', 'working grid'],
      ['working', 'working grid', 'native grid'],
    ] as const) {
      const results = syntheticResultsInput(undefined, { grid });
      const text = textOf(renderReport(syntheticReportInput(results)));
      for (const name of ['Figure 1', 'Table 1', 'Table 2', 'Figure 2', 'Table 3', 'Figure 3', 'Table 4', 'Table 5']) {
        const caption = text.split(`${name}. `)[1]?.slice(0, 400) ?? '';
        const wanted = name === 'Table 3' ? other : own;
        assert.ok(caption.includes(wanted), `${name}: ${caption}`);
      }
    }
  });

  it('names the cases with structure that no network can predict, and their share', () => {
    const { dataSets, ...rest } = syntheticResultsInput();
    const parts = { fieldOfView: 0, crop: 0, margin: 0, mask: 0 };
    const row = { volumeBefore: 8, volumeAfter: 8, structureVoxels: 1000 };
    const quality = [
      { ...row, caseId: 'whole', unpredictable: { ...parts, margin: 8 } },
      { ...row, caseId: 'part', unpredictable: { ...parts, crop: 0.5, mask: 0.5 } },
      { ...row, caseId: 'none', unpredictable: parts },
    ];
    const own = dataSets.map((dataSet) => ({ ...dataSet, quality }));
    const text = textOf(renderReport(syntheticReportInput({ ...rest, dataSets: own })));
    assert.match(text, /cannot be predicted in 2 cases .*: whole \(100 %\), part \(12\.5 %\)/);
  });

  it('gives the same bytes for the same results in any order', () => {
    const rows = syntheticRows();
    const render = (inOrder: typeof rows): string =>
      renderReport(syntheticReportInput(syntheticResultsInput(inOrder, { theory: syntheticTheory })));
    const page = render(rows);
    assert.equal(render(shuffled(rows, randomStream(9))), page);
    assertBalanced(page);
  });

  it('shows every mean of Table 1 and every prediction of the theory', () => {
    const input = syntheticReportInput(syntheticResultsInput(undefined, { theory: syntheticTheory }));
    const text = textOf(renderReport(input));
    for (const { cells } of input.results.dataSets.flatMap(({ arms }) => arms)) {
      for (const { mean } of Object.values(cells)) {
        assert.ok(mean !== null && text.includes(` ${formatNumber(mean)} `), String(mean));
      }
    }
    for (const { otherGrid } of input.results.dataSets.flatMap(({ arms }) => arms)) {
      assert.ok(text.includes(` ${formatNumber(otherGrid?.means.volumeError ?? NaN)} `));
    }
    assert.ok(text.includes('+2.45 · 10² px') && text.includes('+4.60 ml'));
    for (const { theoryBias } of input.results.dataSets.flatMap(({ arms }) => arms)) {
      const { realised, expected, remainder } = theoryBias as TheoryBias;
      const note = `theory ${formatSigned(realised)} (${formatSigned(expected)}), remainder ${formatSigned(remainder)}`;
      assert.ok(text.includes(note), note);
      assert.ok(text.includes(` ${formatNumber(realised)} `), 'in Table 1');
    }
    assert.doesNotMatch(textOf(renderReport(syntheticReportInput())), /theory|perfect learner/);
  });

  it('begins with the finding, worded according to the tests', () => {
    const text = textOf(renderReport(syntheticReportInput()));
    const finding = text.indexOf(
      'were significantly biased in 3 of the 4 data sets after training with soft Dice, and in none',
    );
    assert.ok(finding > 0 && finding < text.indexOf('Figure 1.') && finding < text.indexOf('Table 1.'));
    const unbiased = syntheticRows().map((row) =>
      row.loss === 'sd' ? { ...row, volumeError: row.volumeError - row.volumeError } : row,
    );
    assert.match(
      textOf(renderReport(syntheticReportInput(syntheticResultsInput(unbiased)))),
      /in none of the 4 data sets after training with cross-entropy and soft Dice/,
    );
  });

  it('escapes all external text', () => {
    const rows = syntheticRows().map((row) => ({
      ...row,
      caseId: row.caseId + hostileName,
      participant: row.participant + hostileName,
    }));
    const base = syntheticResultsInput(rows);
    const results = {
      ...base,
      dataSets: base.dataSets.map((dataSet) => ({
        ...dataSet,
        quality: dataSet.quality.map((q) => ({
          ...q,
          caseId: hostileName,
          unpredictable: { ...q.unpredictable, crop: 0.1 },
          volumeAfter: 0,
        })),
      })),
      folds: [...base.folds, 5],
      gaps: [{ dataSet: 'phantom-2d-low', model: 'unet', loss: 'sd', fold: 5, repeat: 0, reason: hostileName }],
    };
    const hostileUnit = { unit: hostileName, key: hostileName, digest: hostileName };
    const hostileOrigins = {
      specification: hostileName,
      dataSets: [{ name: hostileName, files: 1, units: [hostileUnit] }],
      trainings: syntheticReportInput().origins.trainings.map((one) => ({
        ...{ ...one, evaluation: hostileUnit, training: { ...hostileUnit, bestEpoch: 1 } },
      })),
    };
    const page = renderReport({
      ...syntheticReportInput(results),
      title: hostileName,
      sweepId: hostileName,
      machines: [{ made: [{ step: hostileName, units: 1 }], facts: [{ name: hostileName, value: hostileName }] }],
      origins: hostileOrigins,
      rerunCommand: hostileName,
    });
    for (const hostile of ['<img', 'onerror="', '\u0000', '\u202e']) assert.ok(!page.includes(hostile));
    assert.ok(page.includes('&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;\ufffd\ufffd'));
    assertBalanced(page);
  });

  it('loads and runs nothing: no script, no URL, and a policy that allows only its own style', () => {
    const page = renderReport(syntheticReportInput());
    assert.doesNotMatch(page, /<script|<link|@import|url\(|https?:|style="/);
    const style = /<style>(.*?)<\/style>/s.exec(page)?.[1] ?? '';
    const digest = createHash('sha256').update(style).digest('base64');
    assert.ok(style.length > 1000);
    assert.ok(
      page.includes(`content="default-src &#39;none&#39;; style-src &#39;sha256-${digest}&#39;; img-src data:;`),
    );
  });

  it('marks gaps in the table and lists each with its reason and the rerun command', () => {
    const rows = syntheticRows().filter(
      (row) => !(row.dataSet === 'phantom-3d-high' && row.model === 'unet' && row.loss === 'sd' && row.fold >= 3),
    );
    const gap = {
      dataSet: 'phantom-3d-high',
      model: 'unet',
      loss: 'sd',
      fold: 3,
      repeat: 0,
      reason: 'out of memory\nand of disk',
    };
    const page = renderReport(
      syntheticReportInput(syntheticResultsInput(rows, { gaps: [gap] }), { rerunCommand: 'volbias rerun s --failed' }),
    );
    const text = textOf(page);
    assert.match(text, /Incomplete: 2 trainings without results/);
    assert.match(text, /phantom-3d-high U-Net SD 3 out of memory and of disk/);
    assert.ok(page.includes('out of memory<br>and of disk'));
    assert.match(text, /phantom-3d-high U-Net SD 4 no result was recorded/);
    assert.match(text, /volbias rerun s --failed/);
    assert.equal(page.match(/▲†<\/span>/g)?.length, 2); // ΔV and ΔV hard of that arm
    assertBalanced(page);
    assert.doesNotMatch(textOf(renderReport(syntheticReportInput())), /Incomplete|out of memory/);
  });

  it('renders a sweep without any successful unit', () => {
    const page = renderReport(syntheticReportInput(syntheticResultsInput([])));
    assert.match(textOf(page), /There are not enough results to test any volume error/);
    assert.match(textOf(page), new RegExp(`Incomplete: ${4 * models.length * losses.length * 5} trainings`));
    assertBalanced(page);
    assert.doesNotMatch(page, /NaN|Infinity|undefined/);
  });

  it('derives the methods from the settings', () => {
    const base = syntheticReportInput();
    const text = textOf(renderReport(base));
    assert.match(text, /5-fold cross-validation\. Folds were drawn with seed 20190713, stratified/);
    assert.match(
      text,
      /conditional on these trained networks is a bootstrap with 2000 samples: participants were drawn/,
    );
    assert.match(
      text,
      /margin of ±5 % of .* p &lt; 0\.05 by the test including the training were considered significant;/,
    );
    assert.match(text, /percentile intervals at a level of 95 %.* p-values were not corrected/);
    const other = { decides: 'conditional', interval: 'bca', correction: 'holm' } as const;
    const changed = { ...base.config, statistics: { ...base.config.statistics, ...other } };
    const changedText = textOf(renderReport({ ...base, config: changed }));
    assert.match(changedText, /bias-corrected and accelerated \(BCa\)/);
    assert.match(changedText, /by the test conditional on these trained networks were considered .* Holm’s method/);
    const heldOut = { ...base.config, training: { ...base.config.training, validation: 'heldOut' as const } };
    assert.match(textOf(renderReport({ ...base, config: heldOut })), /scores are therefore optimistic/);
    assert.doesNotMatch(text, /scores are therefore optimistic/);
  });

  it('shows both tests and the equivalence of every volume error, and says which test decides', () => {
    const [, table = ''] = textOf(renderReport(syntheticReportInput())).split('Table 2. ');
    assert.match(table, /The test including the training decides the marks/);
    const count = (words: RegExp): number => [...table.matchAll(words)].length;
    const tests = 4 * models.length * losses.length;
    const pairs = 4 * models.length;
    assert.equal(count(/incl\. training: \S+ to \S+ p/g), tests + pairs);
    assert.equal(count(/these networks: \S+ to \S+ p/g), tests + pairs);
    assert.equal(count(/within ±5 %: (not )?shown, p/g), tests);
  });

  it("accepts a sweep's config unchanged", () => {
    // Compiles only if the config has every setting that the methods mention, with the same name and type.
    const accept = (config: Config): MethodsConfig => config;
    assert.equal(typeof accept, 'function');
  });
});
