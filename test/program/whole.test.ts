import { existsSync, renameSync } from 'node:fs';
import { get } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '../../src/app.ts';
import { checkAgainstState } from '../../src/app/continuity.ts';
import { SimulatedClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { checkState } from '../../src/cli/check/command.ts';
import type { Client, Reply } from '../support/http/client.ts';
import { DAY, MINUTE, startWhole, until, type Whole } from '../support/whole.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
let w: Whole;
let clock: SimulatedClock;
let old: string;
let older: string;
let recent: string;
let security: Client;
let facility: Client;

beforeAll(async () => {
  clock = new SimulatedClock(NOW);
  w = await startWhole({
    clock,
    before: (record) => {
      older = record('nvr', NOW - 15 * DAY);
      old = record('nvr', NOW - 14 * DAY - MINUTE);
      recent = record('nvr', NOW - 30 * MINUTE);
      record('media', NOW - 40 * MINUTE, 20);
    },
  });
  security = await w.as('security');
  facility = await w.as('facility');
  await until(async () => (await clips()).length === 1);
});
afterAll(async () => {
  await w.close();
});

const window = `from=${String(NOW - 20 * DAY)}&to=${String(NOW + DAY)}`;
const clips = async (camera = 'entrance'): Promise<Record<string, unknown>[]> => {
  const reply = await security.get(`/api/v1/clips?camera=${camera}&${window}`);
  return reply.json['clips'] as Record<string, unknown>[];
};
const status = async (): Promise<Record<string, unknown>> => (await security.get('/api/v1/status')).json;
const state = (purpose: Record<string, unknown>): Promise<Reply> =>
  security.ask('PUT', '/api/v1/session/purpose', { body: purpose });
const scrape = (): Promise<string> =>
  new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port: w.metricsPort, path: '/metrics' }, (res) => {
      let body = '';
      res.setEncoding('utf8').on('data', (piece: string) => (body += piece));
      res.on('end', () => {
        resolve(body);
      });
    }).on('error', reject);
  });

describe('the whole program', () => {
  it('indexes what it finds, deletes nothing before a person has adopted it, and lists nothing that is due', async () => {
    await w.job('sweep');
    expect(w.has('nvr', old)).toBe(true);
    expect(w.has('nvr', older)).toBe(true);
    expect(await status()).toMatchObject({
      blocked: expect.arrayContaining([{ rootId: 'nvr', reason: 'adoption' }]) as unknown,
    });
    expect((await clips()).map((c) => c['startMs'])).toEqual([NOW - 30 * MINUTE]);
  });

  it('shows no byte without a purpose, and every byte with one, recorded first', async () => {
    const [clip] = await clips();
    const media = `/api/v1/clips/${String(clip?.['id'])}/media`;
    expect((await security.get(media)).status).toBe(403);
    expect((await facility.get(media)).status).toBe(403);
    expect((await state({ kind: 'protect_property', note: 'round of the building' })).status).toBe(200);
    const reply = await security.get(media, { headers: { range: 'bytes=0-99' } });
    expect(reply.status).toBe(206);
    expect(reply.bytes.toString('latin1', 4, 8)).toBe('ftyp');
    expect(
      (await security.get(`/api/v1/clips/${String(clip?.['id'])}/poster`)).bytes
        .subarray(0, 2)
        .toString('hex'),
    ).toBe('ffd8');
    const audit = (await (await w.as('privacy')).get('/api/v1/audit?kind=view_start')).json;
    expect(audit['entries']).toMatchObject([{ actor: 'security', payload: { camera: 'entrance' } }]);
  });

  it('keeps what a hold covers when the rest goes, and says what the hold found', async () => {
    const placed = await facility.ask('POST', '/api/v1/holds', {
      headers: { 'idempotency-key': '0b6d2f0e-7c1d-4f0a-9a55-2c4b8a6c1e01' },
      body: {
        caseRef: 'Z-2026-001',
        title: 'A fall in the hall',
        kind: 'legal_claim',
        ground: 'gdpr_17_3_e',
        viewers: ['security'],
        reason: 'The insurer asks to keep the footage.',
        cameraIds: ['entrance'],
        fromMs: NOW - 15 * DAY - MINUTE,
        toMs: NOW - 15 * DAY + MINUTE,
        reviewMs: NOW + 30 * DAY,
      },
    });
    expect(placed).toMatchObject({ status: 201 });
    expect(placed.json['coverage']).toMatchObject({ clips: 1 });
    for (const root of ['nvr', 'media']) {
      const body = { password: 'achttien blauwe ladders', trustNames: false };
      expect((await facility.ask('POST', `/api/v1/roots/${root}/adoption`, { body })).status).toBeLessThan(
        300,
      );
    }
    await until(async () => ((await status())['blocked'] as unknown[]).length === 0);
    await w.job('sweep');
    expect(w.has('nvr', old)).toBe(false);
    expect(w.has('nvr', older)).toBe(true);
    expect(w.has('nvr', recent)).toBe(true);
    const receipts = (await security.get(`/api/v1/receipts?camera=entrance&${window}`)).json['receipts'];
    expect(receipts).toMatchObject([
      { outcome: 'deleted', reason: 'retention', startMs: NOW - 14 * DAY - MINUTE },
    ]);
    expect(
      existsSync(w.path('nvr', `.fortnight/holds/${(placed.json['hold'] as { id: string }).id}.json`)),
    ).toBe(true);
  });

  it('ends a clip at its due moment: not listed, not served, deleted by the next sweep, 410 with its reason', async () => {
    const [held, clip] = await clips();
    expect(held).toMatchObject({ startMs: NOW - 15 * DAY, heldBy: ['Z-2026-001'] });
    const path = `/api/v1/clips/${String(clip?.['id'])}`;
    clock.advance(14 * DAY - 30 * MINUTE + 10_000);
    security = await w.as('security');
    await state({ kind: 'protect_property', note: 'round of the building' });
    expect((await security.get(`${path}/media`)).status).toBe(410);
    expect(w.has('nvr', recent)).toBe(true);
    await w.job('sweep');
    expect(w.has('nvr', recent)).toBe(false);
    const gone = await security.get(path);
    expect(gone.status).toBe(410);
    expect(gone.json).toMatchObject({ code: 'gone', reason: 'retention' });
  });

  it('finds a clip that appears while it runs', async () => {
    const made = w.record('nvr', clock.wallMs() - 5 * MINUTE);
    await w.app.rooms.ingest.reconcile('nvr', { full: false });
    await until(async () => (await clips()).length > 0 || (await later()).length > 0);
    expect(w.has('nvr', made)).toBe(true);
  });

  it('tells Prometheus how it stands, without names of people or files', async () => {
    const text = await scrape();
    expect(text).toMatch(/^fortnight_deletions_total\{outcome="deleted",reason="retention"\} [2-9]/m);
    expect(text).toMatch(/^fortnight_clips\{camera="entrance"\} \d/m);
    expect(text).not.toMatch(/front_door|\.mp4|Z-2026/);
  });

  it('leaves a second daemon outside, also with a copy of the state directory', async () => {
    await expect(buildApp(w.config, { log: silentLog })).rejects.toMatchObject({
      code: 'state_locked',
      exitCode: 73,
    });
  });

  it('claims nothing when the disk is gone, and goes on when it is back', async () => {
    renameSync(w.path('nvr', ''), w.path('away', ''));
    await w.app.rooms.roots.check();
    await until(async () =>
      ((await status())['roots'] as { id: string; state: string }[]).some(
        (r) => r.id === 'nvr' && r.state === 'offline',
      ),
    );
    const before = ((await status())['cameras'] as { clips: number }[])[0]?.clips;
    await w.app.rooms.ingest.reconcile('nvr', { full: true });
    expect(((await status())['cameras'] as { clips: number }[])[0]?.clips).toBe(before);
    renameSync(w.path('away', ''), w.path('nvr', ''));
    await w.app.rooms.roots.check();
    await until(async () =>
      ((await status())['roots'] as { id: string; state: string }[]).some(
        (r) => r.id === 'nvr' && r.state === 'online',
      ),
    );
  });

  it('keeps holds, accounts and the chain over a restart, and every promise checks', async () => {
    await w.restart();
    security = await w.as('security');
    expect(((await security.get('/api/v1/holds')).json['holds'] as unknown[]).length).toBe(1);
    await until(async () =>
      ((await status())['roots'] as { state: string }[]).every((r) => r.state === 'online'),
    );
    await w.job('sweep');
    expect(w.has('nvr', older)).toBe(true);
    expect(checkState(w.config, 'hash').findings).toEqual([]);
  });

  it('refuses a configuration that drops a camera which still has footage', async () => {
    const { cameras, ...rest } = w.config;
    await w.app.stop();
    const dropped = { ...rest, cameras: cameras.filter((c) => c.id !== 'entrance') };
    await expect(buildApp(dropped, { log: silentLog })).rejects.toMatchObject({
      code: 'config_invalid',
      exitCode: 78,
    });
    expect(() => {
      checkAgainstState(dropped);
    }).toThrow(/camera \"entrance\" still has/);
    checkAgainstState(w.config);
    await w.restart();
  });
});

async function later(): Promise<unknown[]> {
  const to = String(clock.wallMs() + DAY);
  const from = String(clock.wallMs() - DAY);
  return (await security.get(`/api/v1/clips?camera=entrance&from=${from}&to=${to}`)).json[
    'clips'
  ] as unknown[];
}
