/** Files nobody owns: deleted by a confirmed rule only, under the gate of the holds, with a record before and after. */
import { linkSync, renameSync, statSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { everyRecord, verifyChain } from '../../src/audit/verify.ts';
import { createAuditStore } from '../../src/db/audit.ts';
import { createUnownedStore } from '../../src/db/retention/unowned.ts';
import type { HoldVersion } from '../../src/holds/hold.ts';
import { Gate } from '../../src/retention/gate.ts';
import { DAY, T0 } from '../support/footage.ts';
import { holdOver } from '../support/sweeping.ts';
import { OLD, RULE, UnownedLab } from '../support/unowned-lab.ts';

let u: UnownedLab;
beforeEach(() => {
  u = new UnownedLab();
});
afterEach(() => {
  u.f.close();
});

describe('files nobody owns', () => {
  it('are never deleted without a rule, nor by a rule that nobody confirmed', async () => {
    u.add('junk.txt');
    await u.sweep();
    u.rules.follow([RULE], T0);
    await u.sweep();
    expect(u.there('junk.txt')).toBe(true);
    expect(u.kinds()).toEqual(['config_changed']);
  });

  it('go by a confirmed rule, with an intent before and a record after that names no file', async () => {
    u.enforce();
    u.add('a/junk-4711.txt');
    u.add('b.txt');
    await u.sweep();
    expect([u.there('a/junk-4711.txt'), u.there('b.txt')]).toEqual([false, false]);
    expect(u.listed()).toEqual([]);
    expect(u.kinds()).toEqual(['config_changed', 'unowned_rule', 'unowned_intent', 'unowned_done']);
    expect(u.payloads('unowned_rule')).toMatchObject([{ actor: 'admin', root: 'nvr' }]);
    expect(u.payloads('unowned_done')).toMatchObject([{ root: 'nvr', intent: 3, deleted: 2 }]);
    expect(JSON.stringify(u.payloads('unowned_done'))).not.toContain('4711');
    expect(u.ends.map((e) => e.outcome)).toEqual(['deleted', 'deleted']);
    expect(verifyChain(everyRecord(createAuditStore(u.f.db)))).toMatchObject({ ok: true });
    await u.sweep();
    expect(u.kinds()).toHaveLength(4);
  });

  it.each([
    ['mtime', { mtimeMs: T0 - 29 * DAY }],
    ['time of change', { ctimeMs: T0 - 29 * DAY }],
    ['first sight', { seenMs: T0 - 29 * DAY }],
    ['mtime, which lies in the future,', { mtimeMs: T0 + DAY }],
  ])('stay while their %s is younger than the rule', async (_, times) => {
    u.enforce();
    u.add('junk.txt', times);
    await u.sweep();
    expect(u.there('junk.txt')).toBe(true);
    u.f.clock.advance(32 * DAY);
    await u.sweep();
    expect(u.there('junk.txt')).toBe(false);
  });

  it('stay while times cannot be believed, while anything blocks the root, and while the rule is shorter than the retention', async () => {
    u.enforce();
    u.add('junk.txt');
    u.believable = false;
    await u.sweep();
    u.believable = true;
    u.blocked = ['breaker'];
    await u.sweep();
    u.blocked = [];
    await u.sweep({ retentionMs: () => 41 * DAY });
    expect(u.there('junk.txt')).toBe(true);
    expect(u.kinds()).not.toContain('unowned_intent');
  });

  it('that are links, devices or directories are never touched, and neither is what a link leads to', async () => {
    u.enforce();
    writeFileSync(u.f.path('../target'), 'outside');
    symlinkSync(u.f.path('../target'), u.f.path('link.mp4'));
    u.list('link.mp4', 'link');
    u.list('pretends.mp4', 'no_layout');
    symlinkSync(u.f.path('../target'), u.f.path('pretends.mp4'));
    u.add('fifo', { reason: 'special' });
    await u.sweep();
    expect(['../target', 'link.mp4', 'pretends.mp4', 'fifo'].map((path) => u.there(path))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(u.kinds()).not.toContain('unowned_intent');
  });

  it('that a clip or a sidecar owns by now stay, and so does what the layout reads as a clip', async () => {
    u.enforce();
    const id = u.f.add('cam/a.mp4', { startMs: T0 - DAY, endMs: T0 });
    u.f.addSidecar(id, 'cam/a.jpg');
    u.add('cam/a.mp4');
    u.add('cam/a.jpg', { reason: 'no_clip' });
    u.add('clip/b.mp4', { reason: 'no_camera' });
    await u.sweep();
    expect(['cam/a.mp4', 'cam/a.jpg', 'clip/b.mp4'].map((path) => u.there(path))).toEqual([true, true, true]);
  });

  it('whose bytes are no text go like any other', async () => {
    u.enforce();
    u.add('\xff\n-');
    await u.sweep();
    expect(u.there('\xff\n-')).toBe(false);
    expect(u.ends).toHaveLength(1);
  });

  it('that changed since they were looked at stay; other names of their content are told', async () => {
    u.enforce();
    u.add('swapped.txt');
    u.add('linked.txt');
    linkSync(u.f.path('linked.txt'), u.f.path('second-name'));
    u.beforeUnlink = () => {
      writeFileSync(u.f.path('other'), 'another');
      renameSync(u.f.path('other'), u.f.path('swapped.txt'));
    };
    await u.sweep();
    expect(u.there('swapped.txt')).toBe(true);
    expect(u.ends).toEqual([
      { path: 'linked.txt', outcome: 'deleted', linksLeft: 1 },
      { path: 'swapped.txt', outcome: 'identity_changed', linksLeft: 0 },
    ]);
    expect(statSync(u.f.path('second-name')).nlink).toBe(1);
  });
});

describe('a hold on a camera of the root', () => {
  const over = (camera: string, atMs: number): HoldVersion => holdOver([camera], atMs - 1000, atMs + 1000);

  it.each([
    ['touches their mtime', 'hall', OLD],
    ['touches an hour before it, as long as a clip can be', 'entrance', OLD - 3_500_000],
  ])('keeps them when it %s', async (_, camera, atMs) => {
    u.enforce();
    u.add('junk.mp4');
    u.holds.push(over(camera, atMs));
    await u.sweep();
    expect(u.there('junk.mp4')).toBe(true);
    expect(u.kinds()).not.toContain('unowned_intent');
  });

  it('lets them go when it ended, touches another time, or is on a camera of another root', async () => {
    u.enforce();
    u.add('junk.mp4');
    u.holds.push(over('garden', OLD), over('hall', OLD + 7_200_000));
    u.holds.push({ ...over('hall', OLD), version: 2, releasedMs: T0 - 2 * DAY, endsMs: T0 - DAY });
    await u.sweep();
    expect(u.there('junk.mp4')).toBe(false);
  });

  it('binds when it is placed after the files were looked at', async () => {
    u.enforce();
    u.add('junk.mp4');
    u.afterLook = () => {
      u.holds.push(over('hall', OLD));
    };
    await u.sweep();
    expect(u.there('junk.mp4')).toBe(true);
    expect(u.kinds()).not.toContain('unowned_intent');
  });

  it('placed while a batch is under way waits at the gate for it, or stops it; what was not unlinked yet stays', async () => {
    u.enforce();
    for (const name of ['a', 'b', 'c']) u.add(name);
    let placed: Promise<void> | undefined;
    u.gate = new Gate(() => Promise.resolve());
    const order: string[] = [];
    u.beforeUnlink = (abort) => {
      placed ??= u.gate.placement(() => {
        u.holds.push(over('hall', OLD));
        order.push('placed');
      });
      abort.raise();
    };
    await u.sweep();
    order.push('swept');
    await placed;
    expect(order).toContain('placed');
    expect(['a', 'b', 'c'].map((path) => u.there(path))).toEqual([true, true, true]);
    expect(u.ends.map((e) => e.outcome)).toEqual(['withdrawn', 'withdrawn', 'withdrawn']);
    u.f.clock.advance(2 * DAY);
    u.beforeUnlink = () => undefined;
    await u.sweep();
    expect(['a', 'b', 'c'].map((path) => u.there(path))).toEqual([true, true, true]);
    expect(u.kinds().filter((k) => k.startsWith('unowned_'))).toEqual([
      'unowned_rule',
      'unowned_intent',
      'unowned_done',
    ]);
  });
});

describe('what a crash or a failing disk leaves', () => {
  it('is ended before anything new begins: gone is recorded as gone, what is there is free again', async () => {
    u.enforce();
    u.add('a');
    u.add('b');
    const store = createUnownedStore(u.f.db, u.f.audit);
    store.begin('nvr', ['a', 'b'], () => true);
    unlinkSync(u.f.path('a'));
    await u.sweep();
    expect(u.ends.slice(0, 2).map(({ path, outcome }) => [path, outcome])).toEqual([
      ['a', 'deleted_recovered'],
      ['b', 'withdrawn'],
    ]);
    expect(u.listed()).toEqual(['b']);
    expect(u.there('b')).toBe(true);
    u.f.clock.advance(2 * DAY);
    await u.sweep();
    expect(u.there('b')).toBe(false);
  });

  it('is claimed by nobody: without a durable directory the intent stays open and the root is failing', async () => {
    u.enforce();
    u.add('a');
    u.durableFailure = 'EIO at fsync';
    await u.sweep();
    expect(u.said).toEqual(['failing: EIO at fsync']);
    expect(u.listed()).toEqual(['a']);
    expect(u.kinds().at(-1)).toBe('unowned_intent');
    u.durableFailure = undefined;
    await u.sweep();
    expect(u.ends.map((e) => e.outcome)).toEqual(['deleted_recovered']);
    expect(u.kinds().at(-1)).toBe('unowned_done');
  });
});

describe('a rule', () => {
  it('that is changed waits to be confirmed again; one that is taken away is gone; each is recorded', () => {
    u.enforce();
    u.rules.follow([RULE], T0);
    expect(u.rules.rule('nvr')?.confirmedBy).toBe('admin');
    u.rules.follow([{ id: 'nvr', unownedDeleteAfterMs: 20 * DAY }], T0);
    expect(u.rules.rule('nvr')).toEqual({ deleteAfterMs: 20 * DAY, confirmedBy: null });
    u.rules.confirm('nvr', { user: 'admin', nowMs: T0 });
    expect(() => {
      u.rules.confirm('nvr', { user: 'admin', nowMs: T0 });
    }).toThrow('no rule');
    u.rules.follow([{ id: 'nvr' }], T0);
    expect(u.rules.rule('nvr')).toBeUndefined();
    expect(u.kinds()).toEqual([
      'config_changed',
      'unowned_rule',
      'config_changed',
      'unowned_rule',
      'config_changed',
    ]);
  });
});
