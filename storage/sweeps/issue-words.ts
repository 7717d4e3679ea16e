import { z } from 'zod';

const types: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list, such as [a, b]',
  tuple: 'a list, such as [a, b]',
  object: 'keys with values, such as { key: value }',
};

/** What a schema expected, in place of zod's message; undefined leaves the message as it is. */
export function expectationOf(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${types[isWhole(issue.inst) ? 'int' : issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `expected ${orList(issue.values.map(String))}`;
    case 'too_small':
      return `expected ${limit(issue.origin, Number(issue.minimum), issue.inclusive === false ? 'above' : 'at least')}`;
    case 'too_big':
      return `expected ${limit(issue.origin, Number(issue.maximum), issue.inclusive === false ? 'below' : 'at most')}`;
    default:
      return undefined;
  }
}

/** Zod says of text for a whole number only that it is no number. */
function isWhole(schema: unknown): boolean {
  return schema instanceof z.ZodNumber && schema.format === 'safeint';
}

function limit(origin: string, value: number, bound: 'above' | 'at least' | 'below' | 'at most'): string {
  if (origin === 'string')
    return value === 1 && bound === 'at least' ? 'text that is not empty' : `${bound} ${value} characters`;
  if (origin === 'array' || origin === 'tuple') return `${bound} ${value} ${value === 1 ? 'entry' : 'entries'}`;
  return `${origin === 'int' ? 'a whole number' : 'a number'} ${bound === 'above' || bound === 'below' ? bound : `of ${bound}`} ${value}`;
}

/** `a`, `a or b`, `a, b or c`; each once. */
export function orList(items: readonly string[]): string {
  const [last = '', ...others] = [...new Set(items)].reverse();
  return others.length === 0 ? last : `${others.reverse().join(', ')} or ${last}`;
}

const longestShown = 40;

/** A value of a config, briefly: what is there instead of what was expected. */
export function valueWords(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) {
    const listed = `[${value.map(String).join(', ')}]`;
    const isShort = value.every((one) => typeof one !== 'object') && listed.length <= longestShown;
    return isShort ? listed : `a list of ${value.length}`;
  }
  if (typeof value === 'object') return 'keys with values';
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

/** What the YAML parser's words mean for someone who does not know its grammar. */
const syntax: readonly (readonly [RegExp, string])[] = [
  [
    /^Nested mappings are not allowed|^Implicit keys need to be on/,
    'a colon, or an indentation, that does not fit: put text that contains ": " in quotes, write "- " with a blank, and ' +
      'indent keys of one level alike',
  ],
  [
    /^Sequence item without - indicator|^All sequence items must start at the same column/,
    'a list whose items do not all begin with "- ", indented alike',
  ],
  [
    /^Implicit map keys need to be followed by map values/,
    'a key without a value: write "key: value", with a colon and a blank',
  ],
  [/^Unexpected , in flow|^Unexpected empty item in flow/, 'a comma too many in brackets'],
  [/^Unexpected flow-(?:seq|map)-end token|^Unexpected [\]}] in/, 'a bracket that does not fit'],
  [/^Plain value cannot start with (.*)$/, 'text that begins with $1 must be in quotes'],
  [/^Comments must be separated from other tokens/, 'a comment needs a blank before its #'],
  [/^Invalid escape sequence (\S*)/, 'in double quotes, $1 has no meaning: use single quotes'],
  [/^Block collections are not allowed within flow/, 'a comma is missing between entries in brackets'],
  [/^Unexpected .* at node end/, 'something after the end of a value: put it on a line of its own, or all in quotes'],
  [/^Block scalar header includes extra/, 'text after | or > must begin on the next line'],
  [/^All mapping items must start at the same column/, 'keys of one level must be indented alike'],
  [/^Flow \w+ in block collection .* end with a (.)$/, 'a bracket that is not closed: expected $1'],
  [/^Missing closing (.)quote$/, 'a quotation mark that is not closed: expected $1'],
];

/** A message of the YAML parser in plain words, where there are some. */
export function syntaxWords(message: string): string {
  const found = syntax.find(([pattern]) => pattern.test(message));
  return found === undefined ? message : message.replace(new RegExp(`(?:${found[0].source})[^]*`), found[1]);
}
