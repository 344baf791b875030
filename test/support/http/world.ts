/** A whole server over real TLS, a real index and real files; only what other rooms do is simulated. */
import { close, fstatSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createAccess, type Access } from '../../../src/access/access.ts';
import { Passwords } from '../../../src/access/passwords.ts';
import { ROLES, type Role } from '../../../src/access/roles.ts';
import type { AuditDraft } from '../../../src/audit/entry.ts';
import { createAuditLog } from '../../../src/audit/log.ts';
import { DAY_MS, HOUR_MS, SimulatedClock } from '../../../src/base/clock.ts';
import { silentLog } from '../../../src/base/log.ts';
import type { Clip } from '../../../src/clips/clip.ts';
import { createAccessLedger } from '../../../src/db/access/ledger.ts';
import { createAccountStore } from '../../../src/db/access/accounts.ts';
import { createAuditStore } from '../../../src/db/audit.ts';
import { createCameraFacts } from '../../../src/db/clips/cameras-api.ts';
import { openIndex, type Db } from '../../../src/db/open.ts';
import { createSessionStore } from '../../../src/db/access/sessions.ts';
import { createViewStore } from '../../../src/db/access/views.ts';
import type { HttpDeps } from '../../../src/http/deps.ts';
import { createServer, type HttpServer } from '../../../src/http/server.ts';
import { FakeClips, FakeHolds, NOTHING_PRESERVED, someStatus } from './fakes.ts';

/** 2026-09-15, noon UTC. */
export const NOW_MS = 1_789_473_600_000;
export const PASSWORDS: Readonly<Record<Role, string>> = {
  security: 'zeventien groene fietsen',
  facility: 'achttien blauwe ladders',
  privacy: 'negentien gele paraplus',
  admin: 'twintig rode vlaggen hier',
};
/** Tests compute the same hash, only cheaper. */
const CHEAP = { memoryKib: 256, passes: 1 };

export interface World {
  readonly port: number;
  readonly deps: HttpDeps;
  readonly access: Access;
  readonly db: Db;
  readonly clock: SimulatedClock;
  readonly clips: FakeClips;
  readonly holds: FakeHolds;
  readonly server: HttpServer;
  readonly dir: string;
  /** Payloads of audit records, oldest first, of one kind if given. */
  audit(kind?: AuditDraft['kind']): Record<string, unknown>[];
  /** Puts a file of footage below the root and a clip into the index. */
  addClip(content: Buffer, of?: Partial<Clip>): Clip;
  /** The footage files this process holds open. */
  openFootage: Set<number>;
  /** From now on no record can be written. */
  breakAudit(): void;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly passwords?: Passwords;
  readonly pageDir?: string;
  readonly trustedProxies?: readonly string[];
  readonly plain?: boolean;
  /** Delays opening the file, to step in between. */
  readonly beforeOpen?: () => Promise<void>;
}

export async function makeWorld(options: WorldOptions = {}): Promise<World> {
  const dir = mkdtempSync(join(tmpdir(), 'fortnight-http-'));
  const clock = new SimulatedClock(NOW_MS);
  const db = openIndex(join(dir, 'index.db'));
  db.exec("INSERT INTO camera (n, id) VALUES (1, 'entrance'), (2, 'hall')");
  const store = createAuditStore(db);
  let broken = false;
  const written = createAuditLog(store, clock, () => undefined);
  const ledger = createAccessLedger(db, {
    append: (draft) => {
      if (broken) db.prepare('INSERT INTO audit DEFAULT VALUES').run();
      return written.append(draft);
    },
  });
  const access = createAccess({
    accounts: createAccountStore(db),
    sessions: createSessionStore(db),
    views: createViewStore(db),
    ledger,
    events: { loginTried: () => undefined, viewOpened: () => undefined },
    nowMs: () => clock.wallMs(),
    knownNames: ['Twelvefloors', 'Utrecht'],
    passwords: options.passwords ?? new Passwords(CHEAP),
  });
  for (const role of ROLES) {
    const draft = { userName: role, displayName: role, role, language: 'en' as const };
    await access.accounts.create({ ...draft, password: PASSWORDS[role] }, 'console');
  }
  const files = new Map<number, string>();
  const clips = new FakeClips((id) => files.get(id));
  const holds = new FakeHolds(() => clock.wallMs());
  const openFootage = new Set<number>();
  const deps: HttpDeps = {
    access,
    clips,
    cameras: createCameraFacts(db),
    holds,
    preserved: () => Promise.resolve(NOTHING_PRESERVED),
    audit: {
      head: () => store.head(),
      newest: (query) => store.newest(query),
      verify: () => Promise.resolve({ ok: true, records: store.head()?.seq ?? 0, firstBadSeq: null }),
      lastVerified: () => null,
    },
    footage: {
      open: async (clipId) => {
        await options.beforeOpen?.();
        const path = files.get(clipId);
        if (path === undefined) return undefined;
        const fd = openSync(path, 'r');
        openFootage.add(fd);
        const { size, ino, mtimeNs } = fstatSync(fd, { bigint: true });
        return { fd, sizeBytes: Number(size), ino, mtimeNs, close: () => promisify(close)(fd) };
      },
    },
    posters: { poster: () => Promise.resolve(Buffer.from('a picture')) },
    confirmations: {
      adopt: () => Promise.resolve(),
      confirmHolds: () => Promise.resolve(),
      replaceDisk: () => Promise.resolve(),
      resetBreaker: () => Promise.resolve(),
      confirmClock: () => Promise.resolve(),
      confirmUnowned: () => Promise.resolve(),
    },
    unowned: { page: () => ({ files: [], nextCursor: null }) },
    health: { status: () => someStatus(clock.wallMs()), ready: () => !broken },
    clock: { nowMs: () => clock.wallMs(), wallMs: () => clock.wallMs() },
    events: { footageSent: () => undefined },
    log: silentLog,
    config: {
      holds: { coolingOffMs: DAY_MS, aloneAfterMs: undefined },
      site: {
        name: 'Twelvefloors',
        city: 'Utrecht',
        controller: 'Twelvefloors B.V.',
        contact: 'privacy@example.org',
        timeZone: 'Europe/Amsterdam',
        country: 'NL',
        language: 'nl',
      },
      retention: { retentionMs: 14 * DAY_MS, days: 14, justification: 'claims surface late' },
      cameras: ['entrance', 'hall'].map((id) => ({
        id,
        name: { nl: id, en: id, fr: id },
        purpose: { nl: id, en: id, fr: id },
        controller: 'Twelvefloors B.V.',
        retired: false,
      })),
      http: {
        address: '127.0.0.1',
        port: 0,
        hosts: ['fortnight.test'],
        tls: undefined,
        trustedProxies: options.trustedProxies ?? [],
      },
      stateDir: dir,
    },
    pageDir: options.pageDir,
  };
  const server = await createServer(deps, { checkAnswers: true, plain: options.plain ?? false });
  const { port } = await server.listen();
  let next = 1;
  return {
    port,
    deps,
    access,
    db,
    clock,
    clips,
    holds,
    server,
    dir,
    openFootage,
    audit: (kind) =>
      store
        .read(0, Number.MAX_SAFE_INTEGER, 100_000)
        .filter((r) => kind === undefined || r.kind === kind)
        .map((r) => JSON.parse(r.payload ?? '{}') as Record<string, unknown>),
    addClip: (content, of = {}) => {
      const id = of.id ?? next++;
      const path = join(dir, `clip-${String(id)}.mp4`);
      writeFileSync(path, content);
      files.set(id, path);
      const startMs = of.startMs ?? NOW_MS - HOUR_MS;
      const endMs = of.endMs ?? startMs + 10_000;
      const clip: Clip = {
        id,
        rootId: 'nvr',
        cameraId: 'entrance',
        kind: 'video',
        state: 'live',
        startMs,
        endMs,
        endFrom: 'name',
        intervals: [{ fromMs: startMs, toMs: endMs }],
        dueMs: endMs + 14 * DAY_MS,
        firstSeenMs: endMs,
        finishedMs: endMs,
        sizeBytes: statSync(path).size,
        flags: [],
        ...of,
      };
      clips.put(clip);
      return clip;
    },
    breakAudit: () => {
      broken = true;
    },
    close: async () => {
      broken = false;
      await server.close();
      await access.stop();
      db.close();
      rmSync(dir, { recursive: true });
    },
  };
}

/** Whether a descriptor still refers to a file. */
export function isOpen(fd: number): boolean {
  try {
    fstatSync(fd);
    return true;
  } catch {
    return false;
  }
}
