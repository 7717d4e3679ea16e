/**
 * Control characters (terminal escapes, NUL), characters that change the writing direction, and unpaired surrogates.
 * None belongs in a table, and each could make a table display something other than its content.
 */
export const unprintable = /[\p{Cc}\p{Cs}\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** The text with each such character replaced by U+FFFD. */
export function visibleText(text: string): string {
  return text.replace(unprintable, '\ufffd');
}
