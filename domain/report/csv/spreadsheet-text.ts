/**
 * A name for a CSV file. Spreadsheets take a field that begins with =, +, -, @, a tab or a carriage return for a formula, and a
 * formula can start programs; an apostrophe before it makes it text. Other names stay as they are.
 */
export function spreadsheetText(name: string): string {
  return /^[=+\-@\t\r＝＋－＠]/.test(name) ? `'${name}` : name;
}
