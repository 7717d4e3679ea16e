import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import type { StepDeclaration } from '../../contracts/step-declaration.js';
import { pipeline } from '../../steps/pipeline.js';
import { repositoryRoot } from '../support/paths.js';

const eachOf: Record<StepDeclaration['fanOut'], string> = {
  dataSet: 'each data set',
  shard: 'each case',
  armFold: 'each arm and fold',
  sweep: 'once',
};

function diagram(): string {
  const boxes = pipeline.map(({ name, fanOut }) => `  ${name}["${name}<br/><small>${eachOf[fanOut]}</small>"]`);
  // An arrow is left out where another way already leads from one to the other.
  const needs = new Map<string, readonly string[]>(pipeline.map((step) => [step.name, step.needs]));
  const reaches = (from: string, to: string): boolean =>
    (needs.get(to) ?? []).some((need) => need === from || reaches(from, need));
  const arrows = pipeline.flatMap(({ name, needs: direct }) =>
    direct
      .filter((need) => !direct.some((other) => other !== need && reaches(need, other)))
      .map((need) => `  ${need} --> ${name}`),
  );
  return ['```mermaid', 'flowchart LR', ...boxes, ...arrows, '```'].join('\n');
}

test("README's diagram is the pipeline's table", () => {
  const readme = readFileSync(join(repositoryRoot, 'README.md'), 'utf8');
  assert.ok(readme.includes(diagram()), `README.md should contain:\n${diagram()}`);
});
