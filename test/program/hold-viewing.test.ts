/** Held footage past its time: by every door, for those of security who are named on its case, and for nobody else. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../src/base/clock.ts';
import type { Case, Hold, HoldPlaced } from '../../src/http/api/index.ts';
import { Client, type Reply } from '../support/http/client.ts';
import { PASSWORDS } from '../support/http/world.ts';
import { DAY, MINUTE, startWhole, until, type Whole } from '../support/whole.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const START = NOW - 15 * DAY;
const WHY = 'The insurer asks to keep the footage.';
const GUARD = 'een andere bewaker kijkt mee';

let w: Whole;
let clipId: number;
let hold: Hold;
let named: Client;
let guard: Client;
let facility: Client;
let privacy: Client;
let admin: Client;

beforeAll(async () => {
  w = await startWhole({ clock: new SimulatedClock(NOW) });
  await until(() => w.app.rooms.roots.list().every((r) => w.app.rooms.roots.verify(r.id) !== undefined));
  const { accounts } = w.app.rooms.access;
  const account = {
    userName: 'guard',
    displayName: 'Another guard',
    role: 'security',
    language: 'en',
  } as const;
  await accounts.create({ ...account, password: GUARD }, 'console');
  facility = await w.as('facility');
  privacy = await w.as('privacy');
  admin = await w.as('admin');
  named = await (await w.as('security')).state();
  guard = await signIn('guard', GUARD);
  const placed = await facility.ask('POST', '/api/v1/holds', {
    body: {
      ...{ cameraIds: ['entrance'], fromMs: START, toMs: START + MINUTE, reviewMs: NOW + 30 * DAY },
      ...{ caseRef: 'Z-1', title: 'A fall in the hall', kind: 'legal_claim', ground: 'gdpr_17_3_e' },
      ...{ viewers: ['security'], reason: WHY },
    },
  });
  ({ hold } = placed.json as HoldPlaced);
  w.record('nvr', START);
  await w.app.rooms.ingest.reconcile('nvr', { full: true });
  clipId = w.app.rooms.reader.page({ cameraId: 'entrance', window: { fromMs: 0, toMs: NOW }, limit: 1 })[0]!
    .id;
});
afterAll(async () => {
  await w.close();
});

async function signIn(userName: string, password: string): Promise<Client> {
  const client = new Client(w.port);
  const reply = await client.login(userName, password);
  client.cookie = reply.headers['set-cookie']?.[0]?.split(';', 1)[0];
  client.csrf = String(reply.json['csrfToken']);
  return client.state();
}

type Door = (client: Client) => Promise<Reply>;
const clip = (): string => `/api/v1/clips/${String(clipId)}`;
/** Every way by which a clip leaves, whole or in part, or is described. */
const DOORS: Readonly<Record<string, Door>> = {
  'the whole film': (client) => client.get(`${clip()}/media`),
  'a range of it': (client) => client.get(`${clip()}/media`, { headers: { range: 'bytes=0-99' } }),
  'its last bytes': (client) => client.get(`${clip()}/media`, { headers: { range: 'bytes=-1' } }),
  'its size (HEAD)': (client) => client.ask('HEAD', `${clip()}/media`),
  'its still': (client) => client.get(`${clip()}/poster`),
  'its still (HEAD)': (client) => client.ask('HEAD', `${clip()}/poster`),
  'what is known of it': (client) => client.get(clip()),
};
const listed = async (client: Client): Promise<unknown[]> => {
  const range = `from=${String(START - MINUTE)}&to=${String(START + MINUTE)}`;
  return (await client.get(`/api/v1/clips?camera=entrance&${range}`)).json['clips'] as unknown[];
};

async function changeViewers(viewers: string[]): Promise<void> {
  const { cases } = (await facility.get('/api/v1/cases')).json as { cases: Case[] };
  const [{ id, version, title }] = cases as [Case];
  const body = { version, title, viewers, reason: WHY, password: PASSWORDS.facility };
  expect((await facility.ask('POST', `/api/v1/cases/${id}/change`, { body })).status).toBe(200);
}

describe.each(Object.entries(DOORS))('%s', (_name, door) => {
  it('is open to who is named on the case', async () => {
    expect((await door(named)).status).toBeLessThan(300);
  });

  it('is shut to security that is not named, as if it were gone', async () => {
    const reply = await door(guard);
    expect(reply.status).toBe(410);
    expect(reply.bytes.includes('ftyp')).toBe(false);
  });

  it('is shut to every other role', async () => {
    for (const client of [facility, privacy, admin]) expect((await door(client)).status).toBe(403);
  });
});

it('the list names it to who is named on the case, and to no other', async () => {
  expect(await listed(named)).toHaveLength(1);
  expect(await listed(guard)).toEqual([]);
});

it('who is taken from the case is shut out at once, who is added is let in', async () => {
  await changeViewers(['guard']);
  for (const [name, door] of Object.entries(DOORS)) {
    expect((await door(named)).status, name).toBe(410);
    expect((await door(guard)).status, name).toBeLessThan(300);
  }
  await changeViewers(['security', 'guard']);
});

it('from the release on, nobody: neither while it cools off nor after', async () => {
  const { version } = (await facility.get(`/api/v1/holds/${hold.id}`)).json['hold'] as Hold;
  const ask = { version, reason: WHY, password: PASSWORDS.facility };
  const asked = await facility.ask('POST', `/api/v1/holds/${hold.id}/release`, { body: ask });
  expect(asked.status).toBe(200);
  const grant = { version: version + 1, reason: WHY, password: PASSWORDS.privacy };
  expect((await privacy.ask('POST', `/api/v1/holds/${hold.id}/approve`, { body: grant })).status).toBe(200);
  for (const client of [named, guard])
    for (const [name, door] of Object.entries(DOORS)) expect((await door(client)).status, name).toBe(410);
});
