import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { latexText } from '../../../../domain/report/table1/latex-text.js';
import { table1Latex } from '../../../../domain/report/table1/table1-latex.js';
import { resultsOf } from '../../../../domain/results/results-of.js';
import { tumourResults, tumours } from '../../results/tumours.js';
import { syntheticResultsInput, syntheticRows, syntheticTheory } from '../synthetic-report-input.js';

/** A command that makes a PDF of `page.tex` in its folder; undefined if this machine has none. */
const compiler = [
  ['pdflatex', '-interaction=nonstopmode', '-halt-on-error', '-no-shell-escape', 'page.tex'],
  ['tectonic', 'page.tex'],
].find(([command = '']) => spawnSync(command, ['--version']).status === 0);

const hostileName = 'a_b&c%d#e$f{g}h~i^j\\input{/etc/passwd}<k>|"';

/** Incomplete, with theory, what is cut off, a collapse, and a name of LaTeX's own characters. */
function everyPart(): string {
  const renamed = (dataSet: string): string => (dataSet === 'phantom-2d-low' ? hostileName : dataSet);
  const collapse = { dataSet: hostileName, model: 'lr', loss: 'sd', fold: 0, kept: true, sinceEpoch: 2 };
  const rows = syntheticRows()
    .filter(({ model, loss, fold }) => !(model === 'unet' && loss === 'sd' && fold === 4))
    .map((row) => ({ ...row, dataSet: renamed(row.dataSet), unpredictableVolume: 1 }));
  const input = syntheticResultsInput(rows);
  const theory = syntheticTheory.map((one) => ({ ...one, dataSet: renamed(one.dataSet) }));
  const dataSets = input.dataSets.map((one) => ({ ...one, name: renamed(one.name) }));
  return table1Latex(resultsOf({ ...input, repeats: 2, theory, dataSets, collapses: [collapse] }));
}

describe('table1.tex', () => {
  it("has the paper's bold for over- and italic for underestimation, between the rules of booktabs", () => {
    const lines = table1Latex(tumourResults()).split('\n');
    assert.ok(lines.includes(' &  & \\multicolumn{2}{c}{LR} & \\multicolumn{2}{c}{U-Net} \\\\'));
    assert.ok(lines.includes('\\cmidrule(lr){3-4}\\cmidrule(lr){5-6}'));
    assert.ok(lines.includes('Data set & Metric & CE & SD & CE & SD \\\\'));
    assert.ok(lines.includes('tumours & CE & 0.250$^{*}$ & 0.250 & 0.250 & --- \\\\'));
    assert.ok(
      lines.includes(' & $\\Delta$V (ml) & 0.250 & \\textbf{276.4} & \\textit{$-$6.778} & --- \\\\'),
      lines.join('\n'),
    );
  });

  it('has as many columns in each row as it declares', () => {
    const text = everyPart();
    const declared = /begin\{tabular\}\{(l+r+)\}/.exec(text)?.[1]?.length;
    const rows = text.split('\n').filter((line) => line.endsWith('\\\\') && !line.includes('multicolumn'));
    assert.ok(rows.length > 4 * 6);
    for (const row of rows) assert.equal(row.split(/(?<!\\)&/).length, declared, row);
  });

  it('takes no name for a command, and has only characters that every LaTeX knows', () => {
    assert.equal(
      latexText(hostileName),
      "a\\_b\\&c\\%d\\#e\\symbol{36}f\\{g\\}h\\~{}i\\^{}j\\textbackslash{}input\\{/etc/passwd\\}$<$k$>$$|$''",
    );
    assert.ok(everyPart().includes(latexText(hostileName)));
    const losses = ['squaredSd', 'lovaszHinge', 'smoothedSd-1', 'tversky-0.3-0.7', 'focal-2', 'ceSd-0.5'];
    const named = table1Latex(
      tumourResults({ losses, dataSets: [{ ...tumours, name: hostileName }], comparisons: [] }),
    );
    for (const text of [everyPart(), named]) assert.match(text, /^[\n\x20-\x7e]+$/);
    assert.match(named, /SD\$\^2\$ & Lov\\'asz/);
  });

  it('compiles', { skip: compiler === undefined && 'this machine has neither pdflatex nor tectonic' }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'volbias-table1-'));
    try {
      await writeFile(join(folder, 'table1.tex'), everyPart());
      const page = '\\documentclass{article}\\usepackage{booktabs}\\begin{document}\\input{table1}\\end{document}\n';
      await writeFile(join(folder, 'page.tex'), page);
      const [command = '', ...args] = compiler ?? [];
      const { status, stdout } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
      assert.equal(status, 0, stdout);
      assert.equal((await readFile(join(folder, 'page.pdf'))).subarray(0, 5).toString(), '%PDF-');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
