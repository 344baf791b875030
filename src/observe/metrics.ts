/** The registry, made by a function: two programs in one process (as in tests) do not share a counter. */
import { Registry } from 'prom-client';
import { createCounters, type Counters } from './counters.ts';
import { createGauges } from './gauges.ts';
import { createProcessGauges } from './process-gauges.ts';
import type { StatusSource } from './snapshot.ts';

export interface Metrics {
  /** For events.ts. */
  readonly counters: Counters;
  /** Media type of what `render` gives. */
  readonly contentType: string;
  /** The text of a scrape, read from `status` now. Rejects when the status cannot be read. */
  render(status: StatusSource): Promise<string>;
  stop(): void;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const counters = createCounters(registry);
  const fillGauges = createGauges(registry);
  const ofProcess = createProcessGauges(registry);
  return {
    counters,
    contentType: registry.contentType,
    render(status) {
      fillGauges(status.snapshot());
      ofProcess.fill();
      return registry.metrics();
    },
    stop() {
      ofProcess.stop();
    },
  };
}
