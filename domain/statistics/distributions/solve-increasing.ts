/**
 * The x ≥ 0 at which an increasing function reaches a value that lies between f(0) and f(∞), by bisection down to
 * neighbouring numbers.
 */
export function solveIncreasing(f: (x: number) => number, value: number): number {
  let low = 0;
  let high = 1;
  while (f(high) < value && high < Number.MAX_VALUE / 2) {
    low = high;
    high *= 2;
  }
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return low;
    if (f(middle) < value) low = middle;
    else high = middle;
  }
}
