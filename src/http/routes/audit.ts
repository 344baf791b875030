/** The audit, for the privacy officer. Reading it is recorded too. */
import { canonicalJson, type Json } from '../../base/canonical-json.ts';
import type { AuditRecord } from '../../audit/entry.ts';
import { AuditPage, AuditQuery, AuditVerification, type AuditEntryView } from '../api/index.ts';
import { guarded } from '../route.ts';

export const audit = guarded({
  method: 'GET',
  path: '/api/v1/audit',
  summary: 'Records of the audit, newest first',
  allow: 'audit.read',
  query: AuditQuery,
  output: { status: 200, json: AuditPage },
  handle: ({ deps, session, query, nowMs }) => {
    deps.access.trail.auditRead(session, nowMs);
    const { before: beforeSeq, kind, limit } = query;
    const entries = deps.audit.newest({ beforeSeq, kind, limit }).map(shown);
    const headSeq = deps.audit.head()?.seq ?? 0;
    return { status: 200, json: { entries, headSeq, verified: deps.audit.lastVerified() } };
  },
});

export const verifyAudit = guarded({
  method: 'GET',
  path: '/api/v1/audit/verify',
  summary: 'Read the whole chain again and say whether it is whole',
  allow: 'audit.read',
  output: { status: 200, json: AuditVerification },
  handle: async ({ deps, session, nowMs }) => {
    deps.access.trail.auditRead(session, nowMs);
    return { status: 200, json: await deps.audit.verify() };
  },
});

function shown({ seq, wallMs, kind, payload, hash }: AuditRecord): AuditEntryView {
  const { actor = null, ...rest } = (payload === null ? {} : JSON.parse(payload)) as Record<string, Json>;
  return {
    seq,
    wallMs,
    kind,
    actor: actor === null || typeof actor === 'string' ? actor : canonicalJson(actor),
    payload: payload === null ? null : rest,
    hash: hash.toString('hex'),
  };
}
