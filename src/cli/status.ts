/** `fortnight status`: what the status page says, in a terminal. */
import { counted } from '../base/counted.ts';
import type { Config } from '../config/config.ts';
import { Status } from '../http/api/index.ts';
import { parseOptions, type Command } from './command.ts';
import { withDaemon } from './connect.ts';
import { CONFIG_OPTION, CONFIG_USAGE, openConfig } from './open-config.ts';
import { drillSentence } from './drill.ts';
import { rootLines, vaultLines } from './root-words.ts';
import { duration, siteTime, size } from './site-time.ts';
import { table } from './text.ts';

export const command: Command = {
  name: 'status',
  summary: 'say how deletion, cameras, disks, holds and the clock stand',
  usage: `Usage: fortnight status [--json] [--config <file>]\n\n${CONFIG_USAGE}`,
  async run(args, io) {
    const { values } = parseOptions(args, { ...CONFIG_OPTION, json: { type: 'boolean', default: false } });
    const { config } = openConfig(values.config);
    const status = Status.parse(await withDaemon('status', {}, config));
    io.out.write(values.json ? `${JSON.stringify(status)}\n` : inWords(status, config));
    return 0;
  },
};

function inWords(s: Status, config: Config): string {
  const zone = config.site.timeZone;
  const oldest =
    s.oldestUnheldEndMs === null
      ? 'no footage that is not held'
      : `oldest unheld footage ${duration(s.nowMs - s.oldestUnheldEndMs)} old`;
  const deletion =
    s.blocked.length > 0
      ? `deletion is blocked: ${s.blocked.map((b) => `${b.rootId} (${b.reason.replaceAll('_', ' ')})`).join(', ')}`
      : s.overdueClips > 0
        ? `deletion is late: ${counted(s.overdueClips, 'clip is', 'clips are')} overdue`
        : 'deletion is on time';
  const sweep =
    s.lastSweep === null
      ? 'no sweep yet'
      : `last sweep ${siteTime(s.lastSweep.atMs, zone)}: ${String(s.lastSweep.deleted)} deleted, ${String(s.lastSweep.failed)} refused`;
  const clock =
    s.clock.state === 'trusted'
      ? 'clock trusted'
      : `clock in doubt: ${duration(Math.abs(s.clock.unacceptedMs))} are not accepted`;
  return [
    `${config.site.name}, ${siteTime(s.nowMs, zone)} (${zone})`,
    `${deletion}; ${oldest}; kept ${counted(s.retentionDays, 'day')}`,
    sweep,
    drillSentence(s.drill, zone),
    `${clock}; ${counted(s.holds.standing, 'hold stands', 'holds stand')}, ${counted(s.holds.coolingOff, 'cools off', 'cool off')}`,
    '',
    table(s.cameras.map((c) => cameraRow(c, s.nowMs))) +
      table([...s.roots.map((r) => rootRow(r)), ...vaultRow(s.vault)]),
    ...s.roots.flatMap(rootLines),
    ...(s.vault === null ? [] : vaultLines(s.vault)),
    ...s.roots.flatMap(backlogOf),
    ...[...s.roots, ...(s.vault === null ? [] : [s.vault])].flatMap((r) => onDisk(r, s.nowMs)),
    ...s.alarms.map((a) => `alarm ${a.code} ${a.subject} since ${siteTime(a.sinceMs, zone)}`),
    '',
  ].join('\n');
}

function backlogOf({ id, backlog }: Status['roots'][number]): string[] {
  if (backlog === null) return [];
  const end = backlog.leftMs === null ? 'no end in sight yet' : `done in ${duration(backlog.leftMs)}`;
  const speed = `${String(Math.round(backlog.perSecond))} a second`;
  return [`${id}: a backlog of ${counted(backlog.left, 'clip')} is being deleted, ${speed}, ${end}`];
}

/** What the watchdog found without the index. */
function onDisk({ id, disk }: Pick<Status['roots'][number], 'id' | 'disk'>, nowMs: number): string[] {
  if (disk === null) return [];
  const oldest = disk.oldestUnheldEndMs;
  const age = oldest === null ? 'no unheld footage' : `oldest unheld footage ${duration(nowMs - oldest)} old`;
  const late = `${counted(disk.overdueFiles, 'file past its time', 'files past their time')}, ${String(disk.unindexedFiles)} of them unknown to the index`;
  return [
    `${id}: on the disk ${age}; ${late}; ${counted(disk.unreadableDirs, 'unreadable directory', 'unreadable directories')}`,
  ];
}

function cameraRow(c: Status['cameras'][number], nowMs: number): string[] {
  const last =
    c.lastEndMs === null ? 'nothing recorded' : `last footage ${duration(nowMs - c.lastEndMs)} ago`;
  return ['camera', c.id, counted(c.clips, 'clip'), size(c.bytes), c.recording ? 'recording' : last];
}

function rootRow(r: Status['roots'][number]): string[] {
  const fileSystem = isReached(r) ? [r.fileSystem] : [];
  const facts = [r.layout, ...fileSystem, counted(r.unowned, 'unowned file')];
  return ['source', r.id, r.state, room(r), facts.join(', ')];
}

function vaultRow(vault: Status['vault']): string[][] {
  if (vault === null) return [];
  return [['vault', '', vault.state, room(vault), isReached(vault) ? vault.fileSystem : '']];
}

type Disk = Pick<Status['roots'][number], 'freeBytes' | 'totalBytes'>;

function room(disk: Disk): string {
  return isReached(disk) ? `${size(disk.freeBytes)} free of ${size(disk.totalBytes)}` : '';
}

function isReached({ totalBytes }: Disk): boolean {
  return totalBytes > 0;
}
