/** What the ingest notices, as log lines, alarms and further work. */
import type { AlarmCode } from '../alarms/alarms.ts';
import type { Clip } from '../clips/clip.ts';
import { binds, covers } from '../holds/hold.ts';
import type { IngestEvents } from '../ingest/contract.ts';
import type { Rooms } from './rooms.ts';

type Base = Pick<Rooms, 'events' | 'log' | 'alarms' | 'state' | 'retention'>;

export function ingestEvents(base: Base, late: () => Rooms): IngestEvents {
  const { events, log, alarms } = base;
  const raise = (code: AlarmCode, subject: string, clips: number): void => {
    alarms.raise({ code, subject, detail: { clips } });
  };
  return {
    indexed: (rootId, applied) => {
      if (applied.added.length > 0) events.clipsIndexed({ rootId, clips: applied.added.length });
      late().pinner.arrived(applied.finished);
      late().footage.arbitrate(applied.forArbiter);
      late().heldLosses.raise('held_content_changed', held(base, applied.contentChanged));
      late().heldLosses.raise('held_content_gone', held(base, [...applied.gone, ...applied.missing]));
      if (applied.returned.length > 0) raise('clip_returned', rootId, applied.returned.length);
    },
    overlong: (clips) => {
      for (const [camera, count] of byCamera(clips)) raise('clip_overlong', camera, count);
    },
    reconciled: (rootId, scope, report) => {
      const { outcome, tookMs, changes, missing, unreadableDirs } = report;
      events.reconciled({ rootId, outcome, tookMs, added: 0, changed: changes, missing, unreadableDirs });
      late().scans.note(rootId, report, { whole: scope !== 'open', nowMs: base.retention.nowMs() });
      if (late().scans.of(rootId).lastScan === 'done') late().strays.reconciled(rootId);
      // The disk went or was changed for another meanwhile: its state is not what it was.
      if (outcome !== 'done') void late().roots.check();
      if (report.outcome === 'done' && missing === 0) alarms.end('clips_missing', rootId);
      else if (report.massLoss) raise('clips_missing', rootId, missing);
    },
    loss: (rootId, { clips }) => {
      raise('clips_missing', rootId, clips.length);
    },
    hung: (rootId) => {
      log.error('root_hangs', { rootId });
      late().roots.markFailing(rootId, 'a call into the root hangs', 'hangs');
    },
    givenUp: (rootId) => {
      // Which one: the page shows it as unreadable. Names of clips are not for the log.
      log.error('clip_given_up', { rootId });
    },
    watchFailed: (rootId, error) => {
      log.warn('watch_failed', { rootId, error: String(error) });
      alarms.raise({ code: 'watch_limit', subject: rootId, detail: {} });
    },
  };
}

function held({ state, retention }: Base, clips: readonly Clip[]): Clip[] {
  const nowMs = retention.nowMs();
  return clips.filter((c) =>
    state.holdSet.ofCamera(c.cameraId).some((h) => binds(h, nowMs) && covers(h.terms, c)),
  );
}

function byCamera(clips: readonly Clip[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { cameraId } of clips) counts.set(cameraId, (counts.get(cameraId) ?? 0) + 1);
  return counts;
}
