/** When a unit of a step ran, in seconds since the run began. */
export interface Span {
  readonly step: string;
  readonly begin: number;
  readonly end: number;
}

/**
 * The seconds of a run's wall time that each step takes, which sum to `wall`: units that run at the same time share it
 * equally, and where none runs it belongs to `undefined`.
 */
export function wallShares(spans: readonly Span[], wall: number): ReadonlyMap<string | undefined, number> {
  const shares = new Map<string | undefined, number>();
  const add = (step: string | undefined, seconds: number): void => {
    shares.set(step, (shares.get(step) ?? 0) + seconds);
  };
  const times = [0, wall, ...spans.flatMap(({ begin, end }) => [begin, end])];
  const moments = [...new Set(times.map((time) => Math.min(Math.max(time, 0), wall)))].sort((a, b) => a - b);
  for (const [index, to] of moments.entries()) {
    const from = moments[index - 1];
    if (from === undefined) continue;
    const running = spans.filter(({ begin, end }) => begin <= from && end >= to);
    if (running.length === 0) add(undefined, to - from);
    for (const { step } of running) add(step, (to - from) / running.length);
  }
  return shares;
}

/** The seconds that a slot is idle on average, between the begin of the first span and the end of the last. */
export function idleSeconds(spans: readonly Span[], slots: number): number {
  const first = Math.min(...spans.map(({ begin }) => begin));
  const last = Math.max(...spans.map(({ end }) => end));
  const busy = spans.reduce((sum, { begin, end }) => sum + end - begin, 0);
  return last - first - busy / slots;
}
