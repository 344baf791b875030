/**
 * What the command line may ask of the running daemon. Joined here from the rooms, as the server's routes are; who acts
 * is named and proves it with a password wherever a person must be known (A-H4), else it is the console of this machine.
 */
import { z } from 'zod';
import type { Access } from './access/access.ts';
import { userOps } from './access/ops.ts';
import type { ClipReader } from './clips/store.ts';
import { UnownedQuery } from './http/api/index.ts';
import { controlOp, type ControlOp } from './http/control.ts';
import type { AuditPages, Confirmations, Health, UnownedPages } from './http/deps.ts';
import { holdOps, type HoldParts } from './control-holds.ts';
import { asJson, asPerson, credentials } from './control-person.ts';
import type { Plan } from './retention/plan.ts';

export interface ControlParts extends HoldParts {
  readonly access: Access;
  readonly audit: AuditPages;
  readonly health: Health;
  readonly confirmations: Confirmations;
  readonly clips: Pick<ClipReader, 'receipts'>;
  readonly unowned: UnownedPages;
  readonly plan: (untilMs: number, limit: number) => Plan;
  readonly sweepNow: () => Promise<void>;
  readonly reconcileNow: () => Promise<void>;
  readonly drillNow: () => Promise<unknown>;
}

export function controlOps(parts: ControlParts): Readonly<Record<string, ControlOp>> {
  const users = Object.entries(userOps(parts.access.accounts)).map(([name, op]): [string, ControlOp] => [
    name,
    controlOp(op.params, async (p) => asJson(await op.run(p))),
  ]);
  return {
    ...Object.fromEntries(users),
    ...holdOps(parts),
    ...confirmOps(parts),
    status: controlOp(z.strictObject({}), () => Promise.resolve(asJson(parts.health.status()))),
    'retention.plan': controlOp(
      z.strictObject({ untilMs: z.number().int(), limit: z.number().int().min(1).max(10_000) }),
      ({ untilMs, limit }) =>
        Promise.resolve(asJson({ ...parts.plan(untilMs, limit), blocked: parts.health.status().blocked })),
    ),
    'retention.sweep': controlOp(z.strictObject({}), async () => {
      await parts.sweepNow();
      return asJson(parts.health.status().lastSweep);
    }),
    reconcile: controlOp(z.strictObject({}), async () => {
      await parts.reconcileNow();
      return null;
    }),
    'unowned.list': controlOp(UnownedQuery, (query) => Promise.resolve(asJson(parts.unowned.page(query)))),
    drill: controlOp(z.strictObject({}), async () => {
      await parts.drillNow();
      return asJson(parts.health.status().drill);
    }),
    'audit.verify': controlOp(z.strictObject({}), async () => asJson(await parts.audit.verify())),
  };
}

function confirmOps(parts: ControlParts): Record<string, ControlOp> {
  const { confirmations } = parts;
  return {
    'roots.adopt': controlOp(
      z.strictObject({ ...credentials, rootId: z.string(), trustNames: z.boolean() }),
      (p) =>
        asPerson(parts, { ...p, permission: 'roots.confirm' }, async (by) => {
          await confirmations.adopt(p.rootId, { by, trustNames: p.trustNames });
          return null;
        }),
    ),
    'roots.confirm-holds': controlOp(z.strictObject({ ...credentials, rootId: z.string() }), (p) =>
      asPerson(parts, { ...p, permission: 'roots.confirm' }, async (by) => {
        await confirmations.confirmHolds(p.rootId, by);
        return null;
      }),
    ),
    'roots.replace-disk': controlOp(z.strictObject({ ...credentials, rootId: z.string() }), (p) =>
      asPerson(parts, { ...p, permission: 'roots.replace' }, async (by) => {
        await confirmations.replaceDisk(p.rootId, by);
        return null;
      }),
    ),
    'roots.reset-breaker': controlOp(z.strictObject({ ...credentials, rootId: z.string() }), (p) =>
      asPerson(parts, { ...p, permission: 'roots.confirm' }, async (by) => {
        await confirmations.resetBreaker(p.rootId, by);
        return null;
      }),
    ),
    'unowned.confirm': controlOp(z.strictObject({ ...credentials, rootId: z.string() }), (p) =>
      asPerson(parts, { ...p, permission: 'unowned.confirm' }, async (by) => {
        await confirmations.confirmUnowned(p.rootId, by);
        return null;
      }),
    ),
    // Without a log-in: a box with a wrong clock locks out second factors. Whoever is at its console may say the time.
    'clock.confirm': controlOp(z.strictObject({}), async () => {
      await confirmations.confirmClock('console');
      return null;
    }),
  };
}
