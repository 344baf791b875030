import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Log } from '../../src/base/log.ts';
import { createEvents, type Events } from '../../src/observe/events.ts';
import { createMetrics, type Metrics } from '../../src/observe/metrics.ts';
import { aSnapshot } from '../tools/snapshot.ts';

let metrics: Metrics;
let lines: { level: string; event: string; fields: unknown }[];
let events: Events;

beforeEach(() => {
  metrics = createMetrics();
  lines = [];
  const at =
    (level: string): Log['info'] =>
    (event, fields) => {
      lines.push({ level, event, fields });
    };
  events = createEvents({ info: at('info'), warn: at('warn'), error: at('error') }, metrics.counters);
});
afterEach(() => {
  metrics.stop();
});

const text = (): Promise<string> => metrics.render({ snapshot: () => aSnapshot() });

describe('a business event', () => {
  it('of a batch of deletions is counted by outcome and reason, and logged once', async () => {
    const ended = { outcome: 'deleted', reason: 'retention', dueMs: 0, atMs: 40_000 } as const;
    events.deletionEnded({
      rootId: 'nvr',
      ended: [ended, ended, { ...ended, outcome: 'failed' }, { ...ended, reason: 'hold_released' }],
    });
    expect(await text()).toContain('fortnight_deletions_total{outcome="deleted",reason="retention"} 2\n');
    expect(await text()).toContain('fortnight_deletions_total{outcome="failed",reason="retention"} 1\n');
    expect(await text()).toContain('fortnight_deletions_total{outcome="deleted",reason="hold_released"} 1\n');
    expect(lines).toEqual([
      { level: 'info', event: 'deletion_ended', fields: { rootId: 'nvr', deleted: 3, failed: 1 } },
    ]);
  });

  it('of a deletion after a hold says nothing about how punctual we are', async () => {
    const ended = { outcome: 'deleted', dueMs: 0, atMs: 40_000 } as const;
    events.deletionEnded({
      rootId: 'nvr',
      ended: [
        { ...ended, reason: 'retention' },
        { ...ended, reason: 'hold_released', atMs: 1e12 },
      ],
    });
    expect(await text()).toContain('fortnight_deletion_delay_seconds_count 1\n');
    expect(await text()).toContain('fortnight_deletion_delay_seconds_sum 40\n');
  });

  it('of a login counts its outcome and names nobody in the log', async () => {
    events.loginTried({ outcome: 'failure' });
    expect(await text()).toContain('fortnight_logins_total{outcome="failure"} 1\n');
    expect(lines).toEqual([{ level: 'warn', event: 'login', fields: { outcome: 'failure' } }]);
  });

  it('that went wrong is louder than one that went well', () => {
    events.swept({ deleted: 1, failed: 0, tookMs: 1 });
    events.swept({ deleted: 1, failed: 1, tookMs: 1 });
    events.swept({ deleted: 0, failed: 0, tookMs: 1 });
    expect(lines.map((l) => l.level)).toEqual(['info', 'warn']);
  });
});
