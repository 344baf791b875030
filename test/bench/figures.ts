/** What is measured: names and limits as the project promises them, and how a figure is judged and printed. */
export const FIGURES = {
  'ingest-vs-ffprobe': {
    limit: 500,
    better: 'higher',
    what: 'times as fast as one ffprobe per file (extrapolated)',
  },
  'ingest-vs-floor': { limit: 4, better: 'lower', what: 'times the time of walking, opening and reading' },
  'ingest-rss-mb': { limit: 250, better: 'lower', below: true, what: 'MB of memory at most while indexing' },
  'watches-per-directory': { limit: 2, better: 'lower', what: 'inotify watches per directory' },
  'coverage-day-p99-ms': { limit: 5, better: 'lower', below: true, what: 'ms, coverage of one camera-day' },
  'coverage-all-p99-ms': {
    limit: 50,
    better: 'lower',
    below: true,
    what: 'ms, coverage of all cameras over 14 days',
  },
  'page-500-p99-ms': { limit: 5, better: 'lower', below: true, what: 'ms, a page of 500 clips' },
  'start-million-s': { limit: 5, better: 'lower', below: true, what: 's until the first HTTPS answer' },
  'million-rss-mb': {
    limit: 300,
    better: 'lower',
    below: true,
    what: 'MB of memory at most, a million clips',
  },
  'reconcile-million-s': {
    limit: 60,
    better: 'lower',
    below: true,
    what: 's, a full reconcile of a million settled files without a change',
  },
  'hold-201-s': {
    limit: 2,
    better: 'lower',
    below: true,
    what: 's until a hold over a day of eight cameras is answered, a million clips',
  },
  'hold-loop-max-ms': {
    limit: 250,
    better: 'lower',
    below: true,
    what: 'ms the event loop was late at most, until all of them have their second name',
  },
  'delete-vs-find': { limit: 2, better: 'lower', what: 'times (find -delete + the fsyncs of the sweep)' },
  'preserve-vs-cp': {
    limit: 0.7,
    better: 'higher',
    what: 'of the speed of cp and sync on the same files (copy, SHA-256, fsync; not the decode)',
  },
  'range-tls-vs-nginx': { limit: 0.8, better: 'higher', what: 'of the throughput of nginx, TLS (aim 0.9)' },
  'range-plain-vs-nginx': { limit: 1.2, better: 'higher', what: 'of the throughput of nginx, plain' },
  'loop-delay-p99-ms': {
    limit: 50,
    better: 'lower',
    below: true,
    what: 'ms the event loop was late (worst of ingest, reconcile, holding, sweep, serving)',
  },
} as const satisfies Record<string, Limit>;

export interface Limit {
  readonly limit: number;
  readonly better: 'lower' | 'higher';
  /** The limit itself is too much already. */
  readonly below?: boolean;
  readonly what: string;
}

export type FigureName = keyof typeof FIGURES;
export const FIGURE_NAMES = Object.keys(FIGURES) as FigureName[];

export interface Figure {
  readonly name: FigureName;
  /** null: it could not be measured, and the notes say why. */
  readonly value: number | null;
  readonly limit: number;
  readonly better: 'lower' | 'higher';
  readonly ok: boolean;
}

export function judge(name: FigureName, value: number | null): Figure {
  const { limit, better, below }: Limit = FIGURES[name];
  const within = (v: number): boolean =>
    better === 'higher' ? v >= limit : below === true ? v < limit : v <= limit;
  return {
    name,
    value: value === null ? null : rounded(value),
    limit,
    better,
    ok: value !== null && within(value),
  };
}

/** One JSON object per line. */
export function asJsonLines(figures: readonly Figure[]): string {
  return figures.map((f) => JSON.stringify(f)).join('\n');
}

export function asTable(figures: readonly Figure[]): string {
  const rows = figures.map((f) => {
    const { below, what }: Limit = FIGURES[f.name];
    const sign = f.better === 'higher' ? '>=' : below === true ? '<' : '<=';
    const value = f.value === null ? 'not measured' : String(f.value);
    return [f.name, value, `${sign} ${String(f.limit)}`, f.ok ? 'ok' : 'MISSED', what];
  });
  const widths = [0, 1, 2, 3].map((i) => Math.max(...rows.map((r) => r[i]?.length ?? 0)));
  return rows.map((r) => r.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')).join('\n');
}

/** Three significant digits, and never less than whole numbers. */
export function rounded(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

/** The value that `share` (0 to 1) of the samples do not exceed. Throws without samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1);
  const value = sorted[Math.max(0, at)];
  if (value === undefined) throw new Error('there are no samples');
  return value;
}

export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const high = sorted[Math.floor(sorted.length / 2)];
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  if (high === undefined || low === undefined) throw new Error('there are no samples');
  return (high + low) / 2;
}
