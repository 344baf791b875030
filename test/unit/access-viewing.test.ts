import { describe, expect, it } from 'vitest';
import type { AuditDraft } from '../../src/audit/entry.ts';
import type { Session } from '../../src/access/session.ts';
import { ViewGate, type Look } from '../../src/access/viewing.ts';
import { hoursOf, VIEW_QUIET_MS, withSpan, type ViewStore } from '../../src/access/view-window.ts';
import { HOUR_MS } from '../../src/base/clock.ts';
import { FortnightError } from '../../src/base/errors.ts';

class Ledger {
  readonly records: AuditDraft[] = [];
  commits = 0;
  broken = false;
  commit<T>(act: (append: (draft: AuditDraft) => number) => T): T {
    if (this.broken) throw new FortnightError('audit_unavailable', 'full');
    this.commits += 1;
    return act((draft) => this.records.push(draft));
  }
  of(kind: AuditDraft['kind']): AuditDraft['payload'][] {
    return this.records.filter((r) => r.kind === kind).map((r) => r.payload);
  }
}

function makeGate(left: ReturnType<ViewStore['leftovers']> = []): {
  gate: ViewGate;
  ledger: Ledger;
  open: Set<number>;
} {
  const ledger = new Ledger();
  const open = new Set<number>();
  const store: ViewStore = {
    open: (w) => open.add(w.startSeq),
    close: (w) => open.delete(w.startSeq),
    leftovers: () => left,
  };
  return { gate: new ViewGate({ store, ledger, onOpened: () => undefined }), ledger, open };
}

const session = { id: 's1', account: { userName: 'anna' } } as Session;
const T0 = 1000 * HOUR_MS;
const look = (change: Partial<Look> = {}): Look => ({
  session,
  purpose: { kind: 'protect_property', note: 'a bicycle', caseRef: undefined },
  cameraId: 'hall',
  range: { fromMs: T0, toMs: T0 + 10_000 },
  nowMs: T0 + HOUR_MS,
  ...change,
});

describe('view windows', () => {
  it('one record for all looks at an hour of a camera for a purpose in a session', async () => {
    const { gate, ledger } = makeGate();
    for (let i = 0; i < 5; i += 1)
      await gate.admit(look({ range: { fromMs: T0 + i * 1000, toMs: T0 + i * 1000 + 500 } }));
    expect(ledger.of('view_start')).toHaveLength(1);
  });

  it.each<[string, Partial<Look>]>([
    ['another hour', { range: { fromMs: T0 + HOUR_MS, toMs: T0 + HOUR_MS + 1 } }],
    ['another camera', { cameraId: 'entrance' }],
    ['another purpose', { purpose: { kind: 'legal_claim', note: 'a bicycle', caseRef: undefined } }],
    ['another note', { purpose: { kind: 'protect_property', note: 'a wallet', caseRef: undefined } }],
    ['another session', { session: { ...session, id: 's2' } }],
  ])('%s is another record', async (_, change) => {
    const { gate, ledger } = makeGate();
    await gate.admit(look());
    await gate.admit(look(change));
    expect(ledger.of('view_start')).toHaveLength(2);
  });

  it('footage over the full hour needs the records of both hours', async () => {
    const { gate, ledger } = makeGate();
    await gate.admit(look({ range: { fromMs: T0 - 1, toMs: T0 + 1 } }));
    expect(ledger.of('view_start').map((p) => p['hourMs'])).toEqual([T0 - HOUR_MS, T0]);
  });

  it('records that arrive together share one commit', async () => {
    const { gate, ledger } = makeGate();
    const looks = Array.from({ length: 20 }, (_, i) => gate.admit(look({ cameraId: `c${String(i % 10)}` })));
    await Promise.all(looks);
    expect(ledger.of('view_start')).toHaveLength(10);
    expect(ledger.commits).toBe(1);
  });

  it('nobody is admitted before the record is committed, nobody at all when it cannot be', async () => {
    const { gate, ledger } = makeGate();
    let admitted = false;
    const waiting = gate.admit(look()).then(() => (admitted = true));
    await Promise.resolve();
    expect([admitted, ledger.records.length]).toEqual([false, 0]);
    await waiting;
    expect(ledger.of('view_start')).toHaveLength(1);
    ledger.broken = true;
    await expect(gate.admit(look({ cameraId: 'other' }))).rejects.toMatchObject({
      code: 'audit_unavailable',
    });
    ledger.broken = false;
    await gate.admit(look({ cameraId: 'other' }));
    expect(ledger.of('view_start')).toHaveLength(2);
  });

  it('ends after ten quiet minutes with what was seen, and not a moment earlier', async () => {
    const { gate, ledger, open } = makeGate();
    const admission = await gate.admit(look());
    admission.count(700, T0 + HOUR_MS + 1000);
    await gate.admit(look({ range: { fromMs: T0 + 20_000, toMs: T0 + 30_000 }, nowMs: T0 + HOUR_MS }));
    gate.tick(T0 + HOUR_MS + 1000 + VIEW_QUIET_MS - 1);
    expect(ledger.of('view_end')).toEqual([]);
    gate.tick(T0 + HOUR_MS + 1000 + VIEW_QUIET_MS);
    expect(ledger.of('view_end')).toEqual([
      {
        session: 's1',
        camera: 'hall',
        hourMs: T0,
        startSeq: 1,
        requests: 2,
        bytes: 700,
        seen: [
          [T0, T0 + 10_000],
          [T0 + 20_000, T0 + 30_000],
        ],
        why: 'quiet',
      },
    ]);
    expect(open.size).toBe(0);
    await gate.admit(look());
    expect(ledger.of('view_start')).toHaveLength(2);
  });

  it('an end that cannot be written waits for the next time', async () => {
    const { gate, ledger } = makeGate();
    await gate.admit(look());
    ledger.broken = true;
    expect(() => {
      gate.tick(T0 + 2 * HOUR_MS);
    }).toThrow();
    ledger.broken = false;
    gate.tick(T0 + 2 * HOUR_MS);
    expect(ledger.of('view_end')).toHaveLength(1);
  });

  it('the end of a session ends its windows, also those being opened, and no others', async () => {
    const { gate, ledger } = makeGate();
    await gate.admit(look({ session: { ...session, id: 's2' } }));
    const opening = gate.admit(look());
    gate.endSession('s1', 'session_closed');
    await opening;
    expect(ledger.of('view_end').map((p) => p['session'])).toEqual(['s1']);
    gate.stop();
    expect(ledger.of('view_end').map((p) => [p['session'], p['why']])).toEqual([
      ['s1', 'session_closed'],
      ['s2', 'stop'],
    ]);
  });

  it('what a crash left is ended as unknown at the next start', () => {
    const { gate, ledger } = makeGate([{ sessionId: 's9', userName: 'anna', cameraId: 'hall', startSeq: 4 }]);
    gate.recover();
    expect(ledger.records).toEqual([
      {
        kind: 'view_end',
        actor: 'anna',
        payload: { session: 's9', camera: 'hall', startSeq: 4, why: 'unknown' },
      },
    ]);
  });
});

describe('hours and spans', () => {
  it('a range touches the hours it shows and no other', () => {
    expect(hoursOf({ fromMs: T0, toMs: T0 + HOUR_MS })).toEqual([T0]);
    expect(hoursOf({ fromMs: T0, toMs: T0 })).toEqual([T0]);
    expect(hoursOf({ fromMs: T0 - 1, toMs: T0 + HOUR_MS + 1 })).toEqual([T0 - HOUR_MS, T0, T0 + HOUR_MS]);
  });

  it('spans stay few and never cover less than was seen', () => {
    let spans: { fromMs: number; toMs: number }[] = [];
    for (let i = 0; i < 500; i += 1) spans = withSpan(spans, { fromMs: i * 10, toMs: i * 10 + 5 });
    expect(spans.length).toBeLessThanOrEqual(64);
    for (let i = 0; i < 500; i += 1)
      expect(spans.some((s) => s.fromMs <= i * 10 && s.toMs >= i * 10 + 5)).toBe(true);
  });
});
