/** Clock, disk, holds, and files nobody claims. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { confirmClock } from '../api/endpoints.ts';
import { PasswordDialog } from '../parts/PasswordDialog.tsx';
import { useWords } from '../state/language.ts';
import { formatBytes } from '../time/format.ts';
import { Card, Figure, Pairs } from './Card.tsx';
import type { HouseProps, StatusData } from './data.ts';
import { hasUnowned, Unowned } from './Unowned.tsx';

export function HouseCards(props: HouseProps): JSX.Element {
  return (
    <>
      <Clock {...props} />
      <Disk data={props.data} />
      <Holds data={props.data} />
      <Unowned {...props} />
    </>
  );
}

function Clock({ data, session, onChange }: HouseProps): JSX.Element {
  const { texts, time } = useWords();
  const t = texts.status;
  const { clock, wallMs } = data.status;
  const [asking, setAsking] = useState(false);
  const suspect = clock.state === 'suspect';
  const chip = suspect
    ? ({ tone: 'bad', text: t.suspect } as const)
    : ({ tone: 'ok', text: t.trusted } as const);
  return (
    <Card icon="shield" title={t.clock} span={3} chip={chip}>
      <Figure value={time.minute(wallMs)} unit={time.day(wallMs)} />
      <p class="card-foot">
        {suspect
          ? t.clockSuspect(time.span(Math.abs(clock.unacceptedMs)))
          : clock.synchronised
            ? t.clockSet
            : t.clockOwn}
      </p>
      {suspect && session.permissions.includes('clock.confirm') ? (
        <button
          class="button"
          onClick={() => {
            setAsking(true);
          }}
        >
          {t.clockConfirm}
        </button>
      ) : null}
      {asking ? (
        <PasswordDialog
          title={t.clockConfirm}
          about={t.clockConfirmMore}
          go={texts.statusDetails.confirm}
          onClose={() => {
            setAsking(false);
          }}
          onGo={async (password) => {
            await confirmClock(password);
            setAsking(false);
            onChange();
          }}
        />
      ) : null}
    </Card>
  );
}

/** All roots together, a file system counted once. */
function Disk({ data }: { data: StatusData }): JSX.Element {
  const { texts, time } = useWords();
  const t = texts.status;
  const disks = new Map(data.status.roots.map((r) => [r.device ?? r.id, r]));
  const total = [...disks.values()].reduce((n, r) => n + r.totalBytes, 0);
  const free = [...disks.values()].reduce((n, r) => n + r.freeBytes, 0);
  const footage = Math.min(
    total - free,
    data.status.cameras.reduce((n, c) => n + c.bytes, 0),
  );
  const parts = [
    { name: t.footage, bytes: footage, ink: 'footage' },
    { name: t.otherFiles, bytes: Math.max(0, total - free - footage), ink: 'other' },
    { name: t.free, bytes: free, ink: 'free' },
  ];
  const tight = total > 0 && free / total < 0.1;
  const chip = { tone: tight ? 'due' : 'ok', text: t.roomLeft(formatBytes(free, time.locale)) } as const;
  return (
    <Card icon="disk" title={t.disk} span={5} chip={chip}>
      <div class="disk-bar" aria-hidden="true">
        {parts.slice(0, 2).map((p) => (
          <i
            key={p.ink}
            class={p.ink}
            style={{ width: `${String(total === 0 ? 0 : (p.bytes / total) * 100)}%` }}
          />
        ))}
      </div>
      <ul class="disk-key">
        {parts.map((p) => (
          <li key={p.ink}>
            <i class={p.ink} />
            {p.name}
            <b>{formatBytes(p.bytes, time.locale)}</b>
          </li>
        ))}
      </ul>
      <p class="card-note">{t.diskFoot}</p>
    </Card>
  );
}

function Holds({ data }: { data: StatusData }): JSX.Element {
  const { texts, time, number } = useWords();
  const t = texts.status;
  const { holds } = data.status;
  const late = holds.reviewOverdue + holds.confirmOverdue;
  const chip = late > 0 ? ({ tone: 'due', text: t.toLookAt(late) } as const) : undefined;
  const count = (n: number): string => (n === 0 ? texts.shared.none : number(n));
  return (
    <Card icon="hold" title={t.holds} span={hasUnowned(data.status) ? 7 : 4} chip={chip}>
      <Figure value={number(holds.standing)} unit={t.inForce} />
      <Pairs
        pairs={[
          {
            name: t.reviewOverdue,
            value: count(holds.reviewOverdue),
            bad: holds.reviewOverdue > 0,
          },
          { name: t.toConfirm, value: count(holds.unconfirmed), bad: holds.confirmOverdue > 0 },
          { name: t.askedFor, value: count(holds.pending) },
          { name: t.coolingOff, value: count(holds.coolingOff) },
          {
            name: t.nextReview,
            value: holds.nextReviewMs === null ? texts.shared.none : time.day(holds.nextReviewMs),
          },
        ]}
      />
    </Card>
  );
}
