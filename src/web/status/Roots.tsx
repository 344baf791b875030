/** The disks of the recorders: their state in words, what the self-test found, and what a person can confirm. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Session, Status } from '../../http/api/index.ts';
import { confirmAdoption, confirmHolds, replaceDisk, resetBreaker } from '../api/endpoints.ts';
import { Icon } from '../parts/Icon.tsx';
import { PasswordDialog } from '../parts/PasswordDialog.tsx';
import { serverNow } from '../state/clock.ts';
import { useWords } from '../state/language.ts';
import { Card, Pairs } from './Card.tsx';
import type { HouseProps } from './data.ts';
import { Erasure, Matters, useDiskPairs } from './Storage.tsx';

type Root = Status['roots'][number];
/** What somebody may be asked about: a root, or the vault. */
type Asked = Pick<Root, 'id' | 'state' | 'cause' | 'breakerSinceMs' | 'waitingClips' | 'adoptionEndsMs'>;

export function Roots({ data, session, onChange }: HouseProps): JSX.Element {
  return (
    <>
      {data.status.roots.map((root) => (
        <RootCard
          key={root.id}
          root={root}
          standingHolds={data.status.holds.standing}
          session={session}
          onChange={onChange}
        />
      ))}
    </>
  );
}

interface RootProps extends WaitingProps {
  readonly root: Root;
}

export interface WaitingProps {
  readonly root: Asked;
  readonly standingHolds: number;
  readonly session: Session;
  readonly onChange: () => void;
}

function RootCard(props: RootProps): JSX.Element {
  const { root } = props;
  const { texts, time } = useWords();
  const d = texts.statusDetails;
  const online = root.state === 'online';
  const well = online && root.breakerSinceMs === null && !isBehind(root);
  const question = questionOf(root);
  const someWay = (question !== undefined && question !== 'disk') || online;
  const chip = { tone: well ? 'ok' : someWay ? 'due' : 'bad', text: d.rootWords[root.state] } as const;
  return (
    <Card icon="disk" title={root.id} span={6} chip={chip}>
      <div class="root">
        <div>
          {well || !online ? <p>{d.rootStates[root.state]}</p> : null}
          <Matters root={root} />
          <BacklogLeft root={root} />
          <OnDisk root={root} />
          <Waiting {...props} />
          <SelfTest root={root} />
          <Erasure root={root} />
        </div>
        <Pairs
          pairs={[
            { name: d.layout, value: root.layout },
            ...useDiskPairs(root),
            {
              name: d.lastReconcile,
              value: root.lastReconcileMs === null ? d.notYet : time.moment(root.lastReconcileMs),
            },
          ]}
        />
      </div>
    </Card>
  );
}

/** Something here is past its time: what the card says next, and not that clips are deleted on time. */
function isBehind({ backlog, disk }: Root): boolean {
  return backlog !== null || (disk !== null && disk.overdueFiles > 0);
}

function BacklogLeft({ root: { backlog } }: { root: Root }): JSX.Element | null {
  const { texts, time, number } = useWords();
  const d = texts.statusDetails;
  if (backlog === null) return null;
  const { left, perSecond, leftMs } = backlog;
  return (
    <p>
      {d.backlog(left, number(Math.round(perSecond)))}
      {leftMs === null ? null : ` ${d.backlogEnds(time.span(leftMs))}`}
    </p>
  );
}

/** What the watchdog found, in a sentence. */
export function OnDisk({ root: { disk } }: { root: Pick<Root, 'disk'> }): JSX.Element | null {
  const { texts, time } = useWords();
  const d = texts.statusDetails;
  if (disk === null) return null;
  const { oldestUnheldEndMs: oldest, overdueFiles, unindexedFiles, unreadableDirs } = disk;
  const bad = [
    ...(overdueFiles > 0 ? [d.diskOverdue(overdueFiles)] : []),
    ...(unindexedFiles > 0 ? [d.diskUnindexed(unindexedFiles)] : []),
    ...(unreadableDirs > 0 ? [d.diskUnreadable(unreadableDirs)] : []),
  ];
  return (
    <p>
      {d.diskWalked(time.moment(disk.walkedMs))}{' '}
      {oldest === null ? d.diskNone : d.diskOldest(time.age(Math.max(0, serverNow() - oldest)))}
      {bad.length === 0 ? null : <b> {bad.join(' ')}</b>}
    </p>
  );
}

/** What a root waits for somebody to confirm; one thing at a time. */
type Question = 'adoption' | 'holds' | 'breaker' | 'disk';

/** Another disk lies there, and it is no other source's (`isAnotherDisk` in roots/state.ts). */
const ANOTHER_DISK: readonly Asked['cause'][] = [
  'marker_missing',
  'marker_damaged',
  'other_install',
  'other_root',
];

function questionOf(root: Asked): Question | undefined {
  if (root.state === 'adopting') return 'adoption';
  if (root.state === 'recovery') return 'holds';
  if (ANOTHER_DISK.includes(root.cause)) return 'disk';
  return root.breakerSinceMs === null ? undefined : 'breaker';
}

/** What waits, and for whom. */
export function Waiting(props: WaitingProps): JSX.Element | null {
  const { root, session, onChange } = props;
  const { texts } = useWords();
  const d = texts.statusDetails;
  const [asking, setAsking] = useState(false);
  const question = questionOf(root);
  if (question === undefined) return null;
  const go = { adoption: d.adopt, holds: d.confirmHolds, breaker: d.resume, disk: d.replaceDisk }[question];
  return (
    <div class="notice">
      <Icon name="clock" />
      <span>
        <Facts {...props} question={question} />
        {session.permissions.includes(question === 'disk' ? 'roots.replace' : 'roots.confirm') ? (
          <button
            class="button root-confirm"
            onClick={() => {
              setAsking(true);
            }}
          >
            {go}
          </button>
        ) : null}
      </span>
      {asking ? (
        <ConfirmDialog
          root={root}
          question={question}
          title={`${go}${texts.shared.colon} ${root.id}`}
          onClose={() => {
            setAsking(false);
          }}
          onDone={() => {
            setAsking(false);
            onChange();
          }}
        />
      ) : null}
    </div>
  );
}

/** What somebody who confirms must have read. */
function Facts({ root, standingHolds, question }: WaitingProps & { question: Question }): JSX.Element {
  const { texts, time, number } = useWords();
  const d = texts.statusDetails;
  return (
    <>
      {question === 'holds' ? `${d.holdsStand(number(standingHolds))} ` : null}
      {root.breakerSinceMs === null ? null : `${d.breaker(time.moment(root.breakerSinceMs))} `}
      {question === 'disk' ? d.replaceDiskWhen : d.waiting(root.waitingClips)}{' '}
      {root.adoptionEndsMs === null ? null : d.adoptionEnds(time.moment(root.adoptionEndsMs))}
    </>
  );
}

interface ConfirmProps {
  readonly root: Asked;
  readonly question: Question;
  readonly title: string;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function ConfirmDialog({ root, question, title, onClose, onDone }: ConfirmProps): JSX.Element {
  const { texts } = useWords();
  const d = texts.statusDetails;
  const [trustNames, setTrustNames] = useState(false);
  const confirm = {
    adoption: (password: string) => confirmAdoption(root.id, password, trustNames),
    holds: (password: string) => confirmHolds(root.id, password),
    breaker: (password: string) => resetBreaker(root.id, password),
    disk: (password: string) => replaceDisk(root.id, password),
  }[question];
  return (
    <PasswordDialog
      title={title}
      about={
        {
          adoption: d.adoptMore,
          holds: d.confirmHoldsMore,
          breaker: d.resumeMore,
          disk: d.replaceDiskMore,
        }[question]
      }
      go={d.confirm}
      onClose={onClose}
      onGo={async (password) => {
        await confirm(password);
        onDone();
      }}
    >
      {question === 'adoption' ? (
        <label class="check">
          <input
            type="checkbox"
            checked={trustNames}
            onChange={(e) => {
              setTrustNames(e.currentTarget.checked);
            }}
          />
          {d.trustNames}
        </label>
      ) : null}
    </PasswordDialog>
  );
}

/** Only what is missing, with the command that repairs it. */
export function SelfTest({ root }: { root: Pick<Root, 'selfTest'> }): JSX.Element | null {
  const { texts } = useWords();
  const d = texts.statusDetails;
  const names: Readonly<Record<string, string>> = d.checks;
  const missing = root.selfTest.filter((t) => !t.ok);
  if (missing.length === 0) return null;
  return (
    <ul class="self-test">
      {missing.map((t) => (
        <li key={t.check}>
          <Icon name="warn" />
          <span>
            {names[t.check] ?? t.check}
            {t.repair === null ? null : (
              <>
                {' '}
                · {d.repair} <code>{t.repair}</code>
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
