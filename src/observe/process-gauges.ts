/** The process as Prometheus usually names it, and how long the event loop keeps a request waiting. */
import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Gauge, type Registry } from 'prom-client';

const RESOLUTION_MS = 10;
const NANOSECONDS = 1e9;

/** Registers the gauges and starts measuring. `stop` ends the measuring. */
export function createProcessGauges(registry: Registry): { fill(): void; stop(): void } {
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers: [registry] });
  const lag = gauge(
    'fortnight_event_loop_lag_seconds',
    'Event-loop lag since the last scrape, 99th percentile.',
  );
  const lagMax = gauge(
    'fortnight_event_loop_lag_max_seconds',
    'Event-loop lag since the last scrape, longest.',
  );
  const memory = gauge('process_resident_memory_bytes', 'Resident memory.');
  const descriptors = gauge('process_open_fds', 'Open descriptors.');
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  // The histogram measures the time between two ticks, so an idle loop shows the resolution itself.
  const excess = (ns: number): number => Math.max(0, ns / NANOSECONDS - RESOLUTION_MS / 1000);
  return {
    fill() {
      lag.set(excess(delay.percentile(99)));
      lagMax.set(excess(delay.max));
      delay.reset();
      memory.set(process.memoryUsage.rss());
      descriptors.set(readdirSync('/proc/self/fd').length);
    },
    stop() {
      delay.disable();
    },
  };
}
