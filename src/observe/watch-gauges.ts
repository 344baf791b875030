/** What the watchdog and the backlog of each root say. */
import { Gauge, type Registry } from 'prom-client';
import type { FillGauges } from './snapshot.ts';

export function createWatchGauges(registry: Registry): FillGauges {
  const fills = [backlogGauges(registry), diskGauges(registry)];
  return (snapshot) => {
    for (const fill of fills) fill(snapshot);
  };
}

function backlogGauges(registry: Registry): FillGauges {
  const gauge = (name: string, help: string): Gauge<'root'> =>
    new Gauge({ name, help, labelNames: ['root'], registers: [registry] });
  const clips = gauge('fortnight_backlog_clips', 'Due clips that have piled up and are being worked off.');
  const speed = gauge(
    'fortnight_backlog_clips_per_second',
    'How fast a backlog was worked off in the last minute.',
  );
  const left = gauge(
    'fortnight_backlog_seconds_left',
    'Time until a backlog is worked off, at that speed; absent while none goes.',
  );
  return ({ roots }) => {
    for (const g of [clips, speed, left]) g.reset();
    for (const { rootId, backlog } of roots) {
      const labels = { root: rootId };
      clips.set(labels, backlog?.left ?? 0);
      speed.set(labels, backlog?.perSecond ?? 0);
      if (typeof backlog?.leftMs === 'number') left.set(labels, backlog.leftMs / 1000);
    }
  };
}

/** What the watchdog saw: made without the index, so that they tell also what the index has lost. */
function diskGauges(registry: Registry): FillGauges {
  const gauge = (name: string, help: string): Gauge<'root'> =>
    new Gauge({ name, help, labelNames: ['root'], registers: [registry] });
  const oldest = gauge(
    'fortnight_disk_oldest_unheld_age_seconds',
    'Age of the oldest file of footage under no hold that a walk of the disk found; absent when there is none.',
  );
  const overdue = gauge(
    'fortnight_disk_overdue_files',
    'Files that a walk of the disk found past their time and its grace.',
  );
  const unindexed = gauge('fortnight_disk_unindexed_files', 'Those of them that the index did not know.');
  const unreadable = gauge(
    'fortnight_disk_unreadable_directories',
    'Directories that the last walk of the disk could not list.',
  );
  const walked = gauge(
    'fortnight_disk_walk_timestamp_seconds',
    'When the last walk of the disk ended; absent before the first.',
  );
  return ({ roots, nowMs }) => {
    for (const g of [oldest, overdue, unindexed, unreadable, walked]) g.reset();
    for (const { rootId, disk } of roots) {
      if (disk === null) continue;
      const labels = { root: rootId };
      if (disk.oldestUnheldEndMs !== null)
        oldest.set(labels, Math.max(0, nowMs - disk.oldestUnheldEndMs) / 1000);
      overdue.set(labels, disk.overdueFiles);
      unindexed.set(labels, disk.unindexedFiles);
      unreadable.set(labels, disk.unreadableDirs);
      walked.set(labels, disk.walkedMs / 1000);
    }
  };
}
