import { spawnSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/base/log.ts';
import { createEvents } from '../../src/observe/events.ts';
import { createMetrics, type Metrics } from '../../src/observe/metrics.ts';
import type { Snapshot } from '../../src/observe/snapshot.ts';
import { aCamera, aRoot, aSnapshot } from '../tools/snapshot.ts';

const made: Metrics[] = [];
afterEach(() => {
  for (const metrics of made.splice(0)) metrics.stop();
});

function metricsOf(): Metrics {
  const metrics = createMetrics();
  made.push(metrics);
  return metrics;
}

function scrape(metrics: Metrics, snapshot: Snapshot): Promise<string> {
  return metrics.render({ snapshot: () => snapshot });
}

/** The value of one series; undefined when it is absent. */
function value(text: string, series: string): number | undefined {
  const line = text.split('\n').find((l) => l.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

describe('metrics', () => {
  it('tell of each camera how much there is, how old the oldest is and how fresh the newest', async () => {
    const nowMs = 1_780_000_000_000;
    const cameras = [
      aCamera('hall', {
        clips: 3,
        bytes: 4096,
        lastEndMs: nowMs - 12_000,
        oldestUnheldEndMs: nowMs - 86_400_000,
        overdueClips: 2,
      }),
    ];
    const text = await scrape(metricsOf(), aSnapshot({ nowMs, cameras }));
    expect(value(text, 'fortnight_clips{camera="hall"}')).toBe(3);
    expect(value(text, 'fortnight_clip_bytes{camera="hall"}')).toBe(4096);
    expect(value(text, 'fortnight_last_clip_age_seconds{camera="hall"}')).toBe(12);
    expect(value(text, 'fortnight_oldest_unheld_clip_age_seconds{camera="hall"}')).toBe(86_400);
    expect(value(text, 'fortnight_overdue_clips{camera="hall"}')).toBe(2);
  });

  it('say nothing about the age of clips a camera does not have', async () => {
    const metrics = metricsOf();
    await scrape(metrics, aSnapshot({ cameras: [aCamera('hall', { lastEndMs: 1, oldestUnheldEndMs: 1 })] }));
    const text = await scrape(metrics, aSnapshot({ cameras: [aCamera('hall')] }));
    expect(text).not.toContain('fortnight_last_clip_age_seconds{');
    expect(text).not.toContain('fortnight_oldest_unheld_clip_age_seconds{');
  });

  it('never give a negative age when a recorder is ahead of us', async () => {
    const nowMs = 1_780_000_000_000;
    const text = await scrape(
      metricsOf(),
      aSnapshot({ nowMs, cameras: [aCamera('hall', { lastEndMs: nowMs + 60_000 })] }),
    );
    expect(value(text, 'fortnight_last_clip_age_seconds{camera="hall"}')).toBe(0);
  });

  it('give every state of a root and every reason that may block it, one of them 1', async () => {
    const text = await scrape(
      metricsOf(),
      aSnapshot({
        roots: [aRoot('nvr', { state: 'readonly', freeBytes: null })],
        blocked: [{ rootId: 'nvr', reason: 'root_readonly' }],
      }),
    );
    expect(value(text, 'fortnight_root_state{root="nvr",state="readonly"}')).toBe(1);
    expect(value(text, 'fortnight_root_state{root="nvr",state="online"}')).toBe(0);
    expect(value(text, 'fortnight_deletion_blocked{root="nvr",reason="root_readonly"}')).toBe(1);
    expect(value(text, 'fortnight_deletion_blocked{root="nvr",reason="breaker"}')).toBe(0);
    expect(value(text, 'fortnight_free_bytes{root="nvr"}')).toBeUndefined();
  });

  it('forget a root that is no longer configured', async () => {
    const metrics = metricsOf();
    await scrape(metrics, aSnapshot({ roots: [aRoot('old')] }));
    expect(await scrape(metrics, aSnapshot({ roots: [aRoot('new')] }))).not.toContain('root="old"');
  });

  it('have no time of a last sweep before the first', async () => {
    const metrics = metricsOf();
    const name = 'fortnight_last_sweep_timestamp_seconds';
    expect(value(await scrape(metrics, aSnapshot()), name)).toBeUndefined();
    expect(value(await scrape(metrics, aSnapshot({ lastSweepMs: 5000 })), name)).toBe(5);
  });

  it('count alarms by code, and keep a code that has ended at 0', async () => {
    const metrics = metricsOf();
    const two = await scrape(metrics, aSnapshot({ alarms: [{ code: 'overdue' }, { code: 'overdue' }] }));
    expect(value(two, 'fortnight_alarm{code="overdue"}')).toBe(2);
    expect(value(await scrape(metrics, aSnapshot()), 'fortnight_alarm{code="overdue"}')).toBe(0);
  });

  it('of two programs in one process do not mix', async () => {
    const [one, other] = [metricsOf(), metricsOf()];
    createEvents(silentLog, one.counters).viewOpened({ cameraId: 'hall' });
    expect(value(await scrape(one, aSnapshot()), 'fortnight_views_total')).toBe(1);
    expect(value(await scrape(other, aSnapshot()), 'fortnight_views_total')).toBe(0);
  });

  const promtool = spawnSync('promtool', ['--version']).error === undefined;
  it('satisfy promtool, also with names that hold quotes and line breaks', async (ctx) => {
    if (!promtool) ctx.skip('promtool is not installed');
    const metrics = metricsOf();
    const events = createEvents(silentLog, metrics.counters);
    events.auditWritten({ kind: 'login' });
    events.reconciled({
      rootId: 'a"b\\c\nd',
      outcome: 'done',
      tookMs: 5,
      added: 0,
      changed: 0,
      missing: 0,
      unreadableDirs: 0,
    });
    const text = await scrape(
      metrics,
      aSnapshot({
        cameras: [aCamera('say "hi"\n# TYPE evil counter\nevil 1', { lastEndMs: 0, oldestUnheldEndMs: 0 })],
        roots: [aRoot('back\\slash', { lastReconcileMs: 1 })],
        lastSweepMs: 1,
        alarms: [{ code: 'overdue' }],
      }),
    );
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: text,
      encoding: 'utf8',
    });
    expect(stderr + stdout).toBe('');
    expect(status).toBe(0);
    expect(text).not.toMatch(/^evil/m);
  });
});
