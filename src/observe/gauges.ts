/** What is read at each scrape. */
import { Gauge, type Registry } from 'prom-client';
import { createHeldGauges } from './held-gauges.ts';
import { createRootGauges } from './root-gauges.ts';
import { createWatchGauges } from './watch-gauges.ts';
import type { FillGauges } from './snapshot.ts';

export function createGauges(registry: Registry): FillGauges {
  const made = [cameraGauges, createRootGauges, createWatchGauges, createHeldGauges, siteGauges];
  const fills = made.map((make) => make(registry));
  return (snapshot) => {
    for (const fill of fills) fill(snapshot);
  };
}

function cameraGauges(registry: Registry): FillGauges {
  const gauge = (name: string, help: string): Gauge<'camera'> =>
    new Gauge({ name, help, labelNames: ['camera'], registers: [registry] });
  const clips = gauge('fortnight_clips', 'Clips that are there.');
  const bytes = gauge('fortnight_clip_bytes', 'Size of the clips that are there.');
  const oldest = gauge(
    'fortnight_oldest_unheld_clip_age_seconds',
    'Age of the oldest clip under no hold, from the end of its recording; absent when there is none.',
  );
  const overdue = gauge(
    'fortnight_overdue_clips',
    'Clips due for more than five minutes that are still there.',
  );
  const last = gauge(
    'fortnight_last_clip_age_seconds',
    'Time since the end of the newest clip; absent when there is none.',
  );
  return ({ cameras, nowMs }) => {
    for (const g of [clips, bytes, oldest, overdue, last]) g.reset();
    for (const camera of cameras) {
      const labels = { camera: camera.cameraId };
      clips.set(labels, camera.clips);
      bytes.set(labels, camera.bytes);
      overdue.set(labels, camera.overdueClips);
      if (camera.oldestUnheldEndMs !== null) oldest.set(labels, seconds(nowMs - camera.oldestUnheldEndMs));
      if (camera.lastEndMs !== null) last.set(labels, seconds(nowMs - camera.lastEndMs));
    }
  };
}

function siteGauges(registry: Registry): FillGauges {
  const registers = [registry];
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers });
  const lag = gauge(
    'fortnight_ingest_lag_seconds',
    'How long the oldest noticed change waits to be indexed.',
  );
  const queue = gauge('fortnight_ingest_queue', 'Changes that wait to be indexed.');
  const unaccepted = gauge(
    'fortnight_clock_unaccepted_seconds',
    'How far the wall clock is ahead of the clock that retention counts by.',
  );
  const suspect = gauge('fortnight_clock_suspect', '1 while the wall clock is not believed.');
  const sweep = gauge(
    'fortnight_last_sweep_timestamp_seconds',
    'When the last sweep ended; absent before the first.',
  );
  const drilled = gauge(
    'fortnight_drill_timestamp_seconds',
    'When the last deletion drill ended; absent before the first.',
  );
  const drill = new Gauge({
    name: 'fortnight_drill',
    help: '1 for the verdict of the last deletion drill, 0 for the others; absent before the first.',
    labelNames: ['verdict'],
    registers,
  });
  const holds = new Gauge({
    name: 'fortnight_holds',
    help: 'Holds, by state; a hold may be in several.',
    labelNames: ['state'],
    registers,
  });
  const alarm = new Gauge({
    name: 'fortnight_alarm',
    help: 'Alarms that stand, by code.',
    labelNames: ['code'],
    registers,
  });
  const seen = new Set<string>();
  return (snapshot) => {
    lag.set(snapshot.ingest.lagMs / 1000);
    queue.set(snapshot.ingest.queue);
    unaccepted.set(snapshot.clock.unacceptedMs / 1000);
    suspect.set(snapshot.clock.suspect ? 1 : 0);
    if (snapshot.lastSweepMs === null) sweep.remove();
    else sweep.set(snapshot.lastSweepMs / 1000);
    drilled.reset();
    drill.reset();
    if (snapshot.drill === null) drilled.remove();
    else {
      drilled.set(snapshot.drill.atMs / 1000);
      for (const verdict of ['ok', 'failed', 'skipped'])
        drill.set({ verdict }, verdict === snapshot.drill.verdict ? 1 : 0);
    }
    holds.set({ state: 'standing' }, snapshot.holds.standing);
    holds.set({ state: 'cooling_off' }, snapshot.holds.coolingOff);
    holds.set({ state: 'review_overdue' }, snapshot.holds.reviewOverdue);
    holds.set({ state: 'unconfirmed' }, snapshot.holds.unconfirmed);
    holds.set({ state: 'confirm_overdue' }, snapshot.holds.confirmOverdue);
    holds.set({ state: 'request_pending' }, snapshot.holds.pending);
    // A code that has ended stays at 0: an alert on it then ends at once instead of after the staleness delay.
    for (const { code } of snapshot.alarms) seen.add(code);
    for (const code of seen) alarm.set({ code }, 0);
    for (const { code } of snapshot.alarms) alarm.inc({ code });
  };
}

/** Not negative: a recorder whose clock is ahead makes clips that end in the future. */
function seconds(ms: number): number {
  return Math.max(0, ms) / 1000;
}
