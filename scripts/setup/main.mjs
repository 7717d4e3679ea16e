import { createContext } from './context.mjs';
import { SetupProblem } from './system/problem.mjs';
import { checkSetup, setUp } from './steps.mjs';

const options = new Set(['--check', '--json', '--verify']);

/**
 * @param {string[]} args
 * @param {import('./context.mjs').Context} context
 * @returns {Promise<number>} exit code: 0 all is in order, 1 something is not, 2 wrong usage
 */
export async function main(args, context = createContext()) {
  const unknown = args.find((arg) => !options.has(arg));
  if (unknown !== undefined) {
    console.error(`set-up: unknown option "${unknown}"; expected ${[...options].join(', ')}`);
    return 2;
  }
  try {
    if (args.includes('--check')) return await check(context, args.includes('--json'));
    await setUp(context, { thorough: args.includes('--verify') });
    return 0;
  } catch (error) {
    context.log.line('');
    if (error instanceof SetupProblem) console.error(`set-up: ${error.message}\n${error.advice}`);
    else if (typeof error.code === 'string' && error.path !== undefined) console.error(`set-up: ${error.message}`);
    else throw error;
    return 1;
  }
}

async function check(context, json) {
  const rows = await checkSetup(context);
  if (json) context.log.line(JSON.stringify(rows, undefined, 2));
  else for (const row of rows) context.log.line(describe(row));
  return rows.every(({ ok }) => ok) ? 0 : 1;
}

function describe({ name, ok, found, advice }) {
  return `${ok ? 'ok  ' : 'FAIL'}  ${name}: ${found}${advice === '' ? '' : `\n      → ${advice}`}`;
}
